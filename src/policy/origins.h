/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The allowed origins of a policy.
 *
 * Exact origins are found by their bytes.  Patterns are found by walking the
 * host of an origin from its end, one look-up at each dot that stands before
 * as many bytes as some pattern has.  The hash is carried on from right to
 * left:
 *
 *     https://a.b.example.com:8443
 *             | | |       '--- "com": all below com, port 8443 or any?
 *             | | '----------- "example.com": all below it?
 *             | '------------- "b.example.com": all below it?
 *             '--------------- the host itself, any port?
 *
 * So the time depends on the origin's length, never on that of the list.
 */

#ifndef CORS_ORIGINS_H
#define CORS_ORIGINS_H

#include "policy/list.h"
#include "grammar/origin.h"
#include "policy/suffix.h"

/* Adds one argument of CorsAllowOrigin to a list.  arg must live as long as
 * p.  suffixes: the public suffixes, NULL if they are not known.  Returns
 * NULL, or what is wrong and what to write instead, made in ptemp; the list is
 * as before then. */
const char *cors_origins_add(cors_list_t *list, const char *arg,
                             const cors_line_t *at,
                             const cors_suffixes_t *suffixes, apr_pool_t *p,
                             apr_pool_t *ptemp);

/* The word that allows exactly the len bytes at text, or NULL.  Whatever is
 * found is a well-formed origin. */
const cors_word_t *cors_origins_find_exact(const cors_list_t *list,
                                           const char *text, size_t len);

/* The most specific pattern that allows the origin, or NULL. */
const cors_word_t *cors_origins_find_pattern(const cors_list_t *list,
                                             const cors_origin_t *origin);

/* Another word of the same list, one that inherits nothing, that allows all
 * that word allows: the first of two equal ones, or a wider pattern.  NULL if
 * there is none. */
const cors_word_t *cors_origins_find_other(const cors_list_t *list,
                                           const cors_word_t *word);

#endif
