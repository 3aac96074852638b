/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Parts that all sentences of advice share: a byte in words, and a list whose
 * words are separated by something other than spaces. */

#ifndef CORS_ADVICE_H
#define CORS_ADVICE_H

#include <apr_pools.h>

/* Returns what to write for one word of a list, or NULL if nobody can tell.
 * kind is passed on from the caller.  The result is made in p. */
typedef const char *cors_mend_fn(const char *word, int kind, apr_pool_t *p);

/* Returns the corrected words of text with one space between them.  Bytes of
 * separators stand between the words, and blanks around them are dropped.
 * mend_word corrects each word, so that none of them is refused next;
 * "inherit" stays.  Returns NULL if there is no word, or if mend_word returns
 * NULL for any.  The result is made in p. */
const char *cors_advice_mend(const char *text, const char *separators,
                             cors_mend_fn *mend_word, int kind, apr_pool_t *p);

/* Whether a list takes the words, which spaces separate, together.  "*" and
 * "none" stand alone, but for a word that may stand beside "*", or NULL. */
int cors_advice_may_be_list(const char *words, const char *beside,
                            apr_pool_t *p);

/* Returns the sentence, followed by ": write " and words unless they are NULL.
 * The result is made in p. */
const char *cors_advice_write(const char *sentence, const char *words,
                              apr_pool_t *p);

/* Returns cors_advice_write() for a text with commas or semicolons between its
 * words or after them. */
const char *cors_advice_commas(const char *text, const char *words,
                               apr_pool_t *p);

/* Returns the byte in quotes if it is printable, otherwise as 0xNN.  The
 * result is made in p. */
const char *cors_advice_byte(char byte, apr_pool_t *p);

#endif
