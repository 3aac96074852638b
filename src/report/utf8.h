/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Text for formats that are UTF-8: paths and arguments may hold any byte. */

#ifndef CORS_UTF8_H
#define CORS_UTF8_H

#include <apr_pools.h>

/* Returns the text with U+FFFD for each byte that is no part of a well-formed
 * sequence (Unicode, table 3-7: no overlong forms, no surrogates, nothing
 * beyond U+10FFFF).  Returns the text itself if there is no such byte; made in
 * p otherwise. */
const char *cors_utf8_mend(const char *text, apr_pool_t *p);

#endif
