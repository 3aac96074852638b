/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The header lines that carry a decision out.  `Vary` is separate
 * (protocol/vary.h).
 */

#ifndef CORS_HEADERS_H
#define CORS_HEADERS_H

#include <apr_tables.h>

#include "grammar/name.h"
#include "protocol/judge.h"

/* The headers about CORS that others have put on a response. */
#define CORS_SEEN_CORS                                \
    0x01 /* an Access-Control- header, or one that is \
          * Timing-Allow-Origin where the policy sends it */
#define CORS_SEEN_VARY 0x02

/* Returns which of these the name is, and 0 for most names.  A few other names
 * get the same result, which calls for a closer look. */
static inline int cors_headers_look(const cors_policy_t *policy,
                                    const char *name)
{
    switch (name[0] | 0x20) {
    case 'a':
        return cors_field_may_be_access(name) ? CORS_SEEN_CORS : 0;
    case 't':
        return policy->timing_allow_origin ? CORS_SEEN_CORS : 0;
    case 'v':
        return CORS_SEEN_VARY;
    default:
        return 0;
    }
}

/* One bit for each letter in any case: a test of the first byte alone lets
 * most names pass. */
#define CORS_BIT(letter) (1u << ((letter)&31))
#define CORS_CONCERNED   (CORS_BIT('a') | CORS_BIT('t') | CORS_BIT('v'))

/* Looks for these in one of the two tables of a response. */
static inline int cors_headers_seen(const cors_policy_t *policy,
                                    const apr_table_t *headers)
{
    const apr_array_header_t *lines = apr_table_elts(headers);
    const apr_table_entry_t *line = (const void *)lines->elts;
    const apr_table_entry_t *end = line + lines->nelts;
    int seen = 0;

    for (; line < end; line++) {
        if (CORS_BIT(line->key[0]) & CORS_CONCERNED) {
            seen |= cors_headers_look(policy, line->key);
        }
    }
    return seen;
}

/* Takes off a response what others have put on it: every Access-Control-
 * header and, where the policy sends one, Timing-Allow-Origin. */
void cors_headers_strip(const cors_policy_t *policy, apr_table_t *headers);

/* Whether a response that is not a preflight's has to list its own headers by
 * name: "*" is exposed, and a browser would take it literally beside
 * credentials. */
static inline int cors_headers_list_own(const cors_policy_t *policy,
                                        const cors_decision_t *decision)
{
    return policy->expose && policy->expose->any && decision->credentials;
}

/* Adds to out what lets the allowed origin read a response to anything but an
 * answered preflight.  The decision must allow an origin.  Returns what
 * cors_headers_list_own() does: such a list is still to be added. */
int cors_headers_actual(const cors_policy_t *policy,
                        const cors_decision_t *decision, apr_table_t *out,
                        apr_pool_t *p);

/* Lists in out, by name, the headers in out and err, the two tables of the
 * response.  encoded: the response will have a Content-Encoding that is in
 * neither. */
void cors_headers_expose_own(int encoded, apr_table_t *out,
                             const apr_table_t *err, apr_pool_t *p);

/* Adds to out what a preflight is told: what the policy allows, so that the
 * browser goes on with the request or says what is missing.  Adds nothing
 * where the decision allows no origin.  A requested method or header that was
 * refused is never repeated in the response. */
void cors_headers_preflight(const cors_policy_t *policy,
                            const cors_facts_t *facts,
                            const cors_decision_t *decision, apr_table_t *out,
                            apr_pool_t *p);

#endif
