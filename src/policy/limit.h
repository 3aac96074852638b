/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Ceilings: CorsLimitOrigin.  Whatever a policy allows, an origin has to be
 * within every ceiling that holds for the request.
 *
 * Each line is a ceiling of its own, and merging chains all of them, the
 * nearest first: no line and no section can widen or drop another's ceiling.
 */

#ifndef CORS_LIMIT_H
#define CORS_LIMIT_H

#include "policy/origins.h"
#include "policy/set.h"

typedef struct cors_limit_t cors_limit_t;
struct cors_limit_t {
    const cors_limit_t *outer; /* the next ceiling, NULL: this is the last */
    cors_list_t *list;         /* what the line lists: a leaf, in which
                                * nothing but origins, patterns and sets
                                * stands */
    const cors_word_t *below;  /* all of the list, if that is one pattern with
                                * subdomains and one port, else NULL */
};

/* Makes an empty ceiling within `outer`, which may be NULL.  Made in p. */
cors_limit_t *cors_limit_make(const cors_limit_t *outer, apr_pool_t *p);

/* Whether a ceiling may list the argument: "*", null, none and inherit are no
 * origins to stay within. */
int cors_limit_takes(const char *arg);

/* Adds one argument, which cors_limit_takes(), as cors_origins_add() does. */
const char *cors_limit_add(cors_limit_t *limit, const char *arg,
                           const cors_line_t *at,
                           const cors_suffixes_t *suffixes, apr_pool_t *p,
                           apr_pool_t *ptemp);

/* Returns the list, for the caller to add a set to. */
cors_list_t *cors_limit_list_for_set(cors_limit_t *limit);

/* Chains the ceilings of a nearer section, add, before those of an enclosing
 * one.  Either may be NULL.  Returns one of the two, or copies made in p.
 * Takes one step for each ceiling of add, and no more stack for more of them.
 * Associative. */
const cors_limit_t *cors_limit_merge(apr_pool_t *p, const cors_limit_t *base,
                                     const cors_limit_t *add);

/* Returns the nearest ceiling whose own origins and patterns do not have the
 * well-formed origin, or NULL if the origin is within all of them.  No ceiling
 * has null or "*".  Does not look into sets.  Allocates nothing. */
const cors_limit_t *cors_limit_find_outside(const cors_limit_t *limits,
                                            const char *text, size_t len);

/* Does so, and looks into the sets of the ceilings too, as cors_set_find_exact
 * and cors_set_ask do: whoever allows an origin for a request asks this.
 * *unknown is set to the set of the returned ceiling that can't tell, or to
 * NULL. */
const cors_limit_t *cors_limit_find_outside_sets(const cors_limit_t *limits,
                                                 apr_uint32_t now,
                                                 cors_ask_fn *ask,
                                                 const char *text, size_t len,
                                                 const cors_set_t **unknown);

/* Whether the ceiling itself has a pattern that allows all that the word, an
 * allowed origin or pattern of a policy, allows: never for "*" and null. */
int cors_limit_covers(const cors_limit_t *limit, const cors_word_t *word);

/* Whether any of the ceilings names a set. */
static inline int cors_limits_name_sets(const cors_limit_t *limits)
{
    while (limits && !limits->list->sets) {
        limits = limits->outer;
    }
    return limits != NULL;
}

/* The line of the ceiling. */
static inline const cors_line_t *cors_limit_line(const cors_limit_t *limit)
{
    return limit->list->first->at;
}

#endif
