/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Corrections of refused origin patterns. */

#ifndef CORS_PATTERN_MEND_H
#define CORS_PATTERN_MEND_H

#include <apr_pools.h>

#include "grammar/pattern.h"

/* Returns one or more patterns, separated by spaces, that say what the writer
 * of the NUL-terminated text meant, or NULL if nobody can tell.  error is the
 * result of cors_pattern_parse() for text, and neither CORS_PATTERN_OK nor
 * CORS_PATTERN_COMMA nor CORS_PATTERN_BLANK.  cors_pattern_parse() accepts
 * every pattern returned, "*" aside, and none allows more than the text could
 * mean.  The result is made in p, or is a constant. */
const char *cors_pattern_mend(const char *text, cors_pattern_e error,
                              apr_pool_t *p);

#endif
