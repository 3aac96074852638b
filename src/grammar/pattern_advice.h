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

/* What to write for one word of a list, or NULL if that can't be told.  kind
 * is the caller's.  Made in p. */
typedef const char *cors_mend_fn(const char *word, int kind, apr_pool_t *p);

/* Says how arguments are separated, and shows it where somebody put commas
 * between or after them and mend_word knows what to write for each. */
const char *cors_advice_commas(const char *text, cors_mend_fn *mend_word,
                               int kind, apr_pool_t *p);

/* The byte for a message: quoted if it can be shown, else as 0xNN. */
const char *cors_advice_byte(char byte, apr_pool_t *p);

#endif
