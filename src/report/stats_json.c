/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/stats_json.h"

#include "report/json.h"

/* Returns an object with one for each kind, by word. */
static json_t *make_counts(const cors_counts_t *counts)
{
    json_t *object = json_object();
    int i;

    for (i = 0; i < CORS_COUNT_ROWS; i++) {
        const cors_count_row_t *row = &cors_count_rows[i];
        json_t *kind = json_object_get(object, row->kind);

        if (!kind) {
            kind = json_object();
            json_object_set_new(object, row->kind, kind);
        }
        json_object_set_new(kind, row->word,
                            json_integer((json_int_t)counts->of[row->count]));
    }
    return object;
}

static json_t *make_hosts(const apr_array_header_t *hosts, apr_pool_t *p)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < hosts->nelts; i++) {
        const cors_host_numbers_t *host = &APR_ARRAY_IDX(
            hosts, i, const cors_host_numbers_t);
        json_t *object = json_object();

        cors_json_set(object, "name", host->name, p);
        json_object_set_new(object, "counts", make_counts(&host->counts));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *make_refused(const apr_array_header_t *refused, apr_pool_t *p)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < refused->nelts; i++) {
        const cors_refused_t *one = &APR_ARRAY_IDX(refused, i,
                                                   const cors_refused_t);
        json_t *object = json_object();

        cors_json_set(object, "origin", one->origin, p);
        json_object_set_new(object, "count",
                            json_integer((json_int_t)one->count));
        json_object_set_new(object, "last",
                            json_integer((json_int_t)one->last));
        json_array_append_new(list, object);
    }
    return list;
}

json_t *cors_stats_json(const cors_snapshot_t *snapshot, apr_pool_t *p)
{
    json_t *object;

    if (!snapshot) {
        return json_null();
    }
    object = json_object();
    json_object_set_new(
        object, "since",
        json_integer((json_int_t)apr_time_sec(snapshot->since)));
    json_object_set_new(object, "whole", make_counts(&snapshot->whole));
    json_object_set_new(object, "hosts", make_hosts(snapshot->hosts, p));
    json_object_set_new(object, "refused", make_refused(snapshot->refused, p));
    return object;
}
