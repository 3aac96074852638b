/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Asks for what C99 leaves out of the system's headers. */
#define _DEFAULT_SOURCE 1 /* NOLINT: the system reserves the name for this */

#include "policy/pages.h"

#ifdef _WIN32
#define CORS_PAGES_OF_APR
#endif

#ifdef CORS_PAGES_OF_APR
#include <apr_shm.h>

/* A system may refuse as much here as it has no memory for. */
void *cors_pages_take(size_t size, apr_pool_t *p)
{
    apr_shm_t *shm;

    return apr_shm_create(&shm, size, NULL, p) == APR_SUCCESS
               ? apr_shm_baseaddr_get(shm)
               : NULL;
}

#else
#include <sys/mman.h>

/* Not every system promises memory to a block before the block is touched. */
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

typedef struct pages_t {
    void *memory;
    size_t size;
} pages_t;

static apr_status_t give_back(void *data)
{
    const pages_t *pages = data;

    munmap(pages->memory, pages->size);
    return APR_SUCCESS;
}

void *cors_pages_take(size_t size, apr_pool_t *p)
{
    pages_t *pages = apr_palloc(p, sizeof(*pages));

    pages->size = size;
    pages->memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages->memory == MAP_FAILED) {
        return NULL;
    }
    apr_pool_cleanup_register(p, pages, give_back, apr_pool_cleanup_null);
    return pages->memory;
}

#endif
