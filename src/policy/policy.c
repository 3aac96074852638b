/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/policy.h"

#define WORD(value, word) word,
const char *const cors_unsafe_words[] = { CORS_UNSAFES(WORD) NULL };
#undef WORD

void cors_policy_merge(apr_pool_t *p, const cors_policy_t *base,
                       const cors_policy_t *add, cors_policy_t *merged)
{
    int i;

    /* Most sections have a line or two: what they say is copied, not what they
     * leave out. */
    *merged = *base;
    merged->named |= add->named;
    merged->unsafe |= add->unsafe;
    for (i = 0; add->unsafe && i < CORS_UNSAFE_COUNT; i++) {
        if (add->unsafe_at[i]) {
            merged->unsafe_at[i] = add->unsafe_at[i];
        }
    }
#define X(name, directive, help)                                  \
    if (add->name) {                                              \
        merged->name = cors_list_merge(p, base->name, add->name); \
    }
    CORS_LISTS(X)
#undef X
    if (add->limits) {
        merged->limits = cors_limit_merge(p, base->limits, add->limits);
    }
#define X(kind, type, name, directive, words, help) \
    if (add->name##_set) {                          \
        merged->name = add->name;                   \
        merged->name##_set = 1;                     \
        merged->name##_at = add->name##_at;         \
    }
    CORS_SCALARS(X)
#undef X
}
