/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The page of shared memory that each set has.  Processes write its numbers
 * with relaxed atomics and without a lock. */

#ifndef CORS_SHARED_H
#define CORS_SHARED_H

#include <apr.h>
#include <apr_time.h>

#include "policy/halves.h"
#include "sources/rows.h"

/* X(name, word): counters, and what reports call them. */
#define CORS_SHARED_COUNTERS(X)                                             \
    X(refreshes, "refreshes") /* of a snapshot: lists that were read */     \
    X(failures, "failures")   /* readings or questions without an answer */ \
    X(kept, "kept")           /* look-ups answered by what is kept */       \
    X(asked, "asked")         /* questions that the source was asked */     \
    X(refused, "refused")     /* questions that a limit kept back */

/* Bytes of the last message, with its NUL. */
#define CORS_SHARED_TEXT_MAX 512

/* Different messages that are remembered, so that each is logged once a
 * minute. */
#define CORS_SHARED_TOLD 8

/* Faulty rows of the list in use that reports show, and the bytes of each
 * one's texts, with their NULs. */
#define CORS_SHARED_ROWS         10
#define CORS_SHARED_ROW_MAX      208
#define CORS_SHARED_SENTENCE_MAX 512

typedef struct cors_shared_row_t {
    apr_uint32_t number;
    char text[CORS_SHARED_ROW_MAX];
    char sentence[CORS_SHARED_SENTENCE_MAX];
} cors_shared_row_t;

typedef struct cors_shared_told_t {
    apr_uint32_t hash; /* of a message */
    apr_uint32_t at;   /* when it was logged, seconds */
} cors_shared_told_t;

typedef struct cors_shared_t {
    cors_generations_t generations; /* of the snapshot */
    apr_uint32_t next_at;           /* when to read again, seconds */
    apr_uint32_t read_at;           /* when the list was last found fresh */
    apr_uint32_t count;             /* origins and patterns of the list */
    apr_uint32_t patterns;          /* how many of these are patterns */
    apr_uint32_t skipped;           /* its faulty rows */
    apr_uint32_t shown;             /* how many of these are in rows */
    apr_uint32_t doubted;           /* a list without rows is not believed */
    apr_uint32_t failing;           /* the last reading or question failed */
    apr_uint32_t failed_at;         /* when one failed last, seconds; 0: none
                                     * has failed */
    apr_uint32_t config;            /* by which configuration the source is
                                     * read now: a number that grows */
    apr_uint32_t read_config;       /* by which the list was read */
#define X(name, word) unsigned long name;
    CORS_SHARED_COUNTERS(X)
#undef X
    /* Only the process that has the lock of the set (refresh.c) writes these.
     * Those of a look-up set are written by anybody, so that a reader may see
     * a mix of two. */
    cors_shared_told_t told[CORS_SHARED_TOLD];
    char stamp[CORS_STAMP_MAX];
    char error[CORS_SHARED_TEXT_MAX]; /* why one failed last */
    cors_shared_row_t rows[CORS_SHARED_ROWS];
} cors_shared_t;

#define cors_shared_get(place) __atomic_load_n(&(place), __ATOMIC_RELAXED)
#define cors_shared_set(place, value) \
    __atomic_store_n(&(place), (value), __ATOMIC_RELAXED)

/* Adds 1 to a counter: cors_shared_count(source->shared, asked). */
#define cors_shared_count(shared, name) \
    ((void)__atomic_fetch_add(&(shared)->name, 1, __ATOMIC_RELAXED))

/* Returns the seconds since 1970, in which the page keeps times. */
static inline apr_uint32_t cors_shared_now(void)
{
    return (apr_uint32_t)apr_time_sec(apr_time_now());
}

/* Note what is known of the list that has been published, and why a reading or
 * a question failed at `now`, in seconds since 1970. */
void cors_shared_note_list(cors_shared_t *shared, const cors_rows_t *rows,
                           const cors_image_t *image);
void cors_shared_note_error(cors_shared_t *shared, const char *cause,
                            apr_uint32_t now);

/* Returns a copy, made in p, of a text of the shared memory that has room for
 * size bytes.  The text may change meanwhile. */
const char *cors_shared_text(const char *text, apr_size_t size, apr_pool_t *p);

#endif
