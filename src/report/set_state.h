/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What is known of each set: the model of every report of sets.
 *
 * A running server has this in memory that all its processes share.  A test of
 * the configuration reads the files alone (cors_reading_load()), and says of
 * the other sources that it does not read them. */

#ifndef CORS_SET_STATE_H
#define CORS_SET_STATE_H

#include <apr_tables.h>

#include "sources/source.h"

typedef struct cors_set_state_t {
    const cors_set_t *set; /* its name, source and line */
    const char *kind;      /* "file", "dbd", "redis" */
    int is_known;          /* 0: nothing below is, a test has not read it */
    int is_test;           /* only the list and the error are */
    apr_uint32_t now;      /* when all this was taken; all times are seconds
                            * since 1970 */
    /* Of a snapshot: */
    apr_uint32_t generation; /* 0: there is no list yet */
    apr_uint32_t origins;    /* of the list, patterns too */
    apr_uint32_t patterns;
    apr_uint32_t skipped;           /* faulty rows */
    const apr_array_header_t *rows; /* cors_bad_row_t: the first of these */
    apr_uint32_t read_at;           /* when the list was last found current */
    apr_uint32_t good_until;        /* CORS_HALVES_FOREVER: it has no end */
    /* Of every set: */
    int is_failing;         /* the last reading or question failed */
    apr_uint32_t failed_at; /* 0: none has failed */
    const char *error;      /* why one failed last, NULL: none has */
#define X(name, word) unsigned long name;
    CORS_SHARED_COUNTERS(X)
#undef X
} cors_set_state_t;

/* Returns the state of all sets that have a source, in the order in which they
 * were named.  Made in p. */
const apr_array_header_t *cors_set_states(apr_pool_t *p);

/* A line for people. */
typedef struct cors_set_fact_t {
    const char *name; /* "origins" */
    const char *text; /* "12, of which 3 are patterns" */
} cors_set_fact_t;

/* Returns what the state comes to, as cors_set_fact_t.  Made in p. */
const apr_array_header_t *cors_set_facts(const cors_set_state_t *state,
                                         apr_pool_t *p);

#endif
