/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/interim.h"

#include <string.h>

#include <apr_strings.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "protocol/headers.h"

/* One for each connection: a filter of a connection stays as long as the
 * connection. */
typedef struct interim_t {
    request_rec *r; /* the request whose interim responses are watched */
    const cors_policy_t *policy;
} interim_t;

static ap_filter_rec_t *cors_interim_filter_handle;

static apr_status_t end_watch(void *data)
{
    interim_t *interim = data;

    interim->r = NULL;
    return APR_SUCCESS;
}

/* Copies the head without the lines that are taken off, which are found as in
 * a table of headers. */
static const char *strip_head(const cors_policy_t *policy, char *head,
                              apr_pool_t *p)
{
    const char *kept = "";
    char *line = head;

    while (*line) {
        char *end = strstr(line, "\r\n");
        char *next = end ? end + 2 : line + strlen(line);
        apr_table_t *one = apr_table_make(p, 1);
        char *text = apr_pstrmemdup(p, line, (apr_size_t)(next - line));

        apr_table_setn(one, apr_pstrmemdup(p, text, strcspn(text, ":\r\n")),
                       "");
        cors_headers_strip(policy, one);
        if (!apr_is_empty_table(one)) {
            kept = apr_pstrcat(p, kept, text, NULL);
        }
        line = next;
    }
    return kept;
}

/* Everything else that the connection carries passes untouched: its request is
 * gone, or has its final status. */
static apr_status_t cors_interim_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    const interim_t *interim = f->ctx;
    request_rec *r = interim->r;
    apr_bucket_brigade *stripped;
    apr_size_t len;
    char *head;
    const char *kept;

    if (!r || !ap_is_HTTP_INFO(r->status)
        || apr_brigade_pflatten(bb, &head, &len, r->pool) != APR_SUCCESS
        || len < 8 || memcmp(head, "HTTP/1.", 7) != 0) {
        return ap_pass_brigade(f->next, bb);
    }
    kept = strip_head(interim->policy, apr_pstrmemdup(r->pool, head, len),
                      r->pool);
    stripped = apr_brigade_create(r->pool, f->c->bucket_alloc);
    apr_brigade_puts(stripped, NULL, NULL, kept);
    APR_BRIGADE_INSERT_TAIL(stripped,
                            apr_bucket_flush_create(f->c->bucket_alloc));
    apr_brigade_cleanup(bb);
    return ap_pass_brigade(f->next, stripped);
}

__attribute__((noinline)) void cors_interim_watch(request_rec *r,
                                                  const cors_request_t *cors)
{
    conn_rec *c = r->connection;
    interim_t *interim = ap_get_module_config(c->conn_config, &cors_module);

    if (cors->policy->backend_headers != CORS_BACKEND_REPLACE) {
        return;
    }
    if (!interim) {
        interim = apr_palloc(c->pool, sizeof(*interim));
        ap_set_module_config(c->conn_config, &cors_module, interim);
        ap_add_output_filter_handle(cors_interim_filter_handle, interim, NULL,
                                    c);
    }
    interim->r = r;
    interim->policy = cors->policy;
    apr_pool_cleanup_register(r->pool, interim, end_watch,
                              apr_pool_cleanup_null);
}

void cors_interim_register(void)
{
    cors_interim_filter_handle = ap_register_output_filter(
        "CORS_INTERIM", cors_interim_filter, NULL, AP_FTYPE_CONNECTION);
}
