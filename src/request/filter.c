/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/filter.h"

#include <util_filter.h>

#include "protocol/headers.h"
#include "request/preflight.h"

static ap_filter_rec_t *cors_filter_handle;
static ap_filter_rec_t *cors_answer_filter_handle;

/* Whether the response is one to a preflight: made here, or forwarded.  A
 * preflight that fails otherwise is told what any request is. */
static int is_preflight_response(const request_rec *r,
                                 const cors_request_t *cors)
{
    return cors_request_is_preflight(cors)
           && (r->status == cors->end_status
               || cors->policy->preflight == CORS_PREFLIGHT_FORWARD);
}

static int is_kept(const request_rec *r, const cors_policy_t *policy)
{
    static const char name[] = "Access-Control-Allow-Origin";

    return policy->backend_headers == CORS_BACKEND_KEEP
           && (apr_table_get(r->headers_out, name)
               || apr_table_get(r->err_headers_out, name));
}

void cors_filter_write(request_rec *r, const cors_request_t *cors)
{
    const cors_policy_t *policy = cors->policy;
    int preflight = is_preflight_response(r, cors);

    if (is_kept(r, policy)) {
        cors_headers_vary(policy, preflight, r->headers_out);
        return;
    }
    cors_headers_strip(policy, r->headers_out);
    if (!apr_is_empty_table(r->err_headers_out)) {
        cors_headers_strip(policy, r->err_headers_out);
    }
    if (preflight) {
        cors_headers_preflight(policy, &cors->facts, &cors->decision,
                               r->headers_out, r->pool);
    }
    else {
        cors_headers_actual(policy, &cors->decision,
                            r->content_encoding != NULL, r->headers_out,
                            r->err_headers_out, r->pool);
    }
}

/* No context: an administrator has added it by name, as SetOutputFilter can
 * any filter. */
static apr_status_t cors_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    ap_remove_output_filter(f);
    if (f->ctx) {
        cors_filter_write(f->r, f->ctx);
    }
    return ap_pass_brigade(f->next, bb);
}

/* Answers a preflight in the place of what cors_preflight_is_useless() names:
 * all of the other body is dropped, and at its end the answer sent. */
static apr_status_t cors_answer_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    const cors_request_t *cors = f->ctx;
    apr_bucket *last = APR_BRIGADE_LAST(bb);

    if (!cors) {
        return cors_filter(f, bb);
    }
    if (last == APR_BRIGADE_SENTINEL(bb) || !APR_BUCKET_IS_EOS(last)) {
        return apr_brigade_cleanup(bb);
    }
    APR_BUCKET_REMOVE(last);
    apr_brigade_cleanup(bb);
    APR_BRIGADE_INSERT_TAIL(bb, last);
    r->status = cors->end_status;
    cors_preflight_take_back(r);
    return cors_filter(f, bb);
}

void cors_filter_add(request_rec *r, cors_request_t *cors)
{
    ap_add_output_filter_handle(cors_filter_handle, cors, r, r->connection);
}

void cors_filter_add_answer(request_rec *r, cors_request_t *cors)
{
    ap_add_output_filter_handle(cors_answer_filter_handle, cors, r,
                                r->connection);
}

void cors_filter_register(void)
{
    /* No later type: mod_cache stores the headers with the response. */
    cors_filter_handle = ap_register_output_filter("CORS", cors_filter, NULL,
                                                   AP_FTYPE_CONTENT_SET);
    cors_answer_filter_handle = ap_register_output_filter(
        "CORS_ANSWER", cors_answer_filter, NULL, AP_FTYPE_CONTENT_SET);
}
