/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/exchange.h"

#include "protocol/headers.h"
#include "protocol/vary.h"
#include "request/preflight.h"

static void set_vary(cors_exchange_t *exchange, const cors_policy_t *policy,
                     int preflight)
{
    const char *value = cors_vary_value(policy, preflight);

    if (value) {
        apr_table_setn(exchange->headers, "Vary", value);
    }
}

/* Names that only the response itself has. */
#define OWN_NAMES "(the names of the response's own headers)"

/* As request/filter.c does. */
static void set_actual(cors_exchange_t *exchange, const cors_trial_t *trial,
                       apr_pool_t *p)
{
    const cors_request_t *cors = &trial->cors;

    set_vary(exchange, cors->policy, 0);
    if (cors->decision.allow_origin
        && cors_headers_actual(cors->policy, &cors->decision,
                               exchange->headers, p)) {
        apr_table_setn(exchange->headers, "Access-Control-Expose-Headers",
                       OWN_NAMES);
    }
}

/* A preflight that something else ends gets the headers of any other
 * request. */
static void set_preflight(cors_exchange_t *exchange, const cors_trial_t *trial,
                          apr_pool_t *p)
{
    const cors_request_t *cors = &trial->cors;
    int forwards = cors->policy->preflight == CORS_PREFLIGHT_FORWARD;

    if (!forwards && trial->status
        && !cors_preflight_is_useless(trial->status)) {
        set_actual(exchange, trial, p);
        return;
    }
    if (!forwards) {
        exchange->status = cors_preflight_status(cors);
        exchange->location = NULL;
    }
    set_vary(exchange, cors->policy, 1);
    if (!forwards || cors_preflight_status(cors) != HTTP_FORBIDDEN) {
        cors_headers_preflight(cors->policy, &cors->facts, &cors->decision,
                               exchange->headers, p);
    }
}

void cors_exchange_set(cors_exchange_t *exchange, const cors_trial_t *trial,
                       apr_pool_t *p)
{
    const cors_request_t *cors = &trial->cors;

    exchange->is_sent = 1;
    exchange->status = trial->status;
    exchange->location = trial->location;
    exchange->headers = apr_table_make(p, 8);
    if (!cors->policy) {
        return;
    }
    exchange->verdict = cors_verdict_word(cors->decision.verdict);
    if (!cors_request_sends_headers(cors)) {
        return;
    }
    if (cors->decision.allow_origin && cors_request_is_too_long(cors)) {
        exchange->status = HTTP_INTERNAL_SERVER_ERROR;
    }
    else if (cors_request_is_preflight(cors)) {
        set_preflight(exchange, trial, p);
    }
    else {
        set_actual(exchange, trial, p);
    }
    if (cors->enforced == CORS_ENFORCED_REFUSED) {
        exchange->status = HTTP_FORBIDDEN;
    }
}
