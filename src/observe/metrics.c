/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "observe/metrics.h"

#include <stddef.h>
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

/* Which sets have a number. */
#define OF_LISTS   0x1
#define OF_LOOKUPS 0x2
#define OF_ALL     (OF_LISTS | OF_LOOKUPS)

typedef struct set_family_t {
    const char *name;
    int is_counter; /* else a gauge */
    unsigned int of;
    size_t number; /* offset in cors_set_numbers_t */
    const char *help;
} set_family_t;

#define NUMBER(name) offsetof(cors_set_numbers_t, name)

static const set_family_t set_families[] = {
    { "mod_cors_set_refreshes", 1, OF_LISTS, NUMBER(refreshes),
      "Lists that were read from the source of a set." },
    { "mod_cors_set_failures", 1, OF_ALL, NUMBER(failures),
      "Readings of a source, or questions to it, that failed." },
    { "mod_cors_set_kept_answers", 1, OF_LOOKUPS, NUMBER(kept),
      "Look-ups of origins that a kept answer has settled." },
    { "mod_cors_set_questions", 1, OF_LOOKUPS, NUMBER(asked),
      "Questions that the source was asked." },
    { "mod_cors_set_questions_refused", 1, OF_LOOKUPS, NUMBER(refused),
      "Questions that a limit has held back." },
    { "mod_cors_set_failing", 0, OF_ALL, NUMBER(failing),
      "1 if the last reading or question failed, else 0." },
    { "mod_cors_set_origins", 0, OF_LISTS, NUMBER(origins),
      "Origins and patterns of the list in use." },
    { "mod_cors_set_skipped_rows", 0, OF_LISTS, NUMBER(skipped),
      "Rows that are left out of the list in use, because they are no "
      "origins." },
    { "mod_cors_set_refresh_seconds", 0, OF_LISTS, NUMBER(refresh),
      "Time between two readings of the source." },
    { "mod_cors_set_read_timestamp_seconds", 0, OF_LISTS, NUMBER(read_at),
      "When the list in use was last found current, in seconds since 1970." },
    { "mod_cors_set_good_until_timestamp_seconds", 0, OF_LISTS,
      NUMBER(good_until),
      "When every origin of the set is refused unless the source works again, "
      "in seconds since 1970." },
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

static unsigned long number_of(const cors_set_numbers_t *set,
                               const set_family_t *family)
{
    unsigned long number;

    memcpy(&number, (const char *)set + family->number, sizeof(number));
    return number;
}

static void write_set_sample(const writer_t *w, const set_family_t *family,
                             const cors_set_numbers_t *set)
{
    unsigned long number = number_of(set, family);

    w->put(w->to, apr_psprintf(w->p, "%s%s{set=\"%s\"} %s\n", family->name,
                               family->is_counter ? "_total" : "",
                               escape(set->name, w->p),
                               number == CORS_SET_FOREVER
                                   ? "+Inf"
                                   : apr_psprintf(w->p, "%lu", number)));
}

/* A family that no set belongs to is left out. */
static void write_set_family(const writer_t *w, const set_family_t *family)
{
    const apr_array_header_t *sets = w->snapshot->sets;
    int has_head = 0;
    int i;

    for (i = 0; sets && i < sets->nelts; i++) {
        const cors_set_numbers_t *set = &(
            (const cors_set_numbers_t *)(const void *)sets->elts)[i];

        if (family->of & (set->is_lookup ? OF_LOOKUPS : OF_LISTS)) {
            if (!has_head) {
                write_head(w, family->name, family->is_counter ? "_total" : "",
                           family->is_counter ? "counter" : "gauge",
                           family->help);
                has_head = 1;
            }
            write_set_sample(w, family, set);
        }
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
    for (i = 0; i < sizeof(set_families) / sizeof(set_families[0]); i++) {
        write_set_family(&writer, &set_families[i]);
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
