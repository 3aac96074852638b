/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Text for a page in HTML. */

#ifndef CORS_HTML_H
#define CORS_HTML_H

#include "module/module.h"

/* Returns the text with character references for what has a meaning in HTML,
 * and U+FFFD for what no text may have: control characters, and bytes that are
 * not UTF-8.  Returns the text itself if there is no such byte; made in p
 * otherwise. */
const char *cors_html_escape(const char *text, apr_pool_t *p);

/* Writes the format to the response: %s is a text, which is escaped, and %d a
 * number.  There is nothing else of printf(). */
void cors_html_print(request_rec *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
