/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "observe/metrics.h"

#include <string.h>

#include <apr_strings.h>

typedef struct family_t {
    const char *name;
    const char *help;
    const char *kinds[2]; /* the rows that belong to it */
} family_t;

static const family_t families[] = {
    { "mod_cors_requests",
      "Requests with an origin that a policy holds for, by verdict.",
      { "preflight", "actual" } },
    { "mod_cors_enforcements",
      "Requests that CorsEnforce has refused, or would.",
      { "enforcement" } },
    { "mod_cors_credentials",
      "Requests of an allowed origin that got no credentials.",
      { "credentials" } },
    { "mod_cors_responses",
      "Responses that would differ without DetectionOnly.",
      { "response" } },
};

typedef struct writer_t {
    const cors_snapshot_t *snapshot;
    cors_metrics_e form;
    cors_metrics_put_fn *put;
    void *to;
    apr_pool_t *p;
} writer_t;

/* Returns the text as the value of a label. */
static const char *escape(const char *text, apr_pool_t *p)
{
    char *escaped = apr_palloc(p, 2 * strlen(text) + 1);
    char *to = escaped;

    for (; *text; text++) {
        if (*text == '\\' || *text == '"' || *text == '\n') {
            *to++ = '\\';
        }
        *to++ = (char)(*text == '\n' ? 'n' : *text);
    }
    *to = '\0';
    return escaped;
}

/* OpenMetrics names a family of counters without the suffix of its samples. */
static void write_head(const writer_t *w, const char *name, const char *suffix,
                       const char *type, const char *help)
{
    if (w->form == CORS_METRICS_OPEN) {
        suffix = "";
    }
    w->put(w->to,
           apr_pstrcat(w->p, "# TYPE ", name, suffix, " ", type, "\n# HELP ",
                       name, suffix, " ", help, "\n", NULL));
}

static void write_sample(const writer_t *w, const family_t *family,
                         const cors_host_numbers_t *host,
                         const cors_count_row_t *row)
{
    w->put(w->to,
           apr_psprintf(w->p,
                        "%s_total{vhost=\"%s\",kind=\"%s\",outcome=\"%s\"} "
                        "%lu\n",
                        family->name, escape(host->name, w->p), row->kind,
                        row->word, host->counts.of[row->count]));
}

static int has_row(const family_t *family, const cors_count_row_t *row)
{
    return strcmp(family->kinds[0], row->kind) == 0
           || (family->kinds[1] && strcmp(family->kinds[1], row->kind) == 0);
}

static void write_host(const writer_t *w, const family_t *family,
                       const cors_host_numbers_t *host)
{
    int i;

    for (i = 0; i < CORS_COUNT_ROWS; i++) {
        if (has_row(family, &cors_count_rows[i])) {
            write_sample(w, family, host, &cors_count_rows[i]);
        }
    }
}

static void write_family(const writer_t *w, const family_t *family)
{
    const apr_array_header_t *hosts = w->snapshot->hosts;
    int i;

    write_head(w, family->name, "_total", "counter", family->help);
    for (i = 0; i < hosts->nelts; i++) {
        write_host(
            w, family,
            &((const cors_host_numbers_t *)(const void *)hosts->elts)[i]);
    }
}

void cors_metrics_write(const cors_snapshot_t *snapshot, cors_metrics_e form,
                        cors_metrics_put_fn *put, void *to, apr_pool_t *p)
{
    const writer_t writer = { snapshot, form, put, to, p };
    size_t i;

    for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        write_family(&writer, &families[i]);
    }
    write_head(&writer, "mod_cors_counting_start_time_seconds", "", "gauge",
               "When counting began, in seconds since 1970.");
    put(to,
        apr_psprintf(
            p, "mod_cors_counting_start_time_seconds %" APR_TIME_T_FMT "\n",
            apr_time_sec(snapshot->since)));
    if (form == CORS_METRICS_OPEN) {
        put(to, "# EOF\n");
    }
}
