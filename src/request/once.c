/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/once.h"

#include <apr_atomic.h>
#include <apr_hash.h>

/* The pairs of lines that a child logs at most. */
#define SAID_MAX 256

/* A hash of each pair of lines that this child has logged as being at odds, 0
 * where there is none yet. */
static volatile apr_uint32_t said[SAID_MAX];

/* Whether nobody has said so before.  When all places are taken, nothing more
 * is said. */
static int is_new(apr_uint32_t hash)
{
    apr_size_t i;

    for (i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        apr_uint32_t old = apr_atomic_cas32(&said[i], hash, 0);

        if (old == 0 || old == hash) {
            return old == 0;
        }
    }
    return 0;
}

static apr_uint32_t hash_line(const cors_line_t *line)
{
    const ap_directive_t *at = cors_line_directive(line);
    apr_ssize_t len = APR_HASH_KEY_STRING;

    return apr_hashfunc_default(at->filename, &len) * 31
           + (apr_uint32_t)at->line_num;
}

int cors_once(const cors_line_t *line, const cors_line_t *other)
{
    apr_uint32_t hash = hash_line(line) * 31 + (other ? hash_line(other) : 0);

    return is_new(hash | 1); /* 0 is a free place */
}
