/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Header fields of a request -> cors_facts_t.  Nothing else reads them. */

#ifndef CORS_FACTS_H
#define CORS_FACTS_H

#include "module/module.h"
#include "protocol/enforce.h"
#include "sources/sources.h"

/* Returns the request's origin as received, NULL if it has none. */
static inline const char *cors_facts_origin(const request_rec *r)
{
    return apr_table_get(r->headers_in, "Origin");
}

/* Writes all of *facts, which point into r->headers_in.  origin is what
 * cors_facts_origin() returned. */
void cors_facts_gather(const request_rec *r, const char *origin,
                       cors_facts_t *facts);

/* Returns the request's origin as cors_facts_origin() does, and writes the
 * value of Upgrade, or NULL: what enforcement reads of a request that it may
 * not look at. */
const char *cors_facts_origin_upgrade(const request_rec *r,
                                      const char **upgrade);

/* Returns the request's origin as cors_facts_origin() does, and writes all of
 * *sender, which points into the request. */
const char *cors_facts_sender(const request_rec *r, cors_sender_t *sender);

/* Says, where the policy or a ceiling names sets, when the request came,
 * and how to ask. */
static inline void cors_facts_add_sets(const request_rec *r,
                                       const cors_policy_t *policy,
                                       cors_facts_t *facts)
{
    if ((policy->origins->flags & CORS_WORD_SET)
        || cors_limits_name_sets(policy->limits)) {
        facts->now = (apr_uint32_t)apr_time_sec(r->request_time);
        facts->ask = cors_sources_ask;
    }
}

#endif
