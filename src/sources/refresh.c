/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/refresh.h"

#include <string.h>
#include <unistd.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_main.h>
#include <mod_watchdog.h>

#include "module/line.h"
#include "sources/sources.h"
#include "sources/told.h"

/* How often a process looks whether a set is due. */
#define TICK APR_TIME_C(1000000)

/* Seconds between two looks at a source that is being changed. */
#define LATER 1

/* Seconds that a list holds beyond refresh and stale: two ticks, and the time
 * that it takes to read a million rows. */
#define GRACE 5

/* How often the parent tries to get the lock of a set, and how long it waits
 * in between. */
#define TRIES 50
#define WAIT  APR_TIME_C(20000)

/* How often a process that ends looks whether its readings are over: for 5
 * seconds, which is more than connect_timeout=2 and less than the 9 after
 * which the parent kills it. */
#define END_TRIES 250

/* Readings under way in this process.  mod_watchdog never joins the threads of
 * a child (they belong to a pool below pconf, which no child destroys), so
 * that a reading would go on while the process takes itself apart. */
static unsigned int readings;
static int is_ending; /* no other begins */

static apr_uint32_t now_in_seconds(void)
{
    return (apr_uint32_t)apr_time_sec(apr_time_now());
}

int cors_refresh_has_watchdog(void)
{
    return APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_get_instance) != NULL;
}

/* Reads the whole list.  Returns NULL if the system has no memory.  *image is
 * NULL unless *status is CORS_READ_NEW. */
static const cors_rows_t *read_whole(cors_source_t *source,
                                     cors_read_e *status,
                                     const cors_image_t **image, apr_pool_t *p)
{
    cors_rows_t *rows = cors_rows_make(source->size, cors_sources_suffixes(),
                                       "", p);

    *image = NULL;
    if (rows) {
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

const cors_rows_t *cors_refresh_try(cors_source_t *source, cors_read_e *status,
                                    apr_pool_t *p)
{
    const cors_image_t *image;

    return read_whole(source, status, &image, p);
}

static void load_set(cors_set_t *set, apr_pool_t *p)
{
    cors_halves_t *snapshot = &set->snapshot;
    cors_read_e status = CORS_READ_FAILED;
    const cors_image_t *image;

    (void)read_whole(set->source, &status, &image, p);
    if (image) {
        snapshot->generations = apr_pcalloc(p, sizeof(cors_generations_t));
        snapshot->size = image->used;
        snapshot->halves = apr_palloc(p, 2 * snapshot->size);
        cors_halves_publish(snapshot, image);
        cors_halves_set_good_until(snapshot, CORS_HALVES_FOREVER);
    }
}

void cors_refresh_load(apr_pool_t *p)
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

/* Moves on the time until which the list in use holds. */
static void keep_fresh(const cors_source_t *source, apr_uint32_t now)
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
    cors_shared_set(shared->count, count);
    cors_shared_set(shared->skipped, (apr_uint32_t)rows->skipped);
    memcpy(shared->stamp, rows->stamp, sizeof(shared->stamp));
    cors_shared_count(shared, refreshes);
    keep_fresh(source, now_in_seconds());
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

static void take_list(cors_source_t *source, cors_rows_t *rows,
                      apr_time_t start)
{
    const cors_image_t *image = cors_image_builder_finish(rows->builder);

    if (!image) {
        cors_rows_fail_size(rows);
        cors_told_failure(source, rows->cause);
        return;
    }
    if (is_doubtful(source, image)) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, source->server,
                     "CorsOriginSet %s: %s has no rows, where it had some: "
                     "the last list goes on unless it has none the next time "
                     "either",
                     source->set->name, source->set->from);
        keep_fresh(source, now_in_seconds());
        return;
    }
    publish(source, rows, image, start);
    cors_told_success(source);
}

/* Reads the source.  This process has the lock. */
static void read_source(cors_source_t *source, apr_pool_t *p)
{
    cors_shared_t *shared = source->shared;
    apr_time_t start = apr_time_now();
    cors_rows_t *rows = cors_rows_make(source->size, cors_sources_suffixes(),
                                       apr_pstrdup(p, shared->stamp), p);
    apr_uint32_t again = (apr_uint32_t)apr_time_sec(source->refresh);

    if (!rows) {
        cors_told_failure(source, "there is no memory to read it");
        cors_shared_set(shared->next_at, now_in_seconds() + again);
        return;
    }
    switch (source->kind->read(source, rows, p)) {
    case CORS_READ_NEW:
        take_list(source, rows, start);
        break;
    case CORS_READ_SAME:
        keep_fresh(source, now_in_seconds());
        cors_told_success(source);
        break;
    case CORS_READ_LATER:
        again = LATER;
        break;
    case CORS_READ_FAILED:
        cors_told_failure(source, rows->cause ? rows->cause : "it fails");
        break;
    }
    cors_shared_set(shared->next_at, now_in_seconds() + again);
}

/* Whether the set has to be read.  After a change of the clock, a due time may
 * be in the far future. */
static int is_due(const cors_source_t *source)
{
    apr_uint32_t next_at = cors_shared_get(source->shared->next_at);
    apr_uint32_t now = now_in_seconds();

    return now >= next_at
           || next_at - now > (apr_uint32_t)apr_time_sec(source->refresh) + 1;
}

/* Reads the source in a pool of its own, below pool, and gives the lock back.
 */
static void read_and_unlock(cors_source_t *source, apr_pool_t *pool)
{
    apr_pool_t *p;

    apr_pool_create(&p, pool);
    apr_pool_tag(p, "cors_refresh");
    read_source(source, p);
    apr_pool_destroy(p);
    cors_memory_unlock(source->memory);
}

static void refresh(cors_source_t *source, apr_pool_t *pool)
{
    if (!is_due(source) || !cors_memory_lock(source->memory)) {
        return;
    }
    /* Another process may have read it meanwhile. */
    if (is_due(source)) {
        read_and_unlock(source, pool);
    }
    else {
        cors_memory_unlock(source->memory);
    }
}

/* Called by mod_watchdog.  mod_dbd is not ready when a thread starts. */
static apr_status_t cors_refresh(int state, void *data, apr_pool_t *pool)
{
    if (state != AP_WATCHDOG_STATE_RUNNING) {
        return APR_SUCCESS;
    }
    __atomic_fetch_add(&readings, 1, __ATOMIC_SEQ_CST);
    if (!__atomic_load_n(&is_ending, __ATOMIC_SEQ_CST)) {
        refresh(data, pool);
    }
    __atomic_fetch_sub(&readings, 1, __ATOMIC_SEQ_CST);
    return APR_SUCCESS;
}

/* Before anything that a reading uses is gone: mod_dbd's connections are in a
 * pool below pchild.  If a database does not let go, this process ends as it
 * is, rather than free a connection that is in use. */
static apr_status_t await_readings(void *unused)
{
    int tries = 0;

    __atomic_store_n(&is_ending, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&readings, __ATOMIC_SEQ_CST)) {
        if (++tries > END_TRIES) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, ap_server_conf,
                         "CorsOriginSet: a source that does not answer keeps "
                         "this process from ending: it ends at once");
            _exit(0);
        }
        apr_sleep(WAIT);
    }
    return APR_SUCCESS;
}

typedef APR_OPTIONAL_FN_TYPE(ap_watchdog_get_instance) get_instance_fn;
typedef APR_OPTIONAL_FN_TYPE(ap_watchdog_register_callback)
    register_callback_fn;

/* Sets whose source answers at once share a thread. */
static apr_status_t watch(cors_source_t *source, apr_pool_t *pconf)
{
    get_instance_fn *get_instance;
    register_callback_fn *register_callback;
    ap_watchdog_t *watchdog;
    const char *name = source->kind->has_thread ? apr_pstrcat(
                           pconf, "_cors_sets_", source->set->name, NULL)
                                                : "_cors_sets";
    apr_status_t rv;

    get_instance = APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_get_instance);
    register_callback = APR_RETRIEVE_OPTIONAL_FN(
        ap_watchdog_register_callback);
    rv = get_instance(&watchdog, name, 0, 0, pconf);
    return rv != APR_SUCCESS
               ? rv
               : register_callback(watchdog, TICK, source, cors_refresh);
}

/* Reads the source for the first time, so that no request comes before its
 * list.  Processes of the last configuration may be reading it as well: they
 * will have done so soon enough. */
static void read_first(cors_source_t *source, apr_pool_t *ptemp)
{
    int tries = 0;

    while (!cors_memory_lock(source->memory)) {
        if (++tries == TRIES) {
            return;
        }
        apr_sleep(WAIT);
    }
    read_and_unlock(source, ptemp);
}

static int begin_set(cors_set_t *set, server_rec *s, apr_pool_t *pconf,
                     apr_pool_t *ptemp)
{
    cors_source_t *source = set->source;
    apr_size_t size = source->kind->read ? source->size : 0;
    apr_status_t rv = APR_SUCCESS;

    source->memory = cors_memory_get(s,
                                     apr_psprintf(ptemp,
                                                  "%s %" APR_SIZE_T_FMT " %s",
                                                  set->name, size, set->from),
                                     size, &rv);
    if (!source->memory) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "CorsOriginSet %s (%s): no memory for two lists of "
                     "size=%" APR_SIZE_T_FMT " bytes: write less",
                     set->name, cors_line_name(set->at, ptemp), size);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    source->shared = cors_memory_shared(source->memory);
    if (!source->kind->read) {
        return OK;
    }
    set->snapshot = cors_memory_snapshot(source->memory);
    /* refresh= and stale= may be others than before the restart. */
    if (cors_shared_get(source->shared->read_at)) {
        keep_fresh(source, cors_shared_get(source->shared->read_at));
    }
    if (source->kind->is_local) {
        read_first(source, ptemp);
    }
    rv = watch(source, pconf);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "CorsOriginSet %s (%s): mod_watchdog gives no thread",
                     set->name, cors_line_name(set->at, ptemp));
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}

/* At start, httpd reads the configuration twice: only the second serves. */
static int cors_sets_post_config(apr_pool_t *pconf, apr_pool_t *plog,
                                 apr_pool_t *ptemp, server_rec *s)
{
    const apr_array_header_t *sets = cors_sources_all();
    int status = OK;
    int i;

    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return OK;
    }
    cors_memory_begin(s);
    for (i = 0; i < sets->nelts && status == OK; i++) {
        status = begin_set(APR_ARRAY_IDX(sets, i, cors_set_t *), s, pconf,
                           ptemp);
    }
    cors_memory_end(s);
    return status;
}

static void cors_sets_child_init(apr_pool_t *pchild, server_rec *s)
{
    const apr_array_header_t *sets = cors_sources_all();
    int i;

    is_ending = 0;
    if (sets->nelts) {
        apr_pool_pre_cleanup_register(pchild, NULL, await_readings);
    }
    for (i = 0; i < sets->nelts; i++) {
        cors_set_t *set = APR_ARRAY_IDX(sets, i, cors_set_t *);
        const cors_source_kind_t *kind = set->source->kind;
        apr_status_t rv = kind->start_child
                              ? kind->start_child(set->source, pchild)
                              : APR_SUCCESS;

        if (rv != APR_SUCCESS) {
            ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                         "CorsOriginSet %s: it can't be used in this process",
                         set->name);
        }
    }
}

void cors_refresh_register_hooks(apr_pool_t *p)
{
    /* mod_watchdog begins its threads in a later hook of each kind. */
    ap_hook_post_config(cors_sets_post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(cors_sets_child_init, NULL, NULL, APR_HOOK_FIRST);
}
