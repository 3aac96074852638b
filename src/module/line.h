/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A line of the configuration: "line 3 of /etc/httpd/x.conf".
 *
 * The pure folders keep a pointer to a line with each value, and never look
 * into the line.  The line is the ap_directive_t that httpd has made of it.
 */

#ifndef CORS_LINE_H
#define CORS_LINE_H

#include "module/module.h"
#include "policy/list.h"

static inline const cors_line_t *cors_line_of(const ap_directive_t *directive)
{
    return (const cors_line_t *)directive;
}

static inline const ap_directive_t *cors_line_directive(
    const cors_line_t *line)
{
    return (const ap_directive_t *)line;
}

/* Returns "line 3 of x.conf", made in p. */
const char *cors_line_name(const cors_line_t *line, apr_pool_t *p);

#endif
