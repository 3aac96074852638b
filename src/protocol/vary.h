/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* `Vary`: the request header fields that a response depends on (RFC 9110,
 * 12.5.5: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5).
 */

#ifndef CORS_VARY_H
#define CORS_VARY_H

#include <apr_tables.h>

#include "policy/policy.h"

/* Returns the fields on which the policy makes a response depend: the answer
 * to a preflight, or any other response.  NULL if there are none. */
static inline const char *cors_vary_value(const cors_policy_t *policy,
                                          int preflight)
{
#define PREFLIGHT_FIELDS \
    "Access-Control-Request-Method, Access-Control-Request-Headers"
#define PRIVATE_FIELD ", Access-Control-Request-Private-Network"
    static const char *const values[2][2] = {
        { "Origin, " PREFLIGHT_FIELDS,
          "Origin, " PREFLIGHT_FIELDS PRIVATE_FIELD },
        { PREFLIGHT_FIELDS, PREFLIGHT_FIELDS PRIVATE_FIELD }
    };
    int any = policy->origins->any != NULL;

    if (preflight) {
        return values[any][policy->private_network != 0];
    }
    return any || cors_policy_static_origin(policy) ? NULL : "Origin";
#undef PREFLIGHT_FIELDS
#undef PRIVATE_FIELD
}

/* Makes one line of all `Vary` lines of a response, in either of its two
 * tables, and of value.  Each name is there once; "*" stays.  mod_cache_disk
 * reads the first line alone.  The line goes where one was before: err, which
 * survives internal redirects, or out.  Made in p. */
void cors_vary_merge(const char *value, apr_table_t *out, apr_table_t *err,
                     apr_pool_t *p);

#endif
