/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The record of a request, from header_parser on.
 *
 * Internal redirects keep this record: the policy is that of the URL that the
 * client asked for.  A filter, a listener or a page gets this record, and
 * reads no header field of the request again.
 */

#ifndef CORS_REQUEST_H
#define CORS_REQUEST_H

#include "module/module.h"
#include "protocol/judge.h"

/* X(value, word): the outcome of enforcement.  The word is that of the
 * variable; a request that passes has none. */
#define CORS_ENFORCEMENTS(X)                      \
    X(CORS_ENFORCED_PASSES, NULL)                 \
    X(CORS_ENFORCED_WOULD_REFUSE, "would-refuse") \
    X(CORS_ENFORCED_REFUSED, "refused")

typedef enum {
#define X(value, word) value,
    CORS_ENFORCEMENTS(X)
#undef X
} cors_enforced_e;

typedef struct cors_request_t {
    const cors_policy_t *policy; /* NULL: none holds, and nothing else of
                                  * this is set */
    cors_facts_t facts;
    cors_decision_t decision;
    int end_status; /* the status that a preflight is ended with here, 0
                     * if it is not */
    /* Also CORS_ENFORCED_PASSES for a request that enforcement does not look
     * at.  This field shares a word with the next one, because a larger record
     * costs each request. */
    cors_enforced_e enforced:8;
    unsigned int differs:24; /* CorsEngine DetectionOnly: what differs in the
                              * response, as cors_difference_e; 0 until it
                              * is compared */
} cors_request_t;

static inline int cors_request_is_preflight(const cors_request_t *cors)
{
    return cors->facts.method != NULL;
}

/* Whether a list of names would make a longer header than any may be.  A
 * policy must hold. */
static inline int cors_request_is_too_long(const cors_request_t *cors)
{
    const cors_policy_t *policy = cors->policy;

    if (!cors_request_is_preflight(cors)) {
        return cors_list_is_too_long(policy->expose);
    }
    return cors_list_is_too_long(policy->methods)
           || cors_list_is_too_long(policy->headers);
}

/* Whether responses are changed at all. */
static inline int cors_request_sends_headers(const cors_request_t *cors)
{
    return cors && cors->policy && cors->policy->engine == CORS_ENGINE_ON;
}

#endif
