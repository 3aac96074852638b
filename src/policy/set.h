/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A set: a named list of origins that comes from outside the configuration.
 * Policies name it as @name beside other origins (policy/origins.h).
 *
 * A snapshot set is read by one process and looked up by all, in shared memory
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
    const char *from;      /* the source as it is written, for people */
    cors_source_t *source;
    cors_halves_t snapshot; /* of a look-up set: without memory */
    int is_lookup;
} cors_set_t;

/* Whether the name is one: a-z, 0-9 and "-", at most CORS_SET_NAME_MAX. */
int cors_set_is_name(const char *name);

#endif
