/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/filter.h"

#include <string.h>

#include <util_filter.h>

#include "protocol/headers.h"
#include "protocol/vary.h"
#include "request/preflight.h"
#include "request/tell.h"

static ap_filter_rec_t *cors_filter_handle;
static ap_filter_rec_t *cors_answer_filter_handle;
static ap_filter_rec_t *cors_names_filter_handle;

/* Whether a preflight gets a response to preflights: one made here, or a
 * forwarded one.  A preflight that fails otherwise gets the headers that any
 * other request gets. */
static int is_preflight_response(const request_rec *r,
                                 const cors_request_t *cors)
{
    return r->status == cors->end_status
           || cors->policy->preflight == CORS_PREFLIGHT_FORWARD;
}

static int is_kept(const request_rec *r, const cors_policy_t *policy)
{
    static const char name[] = "Access-Control-Allow-Origin";

    return policy->backend_headers == CORS_BACKEND_KEEP
           && (apr_table_get(r->headers_out, name)
               || apr_table_get(r->err_headers_out, name));
}

/* A forwarded preflight that would be answered with a 403 here gets no CORS
 * header, because the back end's status may be one that lets a browser go on.
 */
static int says_nothing(const cors_request_t *cors)
{
    return cors->policy->preflight == CORS_PREFLIGHT_FORWARD
           && cors_preflight_status(cors) == HTTP_FORBIDDEN;
}

static void list_own_names(request_rec *r)
{
    cors_headers_expose_own(r->content_encoding != NULL, r->headers_out,
                            r->err_headers_out, r->pool);
}

/* Runs after every filter that adds a header or takes one off, and just before
 * the one that sends them: only there are all names known.  A response that
 * has no list yet needs none. */
static apr_status_t cors_names_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;

    if (apr_table_get(r->headers_out, "Access-Control-Expose-Headers")) {
        list_own_names(r);
    }
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

/* Whether the filter is one of those that send the headers.  Their type is
 * also that of the two that may still add headers. */
static int sends(const ap_filter_t *f, const request_rec *r)
{
    return f->r == r && f->frec->ftype == AP_FTYPE_PROTOCOL
           && strcasecmp(f->frec->name, "BYTERANGE") != 0
           && strcasecmp(f->frec->name, "CONTENT_LENGTH") != 0;
}

/* Filters of one type run in the order in which they were added, so those that
 * send the headers are added anew after ours. */
static void add_names_filter(request_rec *r)
{
    apr_array_header_t *senders = apr_array_make(r->pool, 4,
                                                 sizeof(ap_filter_t));
    ap_filter_t *f = r->output_filters;
    int i;

    while (f) {
        ap_filter_t *next = f->next;

        if (sends(f, r)) {
            APR_ARRAY_PUSH(senders, ap_filter_t) = *f;
            ap_remove_output_filter(f);
        }
        f = next;
    }
    ap_add_output_filter_handle(cors_names_filter_handle, NULL, r,
                                r->connection);
    for (i = 0; i < senders->nelts; i++) {
        f = &APR_ARRAY_IDX(senders, i, ap_filter_t);
        ap_add_output_filter_handle(f->frec, f->ctx, r, r->connection);
    }
}

static int has_names_filter(const request_rec *r)
{
    const ap_filter_t *f = r->proto_output_filters;

    while (f && f->r == r && f->frec != cors_names_filter_handle) {
        f = f->next;
    }
    return f && f->r == r;
}

/* mod_cache stores the list that is made now.  A response that is sent at once
 * gets a list that is made last. */
static void expose_own(request_rec *r)
{
    list_own_names(r);
    if (r->output_filters != r->proto_output_filters && !has_names_filter(r)) {
        add_names_filter(r);
    }
}

/* Flattened, as below: DetectionOnly calls what is called here too, and a call
 * takes 25 instructions more. */
__attribute__((flatten)) static void add_preflight(request_rec *r,
                                                   const cors_request_t *cors)
{
    if (!says_nothing(cors)) {
        cors_headers_preflight(cors->policy, &cors->facts, &cors->decision,
                               r->headers_out, r->pool);
    }
}

__attribute__((noinline, flatten)) static void add_allowed(
    request_rec *r, const cors_request_t *cors)
{
    if (cors_headers_actual(cors->policy, &cors->decision, r->headers_out,
                            r->pool)) {
        expose_own(r);
    }
}

static inline void add_actual(request_rec *r, const cors_request_t *cors)
{
    if (cors->decision.allow_origin) {
        add_allowed(r, cors);
    }
}

/* Others may have put something on the response that concerns our headers:
 * seen says what of that is in headers_out.  Adds Vary.  Returns whether our
 * headers are still to be added. */
__attribute__((noinline)) static int make_room(request_rec *r,
                                               const cors_request_t *cors,
                                               int preflight, int seen)
{
    const char *vary = cors_vary_value(cors->policy, preflight);
    apr_table_t *out = r->headers_out;
    apr_table_t *err = r->err_headers_out;

    seen |= cors_headers_seen(cors->policy, err);
    if (vary && (seen & CORS_SEEN_VARY)) {
        cors_vary_merge(vary, out, err, r->pool);
    }
    else if (vary) {
        apr_table_addn(out, "Vary", vary);
    }
    if (seen & CORS_SEEN_CORS) {
        if (is_kept(r, cors->policy)) {
            return 0;
        }
        cors_headers_strip(cors->policy, out);
        cors_headers_strip(cors->policy, err);
    }
    return 1;
}

/* Adds Vary, and takes off what others have put there.  Returns whether the
 * other headers are to be added.  Most responses have nothing in the second
 * table: looking there is left to a function of its own, because it would take
 * registers here that each response pays for. */
static inline int begin_headers(request_rec *r, const cors_request_t *cors,
                                int preflight)
{
    const cors_policy_t *policy = cors->policy;
    int seen = cors_headers_seen(policy, r->headers_out);
    const char *vary;

    if (seen || !apr_is_empty_table(r->err_headers_out)) {
        return make_room(r, cors, preflight, seen);
    }
    vary = cors_vary_value(policy, preflight);
    if (vary) {
        apr_table_addn(r->headers_out, "Vary", vary);
    }
    return 1;
}

__attribute__((noinline)) static void write_to_preflight(
    request_rec *r, const cors_request_t *cors)
{
    int answer = is_preflight_response(r, cors);

    if (r->status != cors->end_status) {
        cors_tell_elsewhere(r, cors);
    }
    if (begin_headers(r, cors, answer)) {
        if (answer) {
            add_preflight(r, cors);
        }
        else {
            add_actual(r, cors);
        }
    }
}

static inline void write_headers(request_rec *r, const cors_request_t *cors)
{
    if (cors_request_is_preflight(cors)) {
        write_to_preflight(r, cors);
    }
    else if (begin_headers(r, cors, 0)) {
        add_actual(r, cors);
    }
}

void cors_filter_write(request_rec *r, const cors_request_t *cors)
{
    write_headers(r, cors);
}

/* f->ctx is NULL if the filter was added by name with SetOutputFilter; it then
 * does nothing. */
static apr_status_t cors_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    const cors_request_t *cors = f->ctx;
    apr_bucket *last = APR_BRIGADE_LAST(bb);

    /* Nothing comes after the end: taking the filter out would be in vain. */
    f->ctx = NULL;
    if (last == APR_BRIGADE_SENTINEL(bb) || !APR_BUCKET_IS_EOS(last)) {
        ap_remove_output_filter(f);
    }
    if (cors) {
        write_headers(f->r, cors);
    }
    return ap_pass_brigade(f->next, bb);
}

/* Answers a preflight in the place of what cors_preflight_is_useless() names:
 * drops all of the other body, and sends the answer at its end. */
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

/* Whether the filter is ours for this request. */
static inline int is_ours(const ap_filter_t *f, const cors_request_t *cors)
{
    return f->frec == cors_filter_handle && f->ctx == cors;
}

/* Whether no filter of the same type comes after it. */
static inline int is_last(const ap_filter_t *f)
{
    return !f->next || f->next->frec->ftype > AP_FTYPE_CONTENT_SET;
}

static void move_to_end(request_rec *r, cors_request_t *cors)
{
    ap_filter_t *f = r->output_filters;

    while (f && f->r == r && !is_ours(f, cors)) {
        f = f->next;
    }
    if (f && f->r == r) {
        if (is_last(f)) {
            return;
        }
        ap_remove_output_filter(f);
    }
    cors_filter_add(r, cors);
}

/* mod_cache takes our filter off a response that it has kept, which has the
 * names of the response that it has stored. */
static void complete_kept_list(request_rec *r, const cors_request_t *cors)
{
    if (cors->policy->backend_headers == CORS_BACKEND_REPLACE
        && !cors_request_is_preflight(cors) && !has_names_filter(r)) {
        add_names_filter(r);
    }
}

int cors_filter_is_settled(const request_rec *r, const cors_request_t *cors)
{
    const ap_filter_t *first = r->output_filters;

    return is_ours(first, cors) && is_last(first)
           && !cors_headers_list_own(cors->policy, &cors->decision);
}

void cors_filter_add_last(request_rec *r, cors_request_t *cors)
{
    move_to_end(r, cors);
    if (cors_headers_list_own(cors->policy, &cors->decision)) {
        complete_kept_list(r, cors);
    }
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
    cors_names_filter_handle = ap_register_output_filter(
        "CORS_NAMES", cors_names_filter, NULL, AP_FTYPE_PROTOCOL);
}
