/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What to write instead: the sentences that end the messages about values of
 * a policy.
 */

#ifndef CORS_PATTERN_ADVICE_H
#define CORS_PATTERN_ADVICE_H

#include <apr_pools.h>

#include "grammar/pattern.h"

/* Says what is wrong with the origin pattern and, where that can be
 * computed, what to write: all that is wrong with it mended at once.  error
 * is what cors_pattern_parse() made of text, and not CORS_PATTERN_OK.  The
 * sentence is made in p. */
const char *cors_advice_origin(const char *text, cors_pattern_e error,
                               apr_pool_t *p);

#endif
