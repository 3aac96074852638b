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

/* No default: a new error has to get a code here. */
cors_code_e cors_code_of_origin(cors_pattern_e error)
{
    switch (error) {
    case CORS_PATTERN_OK:
        break;
    case CORS_PATTERN_COMMA:
        return CORS_CODE_ORIGIN_COMMA;
    case CORS_PATTERN_BLANK:
        return CORS_CODE_ORIGIN_BLANK;
    case CORS_PATTERN_NO_SCHEME:
        return CORS_CODE_ORIGIN_NO_SCHEME;
    case CORS_PATTERN_SCHEME:
        return CORS_CODE_ORIGIN_SCHEME;
    case CORS_PATTERN_SCHEME_LONG:
        return CORS_CODE_ORIGIN_SCHEME_LONG;
    case CORS_PATTERN_FILE:
        return CORS_CODE_ORIGIN_FILE;
    case CORS_PATTERN_NO_HOST:
        return CORS_CODE_ORIGIN_NO_HOST;
    case CORS_PATTERN_PATH:
        return CORS_CODE_ORIGIN_PATH;
    case CORS_PATTERN_USER:
        return CORS_CODE_ORIGIN_USER;
    case CORS_PATTERN_CASE:
        return CORS_CODE_ORIGIN_UPPER_CASE;
    case CORS_PATTERN_WILDCARD:
        return CORS_CODE_ORIGIN_WILDCARD;
    case CORS_PATTERN_HOST:
        return CORS_CODE_ORIGIN_HOST;
    case CORS_PATTERN_IDN:
        return CORS_CODE_ORIGIN_NOT_ASCII;
    case CORS_PATTERN_PUNYCODE:
        return CORS_CODE_ORIGIN_PUNYCODE;
    case CORS_PATTERN_DOT:
        return CORS_CODE_ORIGIN_DOT;
    case CORS_PATTERN_EMPTY_LABEL:
        return CORS_CODE_ORIGIN_EMPTY_LABEL;
    case CORS_PATTERN_LABEL_LONG:
        return CORS_CODE_ORIGIN_LABEL_LONG;
    case CORS_PATTERN_HOST_LONG:
        return CORS_CODE_ORIGIN_HOST_LONG;
    case CORS_PATTERN_ADDRESS:
    case CORS_PATTERN_ADDRESS_IPV6:
        return CORS_CODE_ORIGIN_ADDRESS;
    case CORS_PATTERN_ADDRESS_FORM:
        return CORS_CODE_ORIGIN_ADDRESS_FORM;
    case CORS_PATTERN_BRACKETS:
        return CORS_CODE_ORIGIN_BRACKETS;
    case CORS_PATTERN_ADDRESS_WILD:
        return CORS_CODE_ORIGIN_ADDRESS_WILDCARD;
    case CORS_PATTERN_PORT:
        return CORS_CODE_ORIGIN_PORT;
    case CORS_PATTERN_PORT_DEFAULT:
        return CORS_CODE_ORIGIN_DEFAULT_PORT;
    case CORS_PATTERN_ABOUT:
        return CORS_CODE_ORIGIN_ABOUT_URL;
    case CORS_PATTERN_ANY_WORD:
        return CORS_CODE_ORIGIN_EVERY;
    case CORS_PATTERN_BLOB:
        return CORS_CODE_ORIGIN_BLOB_URL;
    case CORS_PATTERN_DATA:
        return CORS_CODE_ORIGIN_DATA_URL;
    case CORS_PATTERN_FTP:
        return CORS_CODE_ORIGIN_FTP;
    case CORS_PATTERN_NO_DOT:
        return CORS_CODE_ORIGIN_NO_DOT;
    case CORS_PATTERN_RANGE:
        return CORS_CODE_ORIGIN_ADDRESS_RANGE;
    case CORS_PATTERN_REGEX:
        return CORS_CODE_ORIGIN_REGULAR_EXPRESSION;
    case CORS_PATTERN_SELF_WORD:
        return CORS_CODE_ORIGIN_SELF;
    case CORS_PATTERN_SLASHES:
        return CORS_CODE_ORIGIN_SLASHES;
    case CORS_PATTERN_SOCKET:
        return CORS_CODE_ORIGIN_WEBSOCKET;
    case CORS_PATTERN_VARIABLE:
        return CORS_CODE_ORIGIN_VARIABLE;
    }
    return CORS_CODE_STANDS_ALONE;
}

cors_code_e cors_code_of_name(cors_name_e error)
{
    switch (error) {
    case CORS_NAME_OK:
        break;
    case CORS_NAME_EMPTY:
        return CORS_CODE_NAME_EMPTY;
    case CORS_NAME_ANY:
        return CORS_CODE_NAME_ANY;
    case CORS_NAME_LONG:
        return CORS_CODE_NAME_LONG;
    case CORS_NAME_COMMA:
        return CORS_CODE_NAME_COMMA;
    case CORS_NAME_BYTE:
        return CORS_CODE_NAME_BYTE;
    case CORS_NAME_FORBIDDEN:
        return CORS_CODE_NAME_FORBIDDEN;
    case CORS_NAME_CASE:
        return CORS_CODE_NAME_LOWER_CASE;
    case CORS_NAME_HIDDEN:
        return CORS_CODE_NAME_HIDDEN;
    case CORS_NAME_RESPONSE:
        return CORS_CODE_NAME_CORS_HEADER;
    }
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
    case CORS_WITH_NOTHING:
        break;
    }
    return CORS_CODE_NULL_ORIGIN;
}
