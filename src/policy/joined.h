/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A header value that is put together piece by piece: "A, B, C". */

#ifndef CORS_JOINED_H
#define CORS_JOINED_H

#include <apr_pools.h>

/* All 0 while empty. */
typedef struct cors_joined_t {
    char *text; /* NUL-terminated, NULL while empty */
    apr_size_t len;
    apr_size_t room; /* bytes allocated */
} cors_joined_t;

/* Adds len bytes at piece, after ", " if there is something before.  The room
 * is allocated from p and doubles when it is full. */
void cors_joined_add(cors_joined_t *joined, const char *piece, apr_size_t len,
                     apr_pool_t *p);

#endif
