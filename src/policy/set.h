/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A set: a named list of origins that comes from outside the configuration.
 * Policies name it as @name beside other origins (policy/origins.h).
 *
 * One process reads a snapshot set, and all look origins up in shared memory
 * (policy/halves.h).  A look-up set is asked about one origin at a time: the
 * pure folders hand such a set on to whoever can ask (cors_facts_t). */

#ifndef CORS_SET_H
#define CORS_SET_H

#include <apr_pools.h>

#include "policy/list.h"
#include "policy/halves.h"

/* Bytes of a name. */
#define CORS_SET_NAME_MAX 64

/* Where the origins come from; sources/source.h knows what it is. */
typedef struct cors_source_t cors_source_t;

typedef struct cors_set_t {
    const char *name;      /* without "@" */
    const cors_line_t *at; /* its CorsOriginSet; NULL: none has been read */
    const cors_line_t *used_at; /* the first list that names it, or NULL */
    const char *from;           /* the source as it is written, for people */
    cors_source_t *source;
    cors_halves_t snapshot; /* of a look-up set: without memory */
    int is_lookup;
} cors_set_t;

/* A set that a list names. */
struct cors_set_use_t {
    cors_set_use_t *next; /* in the same leaf */
    const cors_set_t *set;
    const cors_word_t *words[CORS_IMAGE_RISKS + 1]; /* the word in the list,
                                                     * and copies of it with
                                                     * the flags of the risks
                                                     * that an origin of the
                                                     * set may have */
};

/* The answer of a list's sets about an origin. */
typedef struct cors_set_hit_t {
    const cors_word_t *word; /* which allows it, NULL: none does */
    const cors_set_t *set;   /* which has it; or if none has, the first that
                              * can't tell, or NULL */
    apr_uint32_t gens;       /* the sum of the generations that the last look
                              * saw: another one if any list was replaced */
} cors_set_hit_t;

/* Asks a look-up set.  Whoever may wait for an answer has such a function. */
typedef cors_found_e cors_ask_fn(const cors_set_t *set, const char *origin,
                                 size_t len);

/* Adds the set to the list of origins under the text "@name", which must live
 * as long as p.  Returns NULL on success.  Otherwise leaves the list as it
 * was, and returns CORS_LIST_ALONE. */
const char *cors_set_add(cors_list_t *list, const cors_set_t *set,
                         const char *text, const cors_line_t *at,
                         apr_pool_t *p);

/* Returns how many sets the leaf names. */
unsigned int cors_set_count(const cors_list_t *leaf);

/* Look for an origin in the sets of the list, the nearest section's first; for
 * a request that came at `now`, in seconds since 1970.  Return whether a set
 * has it.  What snapshots have is looked up without waiting.
 *
 * Exact origins come first, before the origin is parsed, and set *hit.
 * Patterns come second, with that *hit: if a list has been replaced since,
 * both are looked for again, so that an origin that one list has by a pattern
 * and the next one as it is never seems to be in neither. */
int cors_set_find_exact(const cors_list_t *list, apr_uint32_t now,
                        const char *text, size_t len, cors_set_hit_t *hit);
int cors_set_find_pattern(const cors_list_t *list, apr_uint32_t now,
                          const cors_origin_t *origin, const char *text,
                          size_t len, cors_set_hit_t *hit);

/* Asks the look-up sets of the list.  If `ask` is NULL, no look-up set can
 * tell.
 */
int cors_set_ask(const cors_list_t *list, cors_ask_fn *ask, const char *text,
                 size_t len, cors_set_hit_t *hit);

/* Does all of this in its order.  The origin is well-formed. */
int cors_set_has(const cors_list_t *list, apr_uint32_t now, cors_ask_fn *ask,
                 const char *text, size_t len, cors_set_hit_t *hit);

/* An ask function for whoever can't wait: any look-up set may have the
 * origin. */
cors_found_e cors_set_perhaps(const cors_set_t *set, const char *origin,
                              size_t len);

/* Returns the row of the set that allows the origin for a request that came at
 * `now`, for people: the origin itself or a pattern.  A look-up set is not
 * asked: it has nothing but origins.  Returns NULL if no row does.  Made in p.
 */
const char *cors_set_find_row(const cors_set_t *set, apr_uint32_t now,
                              const char *text, size_t len, apr_pool_t *p);

/* Returns an earlier word of the leaf for the same set as `word`, or NULL. */
const cors_word_t *cors_set_find_other(const cors_list_t *leaf,
                                       const cors_word_t *word);

/* Whether the name can be that of a set: a-z, 0-9 and "-", at most
 * CORS_SET_NAME_MAX. */
int cors_set_is_name(const char *name);

#endif
