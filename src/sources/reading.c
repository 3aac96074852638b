/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/reading.h"

#include <apr_strings.h>

#include "sources/sources.h"
#include "sources/told.h"

/* Seconds between two looks at a source that is being changed. */
#define LATER 1

/* Seconds that a list holds beyond refresh and stale: two ticks, and the time
 * that it takes to read a million rows. */
#define GRACE 5

#define NO_MEMORY "there is no memory to read it: write a smaller size="

/* Reads the whole list, unless last_stamp is that of the list.  is_first:
 * another configuration has read that one.  Returns NULL if the system has no
 * memory.  *image is NULL unless *status is CORS_READ_NEW. */
static const cors_rows_t *read_whole(cors_source_t *source,
                                     const char *last_stamp, int is_first,
                                     cors_read_e *status,
                                     const cors_image_t **image, apr_pool_t *p)
{
    cors_rows_t *rows = cors_rows_make(source->size, cors_sources_suffixes(),
                                       last_stamp, p);

    *image = NULL;
    if (rows) {
        rows->is_first = is_first;
        *status = source->kind->read(source, rows, p);
        if (*status == CORS_READ_NEW) {
            *image = cors_image_builder_finish(rows->builder);
            if (!*image) {
                *status = CORS_READ_FAILED;
                cors_rows_fail_size(rows);
            }
        }
    }
    return rows;
}

const cors_rows_t *cors_reading_try(cors_source_t *source, cors_read_e *status,
                                    apr_pool_t *p)
{
    const cors_image_t *image;

    return read_whole(source, "", 1, status, &image, p);
}

static void load_image(cors_halves_t *snapshot, cors_shared_t *shared,
                       const cors_image_t *image, apr_pool_t *p)
{
    snapshot->generations = &shared->generations;
    snapshot->size = image->used;
    snapshot->halves = apr_palloc(p, 2 * snapshot->size);
    cors_halves_publish(snapshot, image);
    cors_halves_set_good_until(snapshot, CORS_HALVES_FOREVER);
}

static void load_set(cors_set_t *set, apr_pool_t *p)
{
    cors_shared_t *shared = apr_pcalloc(p, sizeof(*shared));
    cors_read_e status = CORS_READ_FAILED;
    const cors_image_t *image;
    const cors_rows_t *rows = read_whole(set->source, "", 1, &status, &image,
                                         p);

    set->source->shared = shared;
    if (image) {
        load_image(&set->snapshot, shared, image, p);
        cors_shared_note_list(shared, rows, image);
    }
    else {
        cors_shared_note_error(shared,
                               rows && rows->cause ? rows->cause : NO_MEMORY,
                               cors_shared_now());
    }
}

void cors_reading_load(apr_pool_t *p)
{
    const apr_array_header_t *sets = cors_sources_all();
    int i;

    for (i = 0; i < sets->nelts; i++) {
        cors_set_t *set = APR_ARRAY_IDX(sets, i, cors_set_t *);

        if (set->source && set->source->kind->is_local) {
            load_set(set, p);
        }
    }
}

void cors_reading_keep_fresh(const cors_source_t *source, apr_uint32_t now)
{
    apr_uint64_t until = (apr_uint64_t)now + GRACE
                         + (apr_uint64_t)apr_time_sec(source->refresh);

    if (source->stale == CORS_STALE_FOREVER) {
        until = CORS_HALVES_FOREVER;
    }
    else {
        until += (apr_uint64_t)apr_time_sec(source->stale);
    }
    cors_shared_set(source->shared->read_at, now);
    cors_halves_set_good_until(&source->set->snapshot,
                               until < CORS_HALVES_FOREVER
                                   ? (apr_uint32_t)until
                                   : CORS_HALVES_FOREVER);
}

static void publish(const cors_source_t *source, const cors_rows_t *rows,
                    const cors_image_t *image, apr_time_t start)
{
    cors_shared_t *shared = source->shared;
    const cors_halves_t *snapshot = &source->set->snapshot;
    apr_uint32_t count = image->exact.count + image->patterns.count;
    apr_uint32_t before = cors_shared_get(shared->count);
    apr_uint32_t added = count;
    cors_view_t view;

    if (cors_halves_begin(snapshot, 0, &view)) {
        added = cors_image_count_new(image, view.image, snapshot->size);
    }
    else {
        before = 0;
    }
    cors_halves_publish(snapshot, image);
    cors_shared_note_list(shared, rows, image);
    cors_shared_set(shared->read_config, source->config);
    cors_reading_keep_fresh(source, cors_shared_now());
    cors_told_list(source, rows, added, before + added - count,
                   apr_time_now() - start);
}

/* Whether a list without rows is not to be believed yet. */
static int is_doubtful(const cors_source_t *source, const cors_image_t *image)
{
    cors_shared_t *shared = source->shared;

    if (!source->kind->doubts_empty || image->exact.count
        || image->patterns.count || !cors_shared_get(shared->count)
        || cors_shared_get(shared->doubted)) {
        cors_shared_set(shared->doubted, 0);
        return 0;
    }
    cors_shared_set(shared->doubted, 1);
    return 1;
}

static void take_list(cors_source_t *source, const cors_rows_t *rows,
                      const cors_image_t *image, apr_time_t start)
{
    if (is_doubtful(source, image)) {
        cors_told_doubt(source);
        cors_reading_keep_fresh(source, cors_shared_now());
        return;
    }
    publish(source, rows, image, start);
    cors_told_success(source);
}

/* Does what the status asks for.  Returns after how many seconds the source is
 * read again. */
static apr_uint32_t take_result(cors_source_t *source, cors_read_e status,
                                const cors_rows_t *rows,
                                const cors_image_t *image, apr_time_t start)
{
    switch (status) {
    case CORS_READ_NEW:
        take_list(source, rows, image, start);
        break;
    case CORS_READ_SAME:
        cors_reading_keep_fresh(source, cors_shared_now());
        cors_told_success(source);
        break;
    case CORS_READ_LATER:
        return LATER;
    case CORS_READ_FAILED:
        cors_told_failure(source, rows->cause ? rows->cause : "it fails");
        break;
    }
    return (apr_uint32_t)apr_time_sec(source->refresh);
}

/* Whether the server has been restarted since this process began.  What it has
 * read may be of a source that the new configuration does not name, so those
 * that have the new one read at once. */
static int is_overtaken(const cors_source_t *source)
{
    return cors_shared_get(source->shared->config) != source->config;
}

void cors_reading_refresh(cors_source_t *source, apr_pool_t *p)
{
    cors_shared_t *shared = source->shared;
    apr_time_t start = apr_time_now();
    cors_read_e status = CORS_READ_FAILED;
    const cors_image_t *image;
    const cors_rows_t *rows = read_whole(source, apr_pstrdup(p, shared->stamp),
                                         cors_shared_get(shared->read_config)
                                             != source->config,
                                         &status, &image, p);
    apr_uint32_t again = (apr_uint32_t)apr_time_sec(source->refresh);

    if (!rows) {
        cors_told_failure(source, NO_MEMORY);
    }
    else if (!is_overtaken(source)) {
        again = take_result(source, status, rows, image, start);
    }
    cors_shared_set(shared->next_at, cors_shared_now() + again);
    if (is_overtaken(source)) {
        cors_shared_set(shared->next_at, 0);
    }
}
