/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/finding.h"

#include <stdarg.h>

#include <apr_strings.h>

void cors_finding_add(cors_check_t *check, const cors_finding_t *finding)
{
    APR_ARRAY_PUSH(check->findings, cors_finding_t) = *finding;
}

int cors_finding_is_known(cors_check_t *check, const char *text)
{
    if (apr_hash_get(check->known, text, APR_HASH_KEY_STRING)) {
        return 1;
    }
    apr_hash_set(check->known, apr_pstrdup(check->p, text),
                 APR_HASH_KEY_STRING, check);
    return 0;
}

void cors_finding_warn(cors_check_t *check, cors_code_e code,
                       const cors_line_t *at, const char *format, ...)
{
    cors_finding_t finding = { .code = code, .at = at };
    va_list arguments;

    va_start(arguments, format);
    finding.text = apr_pvsprintf(check->p, format, arguments);
    va_end(arguments);
    cors_finding_add(check, &finding);
}

const char *cors_finding_message(const cors_finding_t *finding, apr_pool_t *p)
{
    return apr_psprintf(p, "%s [%s]", finding->text,
                        cors_code_word(finding->code));
}
