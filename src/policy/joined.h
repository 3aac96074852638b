/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A header value that grows piece by piece: "A, B, C". */

#ifndef CORS_JOINED_H
#define CORS_JOINED_H

#include <apr_pools.h>

/* An empty value is all 0. */
typedef struct cors_joined_t {
    char *text; /* NUL-terminated, NULL while empty */
    apr_size_t len;
    apr_size_t room; /* bytes allocated */
} cors_joined_t;

/* Adds the len bytes at piece, with ", " before them unless the value is
 * empty.  Allocates the room from p and doubles it when it is full. */
void cors_joined_add(cors_joined_t *joined, const char *piece, apr_size_t len,
                     apr_pool_t *p);

#endif
