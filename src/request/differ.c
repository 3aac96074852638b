/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/differ.h"

#include <util_filter.h>

#include "protocol/compare.h"
#include "protocol/headers.h"
#include "protocol/vary.h"
#include "request/preflight.h"
#include "request/tell.h"

static ap_filter_rec_t *cors_differ_handle;

/* A preflight would get the answer that is made here, or the headers of one on
 * a back end's response. */
static void add_preflight(const cors_request_t *cors, apr_table_t *out,
                          apr_pool_t *p)
{
    if (cors->end_status || cors_preflight_status(cors) != HTTP_FORBIDDEN) {
        cors_headers_preflight(cors->policy, &cors->facts, &cors->decision,
                               out, p);
    }
}

static void add_actual(const request_rec *r, const cors_request_t *cors,
                       const apr_table_t *today, apr_table_t *out)
{
    if (cors->decision.allow_origin
        && cors_headers_actual(cors->policy, &cors->decision, out, r->pool)) {
        cors_headers_expose_own(r->content_encoding != NULL, out, today,
                                r->pool);
    }
}

/* Returns what CorsEngine On would send, as far as CORS is concerned. */
static cors_response_t then_of(const request_rec *r,
                               const cors_request_t *cors,
                               const cors_response_t *today)
{
    apr_table_t *out = apr_table_make(r->pool, 8);
    int answers = cors_request_is_preflight(cors)
                  && (cors->end_status
                      || cors->policy->preflight == CORS_PREFLIGHT_FORWARD);
    const char *vary = cors_vary_value(cors->policy, answers);
    cors_response_t then = { cors->end_status ? cors->end_status : r->status,
                             out };

    if (answers) {
        add_preflight(cors, out, r->pool);
    }
    else {
        add_actual(r, cors, today->headers, out);
    }
    cors_response_read(&then, r->pool);
    if (cors->policy->backend_headers == CORS_BACKEND_KEEP && today->origin
        && !cors->end_status) {
        then = *today;
    }
    then.vary = vary;
    return then;
}

static void compare(const request_rec *r, cors_request_t *cors)
{
    cors_response_t today = { r->status,
                              apr_table_overlay(r->pool, r->err_headers_out,
                                                r->headers_out) };
    cors_response_t then;
    unsigned int differs;

    cors_response_read(&today, r->pool);
    then = then_of(r, cors, &today);
    differs = cors_compare(&cors->facts, &today, &then);
    if (differs) {
        cors_tell_differs(r, cors, differs, &today, &then);
        cors->differs = differs;
    }
}

/* f->ctx is NULL if the filter was added by name with SetOutputFilter. */
static apr_status_t cors_differ_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    cors_request_t *cors = f->ctx;

    ap_remove_output_filter(f);
    if (cors) {
        compare(f->r, cors);
    }
    return ap_pass_brigade(f->next, bb);
}

void cors_differ_watch(request_rec *r, cors_request_t *cors, int early)
{
    if (!cors->facts.origin || cors->enforced) {
        return;
    }
    if (cors_request_is_preflight(cors)
        && cors->policy->preflight == CORS_PREFLIGHT_ANSWER
        && (!early || cors_preflight_is_useless(r->status))) {
        cors->end_status = cors_preflight_status(cors);
    }
    ap_add_output_filter_handle(cors_differ_handle, cors, r, r->connection);
}

void cors_differ_register(void)
{
    /* After every filter that changes a header, before those that send it. */
    cors_differ_handle = ap_register_output_filter(
        "CORS_DIFFER", cors_differ_filter, NULL, AP_FTYPE_PROTOCOL - 1);
}
