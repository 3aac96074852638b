/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>

typedef struct block_t {
    void *at;
    apr_pool_t *p;
} block_t;

/* Blocks of the heap, all of them reachable for LeakSanitizer. */
typedef struct blocks_t {
    block_t *all;
    size_t count;
    size_t room;
} blocks_t;

static apr_pool_t *running; /* the pool of the current input, or NULL */
static blocks_t passing;    /* what was allocated from it */
static blocks_t lasting;    /* what outlives it */

/* Stands before APR's own.  In a program that is so for the calls from inside
 * APR as well; in a module of httpd APR was there first. */
void *apr_palloc(apr_pool_t *p, apr_size_t size)
{
    blocks_t *blocks = running && apr_pool_is_ancestor(running, p) ? &passing
                                                                   : &lasting;

    block_t *block;

    if (blocks->count == blocks->room) {
        blocks->room = blocks->room ? 2 * blocks->room : 1024;
        blocks->all = realloc(blocks->all, blocks->room * sizeof(block_t));
    }
    block = &blocks->all[blocks->count++];
    block->at = malloc(size);
    block->p = p;
    return block->at;
}

void fuzz_clear(apr_pool_t *p)
{
    size_t kept = 0;
    size_t i;

    apr_pool_clear(p);
    for (i = 0; i < passing.count; i++) {
        if (passing.all[i].p == p) {
            free(passing.all[i].at);
        }
        else {
            passing.all[kept++] = passing.all[i];
        }
    }
    passing.count = kept;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    return apr_initialize() != APR_SUCCESS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size);

    if (size) {
        memcpy(text, data, size);
    }
    apr_pool_create(&running, NULL);
    fuzz_one(text, size, running);
    apr_pool_destroy(running);
    running = NULL;
    while (passing.count) {
        free(passing.all[--passing.count].at);
    }
    free(text);
    return 0;
}

void fuzz_fail(const char *file, int line, const char *what,
               const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%d: does not hold: %s: ", file, line, what);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}
