/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "module/line.h"

#include <apr_strings.h>

const char *cors_line_name(const cors_line_t *line, apr_pool_t *p)
{
    const ap_directive_t *at = cors_line_directive(line);

    return apr_psprintf(p, "line %d of %s", at->line_num, at->filename);
}
