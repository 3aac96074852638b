/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/once.h"

#include <apr_atomic.h>
#include <apr_hash.h>

/* Hashes; 0 is a free place. */
typedef struct file_t {
    volatile apr_uint32_t file;
    volatile apr_uint32_t lines[CORS_ONCE_LINES];
} file_t;

static file_t files[CORS_ONCE_FILES];

/* Takes the place for the hash if it is free.  Returns what stood there. */
static apr_uint32_t take(volatile apr_uint32_t *place, apr_uint32_t hash)
{
    return apr_atomic_cas32(place, hash, 0);
}

static file_t *find_file(apr_uint32_t hash)
{
    int i;

    for (i = 0; i < CORS_ONCE_FILES; i++) {
        apr_uint32_t old = take(&files[i].file, hash);

        if (!old || old == hash) {
            return &files[i];
        }
    }
    return NULL;
}

static int is_new_line(file_t *file, apr_uint32_t hash)
{
    int i;

    for (i = 0; i < CORS_ONCE_LINES; i++) {
        apr_uint32_t old = take(&file->lines[i], hash);

        if (!old || old == hash) {
            return !old;
        }
    }
    return 0;
}

static apr_uint32_t hash_file(const cors_line_t *line)
{
    apr_ssize_t len = APR_HASH_KEY_STRING;

    return line ? apr_hashfunc_default(cors_line_directive(line)->filename,
                                       &len)
                : 0;
}

static apr_uint32_t number_of(const cors_line_t *line)
{
    return line ? (apr_uint32_t)cors_line_directive(line)->line_num : 0;
}

int cors_once(const cors_line_t *line, const cors_line_t *other)
{
    file_t *file = find_file((hash_file(line) * 31 + hash_file(other)) | 1);

    return file
           && is_new_line(
               file, (number_of(line) * 65599 + number_of(other)) * 2 + 1);
}
