/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The rules of CORS once more, by texts alone: no tables, no hashes, nothing
 * computed ahead.  Slow and simple, for the targets to compare with. */

#ifndef NAIVE_H
#define NAIVE_H

#include <apr_tables.h>

/* Whether the pattern allows the well-formed origin. */
int naive_allows(const char *pattern, const char *origin);

/* Whether wide allows all that narrow, a pattern too, allows. */
int naive_covers(const char *wide, const char *narrow);

/* Whether credentials with the pattern would go in clear text, and whether
 * they would go to hosts that anyone can have. */
int naive_is_insecure(const char *pattern);
int naive_is_below_suffix(const char *pattern);

/* Origins to try a pattern with: some that it allows, some that it nearly
 * does.  const char *. */
apr_array_header_t *naive_candidates(const char *pattern, apr_pool_t *p);

/* RFC 9110, 5.6.2. */
int naive_is_token(const char *text);

/* Whether one of the words, const char *, is text, and the same with ASCII
 * letters in any case. */
int naive_has(const apr_array_header_t *words, const char *text);
int naive_has_in_any_case(const apr_array_header_t *words, const char *text);

/* The elements of a field value between commas, spaces and tabs around them
 * cut off, empty ones left out.  const char *. */
apr_array_header_t *naive_elements(const char *value, apr_pool_t *p);

#endif
