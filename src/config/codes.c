/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/codes.h"

const char *cors_code_word(cors_code_e code)
{
    static const char *const words[] = {
#define X(value, word) word,
        CORS_CODES(X)
#undef X
    };

    return words[code];
}

/* X(error, code): the rows of a switch without default, so that the compiler
 * asks for the code of a new error. */
#define ORIGIN_CODES(X)                                             \
    X(CORS_PATTERN_COMMA, CORS_CODE_ORIGIN_COMMA)                   \
    X(CORS_PATTERN_BLANK, CORS_CODE_ORIGIN_BLANK)                   \
    X(CORS_PATTERN_NO_SCHEME, CORS_CODE_ORIGIN_NO_SCHEME)           \
    X(CORS_PATTERN_SCHEME, CORS_CODE_ORIGIN_SCHEME)                 \
    X(CORS_PATTERN_SCHEME_LONG, CORS_CODE_ORIGIN_SCHEME_LONG)       \
    X(CORS_PATTERN_NO_HOST, CORS_CODE_ORIGIN_NO_HOST)               \
    X(CORS_PATTERN_PATH, CORS_CODE_ORIGIN_PATH)                     \
    X(CORS_PATTERN_USER, CORS_CODE_ORIGIN_USER)                     \
    X(CORS_PATTERN_CASE, CORS_CODE_ORIGIN_UPPER_CASE)               \
    X(CORS_PATTERN_WILDCARD, CORS_CODE_ORIGIN_WILDCARD)             \
    X(CORS_PATTERN_HOST, CORS_CODE_ORIGIN_HOST)                     \
    X(CORS_PATTERN_IDN, CORS_CODE_ORIGIN_NOT_ASCII)                 \
    X(CORS_PATTERN_PUNYCODE, CORS_CODE_ORIGIN_PUNYCODE)             \
    X(CORS_PATTERN_FIRST_DOT, CORS_CODE_ORIGIN_EMPTY_LABEL)         \
    X(CORS_PATTERN_DOT, CORS_CODE_ORIGIN_DOT)                       \
    X(CORS_PATTERN_EMPTY_LABEL, CORS_CODE_ORIGIN_EMPTY_LABEL)       \
    X(CORS_PATTERN_LABEL_LONG, CORS_CODE_ORIGIN_LABEL_LONG)         \
    X(CORS_PATTERN_HOST_LONG, CORS_CODE_ORIGIN_HOST_LONG)           \
    X(CORS_PATTERN_ADDRESS, CORS_CODE_ORIGIN_ADDRESS)               \
    X(CORS_PATTERN_ADDRESS_IPV6, CORS_CODE_ORIGIN_ADDRESS_IPV6)     \
    X(CORS_PATTERN_ADDRESS_FORM, CORS_CODE_ORIGIN_ADDRESS_FORM)     \
    X(CORS_PATTERN_BRACKETS, CORS_CODE_ORIGIN_BRACKETS)             \
    X(CORS_PATTERN_ADDRESS_WILD, CORS_CODE_ORIGIN_ADDRESS_WILDCARD) \
    X(CORS_PATTERN_PORT, CORS_CODE_ORIGIN_PORT)                     \
    X(CORS_PATTERN_PORT_DEFAULT, CORS_CODE_ORIGIN_DEFAULT_PORT)     \
    X(CORS_PATTERN_PORTS, CORS_CODE_ORIGIN_PORT)                    \
    X(CORS_PATTERN_BEFORE, CORS_CODE_ORIGIN_SCHEME)                 \
    X(CORS_PATTERN_JOINED, CORS_CODE_ORIGIN_BLANK)                  \
    X(CORS_PATTERN_SLASHES, CORS_CODE_ORIGIN_SLASHES)               \
    X(CORS_PATTERN_NO_DOT, CORS_CODE_ORIGIN_NO_DOT)                 \
    X(CORS_PATTERN_ANY_WORD, CORS_CODE_ORIGIN_ANY_WORD)             \
    X(CORS_PATTERN_SELF_WORD, CORS_CODE_ORIGIN_SELF_WORD)           \
    X(CORS_PATTERN_FILE, CORS_CODE_ORIGIN_FILE)                     \
    X(CORS_PATTERN_DATA, CORS_CODE_ORIGIN_DATA)                     \
    X(CORS_PATTERN_ABOUT, CORS_CODE_ORIGIN_ABOUT)                   \
    X(CORS_PATTERN_BLOB, CORS_CODE_ORIGIN_BLOB)                     \
    X(CORS_PATTERN_SOCKET, CORS_CODE_ORIGIN_SOCKET)                 \
    X(CORS_PATTERN_FTP, CORS_CODE_ORIGIN_FTP)                       \
    X(CORS_PATTERN_RANGE, CORS_CODE_ORIGIN_RANGE)                   \
    X(CORS_PATTERN_REGEX, CORS_CODE_ORIGIN_REGEX)                   \
    X(CORS_PATTERN_VARIABLE, CORS_CODE_ORIGIN_VARIABLE)

#define NAME_CODES(X)                                \
    X(CORS_NAME_EMPTY, CORS_CODE_EMPTY_ARGUMENT)     \
    X(CORS_NAME_LONG, CORS_CODE_NAME_LONG)           \
    X(CORS_NAME_COMMA, CORS_CODE_NAME_COMMA)         \
    X(CORS_NAME_BLANK, CORS_CODE_NAME_BLANK)         \
    X(CORS_NAME_BYTE, CORS_CODE_NAME_BYTE)           \
    X(CORS_NAME_FORBIDDEN, CORS_CODE_NAME_FORBIDDEN) \
    X(CORS_NAME_CASE, CORS_CODE_NAME_LOWER_CASE)     \
    X(CORS_NAME_ANY, CORS_CODE_NAME_ANY)             \
    X(CORS_NAME_HIDDEN, CORS_CODE_NAME_HIDDEN)       \
    X(CORS_NAME_RESPONSE, CORS_CODE_NAME_CORS_HEADER)

cors_code_e cors_code_of_origin(cors_pattern_e error)
{
    switch (error) {
#define X(error, code) \
    case error:        \
        return code;
        ORIGIN_CODES(X)
#undef X
    case CORS_PATTERN_OK:
        break;
    }
    /* The list has refused the origin. */
    return CORS_CODE_STANDS_ALONE;
}

cors_code_e cors_code_of_name(cors_name_e error)
{
    switch (error) {
#define X(error, code) \
    case error:        \
        return code;
        NAME_CODES(X)
#undef X
    case CORS_NAME_OK:
        break;
    }
    /* "none" is a name that no list of methods takes. */
    return CORS_CODE_METHODS_NONE;
}

static cors_code_e code_of_credentials(const cors_risk_t *risk)
{
    switch (risk->flag) {
    case CORS_WORD_ANY:
        return CORS_CODE_CREDENTIALS_ANY_ORIGIN;
    case CORS_WORD_NULL:
        return CORS_CODE_CREDENTIALS_NULL_ORIGIN;
    case CORS_WORD_INSECURE:
        return CORS_CODE_CREDENTIALS_INSECURE_ORIGIN;
    case CORS_WORD_SUFFIX:
        return CORS_CODE_CREDENTIALS_PUBLIC_SUFFIX;
    default:
        break;
    }
    return CORS_CODE_SUFFIX_LIST_MISSING;
}

cors_code_e cors_code_of_risk(const cors_risk_t *risk)
{
    switch (risk->with) {
    case CORS_WITH_CREDENTIALS:
        return code_of_credentials(risk);
    case CORS_WITH_PRIVATE_NETWORK:
        return risk->flag == CORS_WORD_ANY
                   ? CORS_CODE_PRIVATE_NETWORK_ANY_ORIGIN
                   : CORS_CODE_PRIVATE_NETWORK_NULL_ORIGIN;
    case CORS_WITH_ENFORCEMENT:
        return risk->flag == CORS_WORD_ANY ? CORS_CODE_ENFORCE_ANY_ORIGIN
                                           : CORS_CODE_ENFORCE_NULL_ORIGIN;
    case CORS_WITH_NOTHING:
        break;
    }
    return CORS_CODE_NULL_ORIGIN;
}

cors_code_e cors_code_of_source(cors_source_fault_e fault)
{
    switch (fault) {
    case CORS_SOURCE_MISSING:
        return CORS_CODE_SET_MISSING;
    case CORS_SOURCE_NO_WATCHDOG:
        return CORS_CODE_SET_WATCHDOG;
    case CORS_SOURCE_BLOCKS:
        return CORS_CODE_SET_BLOCKS;
    case CORS_SOURCE_UNREADABLE:
        return CORS_CODE_SET_UNREADABLE;
    case CORS_SOURCE_PERMISSIONS:
        return CORS_CODE_SET_PERMISSIONS;
    case CORS_SOURCE_INCOMPLETE:
        return CORS_CODE_SET_INCOMPLETE;
    case CORS_SOURCE_INVALID_ROW:
        return CORS_CODE_SET_ROW;
    case CORS_SOURCE_TOO_LARGE:
        return CORS_CODE_SET_TOO_LARGE;
    case CORS_SOURCE_MALFORMED:
    case CORS_SOURCE_OK:
        break;
    }
    return CORS_CODE_SET_SOURCE;
}
