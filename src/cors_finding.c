/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "cors_finding.h"

#include <stdarg.h>

#include <apr_strings.h>

void cors_finding_add(cors_check_t *check, int refused,
                      const ap_directive_t *at, const char *text)
{
    cors_finding_t *finding = apr_array_push(check->findings);

    finding->refused = refused;
    finding->at = at;
    finding->text = text;
}

void cors_finding_warn(cors_check_t *check, const ap_directive_t *at,
                       const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    cors_finding_add(check, 0, at, apr_pvsprintf(check->p, format, arguments));
    va_end(arguments);
}
