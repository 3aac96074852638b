/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What all advice shares: a byte in words, and "spaces, not commas". */

#ifndef CORS_ADVICE_H
#define CORS_ADVICE_H

#include <apr_pools.h>

/* What to write for one word of a list, or NULL if that can't be told.  kind
 * is the caller's.  Made in p. */
typedef const char *cors_mend_fn(const char *word, int kind, apr_pool_t *p);

/* Ends the sentence with the words of text, one space between them, each as
 * mend_word has it, so that none of them leads to the next refusal.  Where
 * mend_word has nothing for one of them, the sentence stands alone. */
const char *cors_advice_separate(const char *sentence, const char *text,
                                 cors_mend_fn *mend_word, int kind,
                                 apr_pool_t *p);

/* Says how arguments are separated, and shows it where somebody put commas
 * between or after them and mend_word knows what to write for each. */
const char *cors_advice_commas(const char *text, cors_mend_fn *mend_word,
                               int kind, apr_pool_t *p);

/* The byte for a message: quoted if it can be shown, else as 0xNN. */
const char *cors_advice_byte(char byte, apr_pool_t *p);

#endif
