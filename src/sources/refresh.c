/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/refresh.h"

#include <unistd.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_main.h>
#include <mod_watchdog.h>

#include "module/line.h"
#include "sources/reading.h"
#include "sources/sources.h"

/* How often a process looks whether a set is due. */
#define TICK APR_TIME_C(1000000)

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

int cors_refresh_has_watchdog(void)
{
    return APR_RETRIEVE_OPTIONAL_FN(ap_watchdog_get_instance) != NULL;
}

/* Whether this process has to read the set: after a restart, only those do
 * that have the new configuration.  After a change of the clock, a due time
 * may be in the far future. */
static int is_due(const cors_source_t *source)
{
    apr_uint32_t next_at = cors_shared_get(source->shared->next_at);
    apr_uint32_t now = cors_shared_now();

    return cors_shared_get(source->shared->config) == source->config
           && (now >= next_at
               || next_at - now
                      > (apr_uint32_t)apr_time_sec(source->refresh) + 1);
}

/* Reads the source in a pool of its own, below pool, and gives the lock back.
 */
static void read_and_unlock(cors_source_t *source, apr_pool_t *pool)
{
    apr_pool_t *p;

    apr_pool_create(&p, pool);
    apr_pool_tag(p, "cors_refresh");
    cors_reading_refresh(source, p);
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
                         "this process from ending: it ends at once. Look "
                         "after the database");
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

/* Returns what to do where no file can be made in the runtime directory. */
static const char *folder_advice(apr_status_t rv)
{
    if (APR_STATUS_IS_ENOENT(rv) || APR_STATUS_IS_ENOTDIR(rv)) {
        return "make that directory";
    }
    if (APR_STATUS_IS_ENOSPC(rv)) {
        return "make room there";
    }
    if (APR_STATUS_IS_EMFILE(rv) || APR_STATUS_IS_ENFILE(rv)) {
        return "let httpd open more files";
    }
    return "let the user who starts httpd write there";
}

static void tell_no_memory(const cors_set_t *set, const server_rec *s,
                           apr_size_t size, const cors_memory_fault_t *fault,
                           apr_pool_t *ptemp)
{
    const char *line = cors_line_name(set->at, ptemp);

    if (fault->folder) {
        ap_log_error(APLOG_MARK, APLOG_ERR, fault->rv, s,
                     "CorsOriginSet %s (%s): no file can be made in httpd's "
                     "runtime directory %s: %s, or write DefaultRuntimeDir "
                     "with another",
                     set->name, line, fault->folder, folder_advice(fault->rv));
        return;
    }
    ap_log_error(APLOG_MARK, APLOG_ERR, fault->rv, s,
                 "CorsOriginSet %s (%s): no memory for two lists of "
                 "size=%" APR_SIZE_T_FMT " bytes: write less",
                 set->name, line, size);
}

static int begin_set(cors_set_t *set, server_rec *s, apr_pool_t *pconf,
                     apr_pool_t *ptemp)
{
    cors_source_t *source = set->source;
    apr_size_t size = source->kind->read ? source->size : 0;
    cors_memory_fault_t fault;
    apr_status_t rv;

    source->memory = cors_memory_get(s,
                                     apr_psprintf(ptemp,
                                                  "%s %" APR_SIZE_T_FMT " %s",
                                                  set->name, size, set->from),
                                     size, &fault);
    if (!source->memory) {
        tell_no_memory(set, s, size, &fault, ptemp);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    source->shared = cors_memory_shared(source->memory);
    if (!source->kind->read) {
        return OK;
    }
    source->config = (apr_uint32_t)ap_state_query(AP_SQ_CONFIG_GEN);
    cors_shared_set(source->shared->config, source->config);
    cors_shared_set(source->shared->next_at, 0);
    set->snapshot = cors_memory_snapshot(source->memory);
    /* refresh= and stale= may be others than before the restart. */
    if (cors_shared_get(source->shared->read_at)) {
        cors_reading_keep_fresh(source,
                                cors_shared_get(source->shared->read_at));
    }
    if (source->kind->is_local) {
        read_first(source, ptemp);
    }
    rv = watch(source, pconf);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "CorsOriginSet %s (%s): mod_watchdog gives no thread: "
                     "restart httpd",
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
                         "CorsOriginSet %s: it can't be used in this process: "
                         "restart httpd",
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
