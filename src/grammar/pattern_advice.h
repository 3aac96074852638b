/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Sentences about refused origin patterns. */

#ifndef CORS_PATTERN_ADVICE_H
#define CORS_PATTERN_ADVICE_H

#include <apr_pools.h>

#include "grammar/pattern.h"

/* Returns a sentence that says what is wrong with the NUL-terminated text and
 * ends with what to write: a pattern with every fault corrected at once if
 * that can be computed, otherwise an example.  error is the result of
 * cors_pattern_parse(), and not CORS_PATTERN_OK.  The sentence is made in p,
 * or is a constant. */
const char *cors_advice_origin(const char *text, cors_pattern_e error,
                               apr_pool_t *p);

#endif
