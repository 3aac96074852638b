/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/status.h"

#include <apr_optional_hooks.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include <mod_status.h>

/* Hosts with a column of their own on a page for people. */
#define HOSTS_MAX 20

/* An origin is what a client has sent. */
static const char *escape(const char *text, apr_pool_t *p)
{
    return ap_escape_html(p, text);
}

static const char *time_of(apr_time_t time, apr_pool_t *p)
{
    return ap_ht_time(p, time, "%Y-%m-%d %H:%M:%S UTC", 1);
}

static int count_columns(const cors_snapshot_t *snapshot)
{
    int hosts = snapshot->hosts->nelts;

    return hosts < HOSTS_MAX ? hosts : HOSTS_MAX;
}

static const cors_host_numbers_t *host_at(const cors_snapshot_t *snapshot,
                                          int i)
{
    return &APR_ARRAY_IDX(snapshot->hosts, i, const cors_host_numbers_t);
}

static void write_heads(request_rec *r, const cors_snapshot_t *snapshot)
{
    int i;

    ap_rputs("<tr><th scope=\"col\">what</th><th scope=\"col\">all</th>", r);
    for (i = 0; i < count_columns(snapshot); i++) {
        ap_rvputs(r, "<th scope=\"col\">",
                  escape(host_at(snapshot, i)->name, r->pool), "</th>", NULL);
    }
    ap_rputs("</tr>\n", r);
}

static void write_row(request_rec *r, const cors_snapshot_t *snapshot,
                      const cors_count_row_t *row)
{
    int i;

    ap_rprintf(r, "<tr><th scope=\"row\">%s: %s</th><td>%lu</td>", row->kind,
               row->word, snapshot->whole.of[row->count]);
    for (i = 0; i < count_columns(snapshot); i++) {
        ap_rprintf(r, "<td>%lu</td>",
                   host_at(snapshot, i)->counts.of[row->count]);
    }
    ap_rputs("</tr>\n", r);
}

static void write_counts(request_rec *r, const cors_snapshot_t *snapshot)
{
    int left = snapshot->hosts->nelts - count_columns(snapshot);
    int i;

    ap_rputs("<table border=\"1\">\n<caption>CORS requests</caption>\n", r);
    write_heads(r, snapshot);
    for (i = 0; i < CORS_COUNT_ROWS; i++) {
        write_row(r, snapshot, &cors_count_rows[i]);
    }
    ap_rputs("</table>\n", r);
    if (left) {
        ap_rprintf(r, "<p>%d more hosts have counted requests.</p>\n", left);
    }
}

static void write_refused(request_rec *r, const cors_snapshot_t *snapshot)
{
    int i;

    if (!snapshot->refused->nelts) {
        return;
    }
    ap_rputs("<table border=\"1\">\n<caption>Origins refused most</caption>\n"
             "<tr><th scope=\"col\">origin</th><th scope=\"col\">refused</th>"
             "<th scope=\"col\">last</th></tr>\n",
             r);
    for (i = 0; i < snapshot->refused->nelts; i++) {
        const cors_refused_t *refused = &APR_ARRAY_IDX(snapshot->refused, i,
                                                       const cors_refused_t);

        ap_rprintf(
            r, "<tr><td>%s</td><td>%lu</td><td>%s</td></tr>\n",
            escape(refused->origin, r->pool), refused->count,
            time_of(apr_time_from_sec((apr_time_t)refused->last), r->pool));
    }
    ap_rputs("</table>\n", r);
}

void cors_status_html(request_rec *r, const cors_snapshot_t *snapshot)
{
    if (!snapshot) {
        ap_rputs("<p>Nothing is counted: the error log of the start says "
                 "why.</p>\n",
                 r);
        return;
    }
    write_counts(r, snapshot);
    write_refused(r, snapshot);
    ap_rvputs(r, "<p>Counted since ", time_of(snapshot->since, r->pool),
              ".</p>\n", NULL);
}

/* Returns "CorsPreflightOriginNotAllowed", as mod_status writes its names. */
static const char *key_of(const cors_count_row_t *row, apr_pool_t *p)
{
    char *key = apr_pstrcat(p, "Cors-", row->kind, "-", row->word, NULL);
    char *to = key;
    const char *from = key;
    int first = 0;

    for (; *from; from++) {
        if (*from == '-') {
            first = 1;
            continue;
        }
        *to++ = (char)(first ? *from & ~0x20 : *from);
        first = 0;
    }
    *to = '\0';
    return key;
}

static void write_short(request_rec *r, const cors_snapshot_t *snapshot)
{
    int i;

    for (i = 0; snapshot && i < CORS_COUNT_ROWS; i++) {
        const cors_count_row_t *row = &cors_count_rows[i];

        ap_rprintf(r, "%s: %lu\n", key_of(row, r->pool),
                   snapshot->whole.of[row->count]);
    }
}

/* A page without tables has lines instead. */
static void write_lines(request_rec *r, const cors_snapshot_t *snapshot)
{
    ap_rputs("<pre>\n", r);
    write_short(r, snapshot);
    ap_rputs("</pre>\n", r);
}

static int cors_status_hook(request_rec *r, int flags)
{
    const cors_snapshot_t *snapshot = cors_snapshot_take(r->pool);

    if (flags & AP_STATUS_SHORT) {
        write_short(r, snapshot);
        return OK;
    }
    ap_rputs("<hr />\n<h2>CORS</h2>\n", r);
    if (flags & AP_STATUS_NOTABLE) {
        write_lines(r, snapshot);
    }
    else {
        cors_status_html(r, snapshot);
    }
    return OK;
}

void cors_status_register_hooks(apr_pool_t *p)
{
    APR_OPTIONAL_HOOK(ap, status_hook, cors_status_hook, NULL, NULL,
                      APR_HOOK_MIDDLE);
}
