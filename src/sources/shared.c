/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/shared.h"

/* Whoever reads a text at the same time finds an end. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the builtin writes */
static void put_text(char *to, apr_size_t size, const char *text)
{
    apr_size_t i;

    for (i = 0; i < size - 1 && text[i]; i++) {
        cors_shared_set(to[i], text[i]);
    }
    cors_shared_set(to[i], '\0');
}

const char *cors_shared_text(const char *text, apr_size_t size, apr_pool_t *p)
{
    char *copy = apr_palloc(p, size);
    apr_size_t i = 0;

    while (i < size - 1 && (copy[i] = cors_shared_get(text[i])) != '\0') {
        i++;
    }
    copy[i] = '\0';
    return copy;
}

static void note_row(cors_shared_row_t *row, const cors_bad_row_t *bad)
{
    cors_shared_set(row->number, (apr_uint32_t)bad->number);
    put_text(row->text, sizeof(row->text), bad->text);
    put_text(row->sentence, sizeof(row->sentence), bad->sentence);
}

void cors_shared_note_list(cors_shared_t *shared, const cors_rows_t *rows,
                           const cors_image_t *image)
{
    int i;

    cors_shared_set(shared->count, image->exact.count + image->patterns.count);
    cors_shared_set(shared->patterns, image->patterns.count);
    cors_shared_set(shared->skipped, (apr_uint32_t)rows->skipped);
    for (i = 0; i < rows->bad->nelts && i < CORS_SHARED_ROWS; i++) {
        note_row(&shared->rows[i],
                 &APR_ARRAY_IDX(rows->bad, i, cors_bad_row_t));
    }
    cors_shared_set(shared->shown, (apr_uint32_t)i);
    put_text(shared->stamp, sizeof(shared->stamp), rows->stamp);
    cors_shared_count(shared, refreshes);
}

void cors_shared_note_error(cors_shared_t *shared, const char *cause,
                            apr_uint32_t now)
{
    put_text(shared->error, sizeof(shared->error), cause);
    cors_shared_set(shared->failed_at, now);
    cors_shared_set(shared->failing, 1);
    cors_shared_count(shared, failures);
}
