/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* One request on its way through httpd:
 *
 *     header_parser        judge; refuse here what no allowed page sent, end
 *                          a preflight, or add the output filter, so that
 *                          whoever answers has it
 *     insert_filter        a handler will answer: put the filter last
 *     insert_error_filter  httpd will answer, and has dropped the filter:
 *                          add it again; judge what failed earlier
 *     output filter        replace the CORS headers of the response
 *
 * request/early.c sees to what scripts write before header_parser.
 * CorsEngine DetectionOnly has a filter of its own instead, which compares
 * and changes nothing.
 */

#include "request/hooks.h"

#include <http_protocol.h>
#include <http_request.h>

#include "request/differ.h"
#include "request/early.h"
#include "request/filter.h"
#include "request/interim.h"
#include "request/judging.h"
#include "request/preflight.h"
#include "request/tell.h"

/* Most requests take the shortest way through a hook.  What other requests
 * need is a function of its own, never inlined, so that no register is saved
 * for it on that way: 20 instructions of 95 where no policy holds. */
#define APART __attribute__((noinline)) static

/* Adds the filter that a response to the request goes through. */
APART void add_filter(request_rec *r, cors_request_t *cors, int early)
{
    if (cors_request_sends_headers(cors)) {
        cors_filter_add(r, cors);
    }
    else if (cors && cors->policy) {
        cors_differ_watch(r, cors, early);
    }
}

/* After an internal redirect: a preflight that would have been answered gets
 * here by an ErrorDocument alone. */
APART int cors_redirected(request_rec *r)
{
    cors_request_t *cors = cors_request_get_first(r);

    if (cors->policy && cors->facts.origin) {
        cors_tell_variables(r, cors);
    }
    if (cors->enforced) {
        cors_tell_enforced(r, cors);
    }
    if (!cors_preflight_ends_here(cors)
        || !cors_preflight_is_useless(r->status)) {
        add_filter(r, cors, 0);
        return DECLINED;
    }
    cors_preflight_take_back(r);
    return cors_preflight_end(r, cors);
}

/* Begins to carry out the decision. */
APART int begin(request_rec *r, cors_request_t *cors)
{
    if (cors->decision.allow_origin && cors_request_is_too_long(cors)) {
        cors_request_drop(r);
        return cors_tell_too_long(r, cors);
    }
    if (cors_request_is_preflight(cors) && cors_preflight_ends_here(cors)) {
        return cors_preflight_end(r, cors);
    }
    if (cors->enforced == CORS_ENFORCED_REFUSED) {
        return HTTP_FORBIDDEN;
    }
    cors_filter_add(r, cors);
    return DECLINED;
}

/* DetectionOnly. */
APART int watch(request_rec *r, cors_request_t *cors)
{
    cors_differ_watch(r, cors, 0);
    return DECLINED;
}

static int cors_header_parser(request_rec *r)
{
    cors_request_t *cors;

    if (r->prev) {
        return cors_redirected(r);
    }
    cors = cors_request_judge(r);
    if (cors_request_sends_headers(cors)) {
        return begin(r, cors);
    }
    return cors->policy ? watch(r, cors) : DECLINED;
}

APART void insert(request_rec *r, cors_request_t *cors)
{
    if (r->proxyreq) {
        cors_interim_watch(r, cors);
    }
    cors_filter_add_last(r, cors);
}

/* Mostly the filter is where header_parser has put it, and may stay there. */
static void cors_insert_filter(request_rec *r)
{
    cors_request_t *cors = cors_request_get(r);

    if (cors_request_sends_headers(cors) && !r->main
        && (r->proxyreq || !cors_filter_is_settled(r, cors))) {
        insert(r, cors);
    }
}

static void cors_insert_error_filter(request_rec *r)
{
    cors_request_t *cors = cors_request_get(r);
    int early = !cors;

    /* A subrequest is part of the response to a request that was judged. */
    if (r->main) {
        return;
    }
    if (early) {
        cors = cors_request_get_first(r);
    }
    if (!cors_request_sends_headers(cors)) {
        add_filter(r, cors, early);
        return;
    }
    if (early && cors_preflight_ends_here(cors)
        && cors_preflight_is_useless(r->status)) {
        cors->end_status = cors_preflight_status(cors);
        cors_filter_add_answer(r, cors);
    }
    else if (r->status == cors->end_status
             && r->output_filters == r->proto_output_filters) {
        /* An answered preflight, and nobody has a filter that could put
         * headers on it: a filter of ours would add nothing but its cost. */
        cors_filter_write(r, cors);
    }
    else {
        cors_filter_add(r, cors);
    }
}

void cors_request_register_hooks(apr_pool_t *p)
{
    /* "Header always ... env=NAME" sees the variables of SetEnvIf. */
    static const char *const after_setenvif[] = { "mod_setenvif.c", NULL };
    /* Filters of one type run in the order in which they were added: what
     * mod_headers puts on a response is there to be replaced. */
    static const char *const after_headers[] = { "mod_headers.c", NULL };

    ap_hook_header_parser(cors_header_parser, after_setenvif, NULL,
                          APR_HOOK_LAST);
    ap_hook_insert_filter(cors_insert_filter, after_headers, NULL,
                          APR_HOOK_LAST);
    ap_hook_insert_error_filter(cors_insert_error_filter, after_headers, NULL,
                                APR_HOOK_LAST);
    cors_filter_register();
    cors_differ_register();
    cors_interim_register();
    cors_early_register();
}
