/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The code of each finding: a fixed word, listed with a paragraph each in
 * docs/checking.md.  A code keeps its meaning; its message may be worded
 * anew.
 */

#ifndef CORS_CODES_H
#define CORS_CODES_H

#include "policy/risk.h"

/* X(value, word) */
#define CORS_CODES(X)                                                       \
    /* errors: an origin, and what must not stand with it */                \
    X(CORS_CODE_CREDENTIALS_ANY_ORIGIN, "credentials-any-origin")           \
    X(CORS_CODE_CREDENTIALS_INSECURE_ORIGIN, "credentials-insecure-origin") \
    X(CORS_CODE_CREDENTIALS_NULL_ORIGIN, "credentials-null-origin")         \
    X(CORS_CODE_CREDENTIALS_PUBLIC_SUFFIX, "credentials-public-suffix")     \
    X(CORS_CODE_NULL_ORIGIN, "null-origin")                                 \
    X(CORS_CODE_PRIVATE_NETWORK_ANY_ORIGIN, "private-network-any-origin")   \
    X(CORS_CODE_PRIVATE_NETWORK_NULL_ORIGIN, "private-network-null-origin") \
    X(CORS_CODE_SUFFIX_LIST_MISSING, "suffix-list-missing")                 \
    /* warnings: directives of this module */                               \
    X(CORS_CODE_ALWAYS_READABLE, "always-readable")                         \
    X(CORS_CODE_COVERED, "covered")                                         \
    X(CORS_CODE_LISTED_TWICE, "listed-twice")                               \
    X(CORS_CODE_METHOD_CASE, "method-case")                                 \
    X(CORS_CODE_METHOD_MISSING, "method-missing")                           \
    X(CORS_CODE_NO_ORIGINS, "no-origins")                                   \
    /* warnings: directives of other modules */                             \
    X(CORS_CODE_ADDRESS_ANY_ORIGIN, "address-any-origin")                   \
    X(CORS_CODE_CACHE_KEEPS_HEADERS, "cache-keeps-headers")                 \
    X(CORS_CODE_HEADER_KEPT, "header-kept")                                 \
    X(CORS_CODE_OPTIONS_LEFT_OVER, "options-left-over")                     \
    X(CORS_CODE_RECIPE_LEFT_OVER, "recipe-left-over")                       \
    X(CORS_CODE_REQUEST_HEADER_EARLY, "request-header-early")               \
    X(CORS_CODE_REQUEST_HEADER_LATE, "request-header-late")                 \
    X(CORS_CODE_VARY_LINE, "vary-line")

typedef enum {
#define X(value, word) value,
    CORS_CODES(X)
#undef X
} cors_code_e;

/* Returns the code as it is shown, "recipe-left-over". */
const char *cors_code_word(cors_code_e code);

/* Returns the code of a risk. */
cors_code_e cors_code_of_risk(const cors_risk_t *risk);

#endif
