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
