/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Merged policies, for comparing them. */

#ifndef POLICIES_H
#define POLICIES_H

#include "policy/policy.h"

/* The words of a list, which may be NULL, with a space between them. */
const char *policies_words(const cors_list_t *list, apr_pool_t *p);

/* A finding unless both are the same in all that can be seen of them. */
void policies_check_same(const cors_policy_t *x, const cors_policy_t *y,
                         apr_pool_t *p);

#endif
