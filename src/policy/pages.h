/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Large blocks of memory of which perhaps little is used: the one place in the
 * pure folders that asks the system. */

#ifndef CORS_PAGES_H
#define CORS_PAGES_H

#include <stddef.h>

#include <apr_pools.h>

/* Returns `size` bytes of zeros, aligned to 8 bytes, or NULL if the system has
 * no address space.  Only pages that are touched cost memory, and all go back
 * to the system with the pool. */
void *cors_pages_take(size_t size, apr_pool_t *p);

#endif
