/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The listed origin that a refused one may have been meant to be: most often,
 * one of the two has a slip. */

#ifndef CORS_NEAR_H
#define CORS_NEAR_H

#include "policy/policy.h"

/* Returns an origin of the policy's list that differs from this one in the
 * scheme or the port alone, or in one byte of the host, or NULL.  Patterns and
 * sets are not looked at.  Takes time in proportion to the list. */
const cors_word_t *cors_near_find(const cors_policy_t *policy,
                                  const char *origin, apr_pool_t *p);

#endif
