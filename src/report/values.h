/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A policy as values, each with the line it comes from.  Every report is made
 * of these.
 */

#ifndef CORS_VALUES_H
#define CORS_VALUES_H

#include <apr_tables.h>

#include "policy/policy.h"

typedef struct cors_value_t {
    const char *directive;
    const char *value;     /* without quotes */
    const char *meaning;   /* in words, NULL if the value says it all */
    const cors_line_t *at; /* where it is written */
} cors_value_t;

/* Returns the values of the policy, as cors_value_t: lists first, those of one
 * line next to each other.  Directives that are not named have none.  Made in
 * p. */
const apr_array_header_t *cors_values_of(const cors_policy_t *policy,
                                         apr_pool_t *p);

#endif
