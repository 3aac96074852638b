/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The allowed origins of a policy.
 *
 * Exact origins are found by their bytes.  Patterns are found by a walk over
 * the ends of an origin's host (policy/ends.h), with one look-up at each end
 * that may be a pattern's:
 *
 *     https://a.b.example.com:8443
 *             | | |       '--- "com": all below com, port 8443 or any?
 *             | | '----------- "example.com": all below it?
 *             | '------------- "b.example.com": all below it?
 *             '--------------- the host itself, any port?
 *
 * Look-up time depends on the length of the origin, and never on the number of
 * origins in the list.
 */

#ifndef CORS_ORIGINS_H
#define CORS_ORIGINS_H

#include "grammar/origin.h"
#include "policy/list.h"
#include "policy/suffix.h"

/* Adds one argument of CorsAllowOrigin to a list.  arg must live as long as p.
 * suffixes is NULL if there is no list of public suffixes.  Returns NULL on
 * success.  Otherwise leaves the list as it was, and returns a sentence, made
 * in ptemp, that says what is wrong and what to write instead. */
const char *cors_origins_add(cors_list_t *list, const char *arg,
                             const cors_line_t *at,
                             const cors_suffixes_t *suffixes, apr_pool_t *p,
                             apr_pool_t *ptemp);

/* Returns the word that is exactly the len bytes at text, or NULL.  A text
 * that is found is a well-formed origin. */
const cors_word_t *cors_origins_find_exact(const cors_list_t *list,
                                           const char *text, size_t len);

/* Returns the most specific pattern that allows the origin, or NULL. */
const cors_word_t *cors_origins_find_pattern(const cors_list_t *list,
                                             const cors_origin_t *origin);

/* Returns another word of the list that already allows everything `word`
 * allows: an earlier duplicate or a wider pattern.  `word` may be of another
 * list.  Returns NULL if there is none, and for keywords.  The list must be a
 * leaf. */
const cors_word_t *cors_origins_find_other(const cors_list_t *list,
                                           const cors_word_t *word);

/* Does so for a word of the leaf itself. */
const cors_word_t *cors_origins_find_double(const cors_list_t *leaf,
                                            const cors_word_t *word);

#endif
