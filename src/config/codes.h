/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The code of each finding: a fixed word with a paragraph of its own in
 * docs/checking.md.  A code keeps its meaning; its message may be reworded. */

#ifndef CORS_CODES_H
#define CORS_CODES_H

#include "grammar/name.h"
#include "grammar/pattern.h"
#include "policy/risk.h"
#include "sources/rows.h"

/* X(value, word) */
#define CORS_CODES(X)                                                       \
    /* errors: a single directive */                                        \
    X(CORS_CODE_COMMENT_ON_LINE, "comment-on-line")                         \
    X(CORS_CODE_EMPTY_ARGUMENT, "empty-argument")                           \
    X(CORS_CODE_IN_HTACCESS, "in-htaccess")                                 \
    X(CORS_CODE_IN_LIMIT, "in-limit")                                       \
    X(CORS_CODE_LIMIT_WORD, "limit-word")                                   \
    X(CORS_CODE_MAX_AGE_FORMAT, "max-age-format")                           \
    X(CORS_CODE_MAX_AGE_FRACTION, "max-age-fraction")                       \
    X(CORS_CODE_MAX_AGE_NEGATIVE, "max-age-negative")                       \
    X(CORS_CODE_MAX_AGE_TOO_LONG, "max-age-too-long")                       \
    X(CORS_CODE_METHODS_NONE, "methods-none")                               \
    X(CORS_CODE_STANDS_ALONE, "stands-alone")                               \
    X(CORS_CODE_UNKNOWN_VALUE, "unknown-value")                             \
    /* errors: an origin */                                                 \
    X(CORS_CODE_ORIGIN_ABOUT, "origin-about")                               \
    X(CORS_CODE_ORIGIN_ADDRESS, "origin-address")                           \
    X(CORS_CODE_ORIGIN_ADDRESS_FORM, "origin-address-form")                 \
    X(CORS_CODE_ORIGIN_ADDRESS_IPV6, "origin-address-ipv6")                 \
    X(CORS_CODE_ORIGIN_ADDRESS_WILDCARD, "origin-address-wildcard")         \
    X(CORS_CODE_ORIGIN_ANY_WORD, "origin-any-word")                         \
    X(CORS_CODE_ORIGIN_BLANK, "origin-blank")                               \
    X(CORS_CODE_ORIGIN_BLOB, "origin-blob")                                 \
    X(CORS_CODE_ORIGIN_BRACKETS, "origin-brackets")                         \
    X(CORS_CODE_ORIGIN_COMMA, "origin-comma")                               \
    X(CORS_CODE_ORIGIN_DATA, "origin-data")                                 \
    X(CORS_CODE_ORIGIN_DEFAULT_PORT, "origin-default-port")                 \
    X(CORS_CODE_ORIGIN_DOT, "origin-dot")                                   \
    X(CORS_CODE_ORIGIN_EMPTY_LABEL, "origin-empty-label")                   \
    X(CORS_CODE_ORIGIN_FILE, "origin-file")                                 \
    X(CORS_CODE_ORIGIN_FTP, "origin-ftp")                                   \
    X(CORS_CODE_ORIGIN_HOST, "origin-host")                                 \
    X(CORS_CODE_ORIGIN_HOST_LONG, "origin-host-long")                       \
    X(CORS_CODE_ORIGIN_LABEL_LONG, "origin-label-long")                     \
    X(CORS_CODE_ORIGIN_NO_DOT, "origin-no-dot")                             \
    X(CORS_CODE_ORIGIN_NO_HOST, "origin-no-host")                           \
    X(CORS_CODE_ORIGIN_NO_SCHEME, "origin-no-scheme")                       \
    X(CORS_CODE_ORIGIN_NOT_ASCII, "origin-not-ascii")                       \
    X(CORS_CODE_ORIGIN_PATH, "origin-path")                                 \
    X(CORS_CODE_ORIGIN_PORT, "origin-port")                                 \
    X(CORS_CODE_ORIGIN_PUNYCODE, "origin-punycode")                         \
    X(CORS_CODE_ORIGIN_RANGE, "origin-range")                               \
    X(CORS_CODE_ORIGIN_REGEX, "origin-regex")                               \
    X(CORS_CODE_ORIGIN_SCHEME, "origin-scheme")                             \
    X(CORS_CODE_ORIGIN_SCHEME_LONG, "origin-scheme-long")                   \
    X(CORS_CODE_ORIGIN_SELF_WORD, "origin-self-word")                       \
    X(CORS_CODE_ORIGIN_SLASHES, "origin-slashes")                           \
    X(CORS_CODE_ORIGIN_SOCKET, "origin-socket")                             \
    X(CORS_CODE_ORIGIN_UPPER_CASE, "origin-upper-case")                     \
    X(CORS_CODE_ORIGIN_USER, "origin-user")                                 \
    X(CORS_CODE_ORIGIN_VARIABLE, "origin-variable")                         \
    X(CORS_CODE_ORIGIN_WILDCARD, "origin-wildcard")                         \
    /* errors: the name of a method or header */                            \
    X(CORS_CODE_NAME_ANY, "name-any")                                       \
    X(CORS_CODE_NAME_BLANK, "name-blank")                                   \
    X(CORS_CODE_NAME_BYTE, "name-byte")                                     \
    X(CORS_CODE_NAME_COMMA, "name-comma")                                   \
    X(CORS_CODE_NAME_CORS_HEADER, "name-cors-header")                       \
    X(CORS_CODE_NAME_FORBIDDEN, "name-forbidden")                           \
    X(CORS_CODE_NAME_HIDDEN, "name-hidden")                                 \
    X(CORS_CODE_NAME_LONG, "name-long")                                     \
    X(CORS_CODE_NAME_LOWER_CASE, "name-lower-case")                         \
    /* errors: a set */                                                     \
    X(CORS_CODE_SET_BLOCKS, "set-blocks")                                   \
    X(CORS_CODE_SET_INCOMPLETE, "set-incomplete")                           \
    X(CORS_CODE_SET_MISSING, "set-missing")                                 \
    X(CORS_CODE_SET_NAME, "set-name")                                       \
    X(CORS_CODE_SET_OPTION, "set-option")                                   \
    X(CORS_CODE_SET_PERMISSIONS, "set-permissions")                         \
    X(CORS_CODE_SET_PLACE, "set-place")                                     \
    X(CORS_CODE_SET_ROW, "set-row")                                         \
    X(CORS_CODE_SET_SOURCE, "set-source")                                   \
    X(CORS_CODE_SET_TOO_LARGE, "set-too-large")                             \
    X(CORS_CODE_SET_TWICE, "set-twice")                                     \
    X(CORS_CODE_SET_UNDEFINED, "set-undefined")                             \
    X(CORS_CODE_SET_UNREADABLE, "set-unreadable")                           \
    X(CORS_CODE_SET_WATCHDOG, "set-watchdog")                               \
    /* errors: directives that must not meet */                             \
    X(CORS_CODE_CREDENTIALS_ANY_ORIGIN, "credentials-any-origin")           \
    X(CORS_CODE_CREDENTIALS_INSECURE_ORIGIN, "credentials-insecure-origin") \
    X(CORS_CODE_CREDENTIALS_NULL_ORIGIN, "credentials-null-origin")         \
    X(CORS_CODE_CREDENTIALS_PUBLIC_SUFFIX, "credentials-public-suffix")     \
    X(CORS_CODE_ENFORCE_ANY_ORIGIN, "enforce-any-origin")                   \
    X(CORS_CODE_ENFORCE_NO_POLICY, "enforce-no-policy")                     \
    X(CORS_CODE_ENFORCE_NULL_ORIGIN, "enforce-null-origin")                 \
    X(CORS_CODE_INFO_UNPROTECTED, "info-unprotected")                       \
    X(CORS_CODE_NULL_ORIGIN, "null-origin")                                 \
    X(CORS_CODE_OUTSIDE_LIMIT, "outside-limit")                             \
    X(CORS_CODE_PRIVATE_NETWORK_ANY_ORIGIN, "private-network-any-origin")   \
    X(CORS_CODE_PRIVATE_NETWORK_NULL_ORIGIN, "private-network-null-origin") \
    X(CORS_CODE_STATIC_ORIGIN_LIST, "static-origin-list")                   \
    X(CORS_CODE_SUFFIX_LIST_MISSING, "suffix-list-missing")                 \
    /* warnings: directives of this module */                               \
    X(CORS_CODE_ALWAYS_READABLE, "always-readable")                         \
    X(CORS_CODE_COVERED, "covered")                                         \
    X(CORS_CODE_HOST_RANGE, "host-range")                                   \
    X(CORS_CODE_KEEP_ANSWERS, "keep-answers-preflights")                    \
    X(CORS_CODE_LISTED_TWICE, "listed-twice")                               \
    X(CORS_CODE_METHOD_CASE, "method-case")                                 \
    X(CORS_CODE_METHOD_MISSING, "method-missing")                           \
    X(CORS_CODE_NAME_PATTERN, "name-pattern")                               \
    X(CORS_CODE_NAME_SWITCH, "name-switch")                                 \
    X(CORS_CODE_NO_ORIGINS, "no-origins")                                   \
    X(CORS_CODE_SCHEME_SLIP, "scheme-slip")                                 \
    X(CORS_CODE_SET_UNUSED, "set-unused")                                   \
    /* warnings: directives of other modules */                             \
    X(CORS_CODE_ADDRESS_ANY_ORIGIN, "address-any-origin")                   \
    X(CORS_CODE_CACHE_KEEPS_HEADERS, "cache-keeps-headers")                 \
    X(CORS_CODE_CLIENT_CERTIFICATE, "client-certificate")                   \
    X(CORS_CODE_HEADER_KEPT, "header-kept")                                 \
    X(CORS_CODE_OPTIONS_LEFT_OVER, "options-left-over")                     \
    X(CORS_CODE_RECIPE_LEFT_OVER, "recipe-left-over")                       \
    X(CORS_CODE_REQUEST_HEADER_EARLY, "request-header-early")               \
    X(CORS_CODE_REQUEST_HEADER_LATE, "request-header-late")                 \
    X(CORS_CODE_REWRITE_REFUSES, "rewrite-refuses-preflights")              \
    X(CORS_CODE_VARY_LINE, "vary-line")

typedef enum {
#define X(value, word) value,
    CORS_CODES(X)
#undef X
} cors_code_e;

/* Returns the code as it is shown, "recipe-left-over". */
const char *cors_code_word(cors_code_e code);

/* Return the code of an error.  An origin that is no error by itself gets
 * CORS_CODE_STANDS_ALONE, and such a name gets CORS_CODE_METHODS_NONE. */
cors_code_e cors_code_of_origin(cors_pattern_e error);
cors_code_e cors_code_of_name(cors_name_e error);

/* Returns the code of what keeps a set from being used. */
cors_code_e cors_code_of_source(cors_source_fault_e fault);

/* Returns the code of a risk. */
cors_code_e cors_code_of_risk(const cors_risk_t *risk);

#endif
