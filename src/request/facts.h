/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Header fields of a request -> cors_facts_t.  Nothing else reads them. */

#ifndef CORS_FACTS_H
#define CORS_FACTS_H

#include "module/module.h"
#include "protocol/enforce.h"

/* Returns the request's origin as received, NULL if it has none. */
static inline const char *cors_facts_origin(const request_rec *r)
{
    return apr_table_get(r->headers_in, "Origin");
}

/* Writes all of *facts, which point into r->headers_in.  origin is what
 * cors_facts_origin() returned. */
void cors_facts_gather(const request_rec *r, const char *origin,
                       cors_facts_t *facts);

/* Writes *origin, which is what cors_facts_origin() returns, and *sender.
 * Returns whether enforcement looks at the request; if not, only the method
 * and opens_websocket of the sender are written.  The policy must enforce. */
int cors_facts_sender(const request_rec *r, const cors_policy_t *policy,
                      cors_sender_t *sender, const char **origin);

#endif
