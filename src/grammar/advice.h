/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Parts that all sentences of advice share: a byte in words, and a list whose
 * words are separated by something other than spaces. */

#ifndef CORS_ADVICE_H
#define CORS_ADVICE_H

#include <apr_pools.h>

/* Returns what to write for one word of a list, or NULL if nobody can tell.
 * kind is passed on from the caller.  The result is made in p. */
typedef const char *cors_mend_fn(const char *word, int kind, apr_pool_t *p);

/* Returns the sentence, followed by ": write " and the corrected words of text
 * with one space between them.  mend_word corrects each word, so that none of
 * them is refused next; "inherit" stays.  Returns the sentence alone if
 * mend_word returns NULL for any word.  The result is made in p. */
const char *cors_advice_separate(const char *sentence, const char *text,
                                 cors_mend_fn *mend_word, int kind,
                                 apr_pool_t *p);

/* Returns cors_advice_separate() for a text with commas or semicolons between
 * its words or after them. */
const char *cors_advice_commas(const char *text, cors_mend_fn *mend_word,
                               int kind, apr_pool_t *p);

/* Returns the byte in quotes if it is printable, otherwise as 0xNN.  The
 * result is made in p. */
const char *cors_advice_byte(char byte, apr_pool_t *p);

#endif
