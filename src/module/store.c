/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "module/store.h"

#include <string.h>

#include <apr_general.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <http_core.h>

#include "module/kept.h"

/* Another number for each change of what the memory holds: a graceful restart
 * may load a newer module. */
#define LAYOUT 1

/* The numbers of a host fill whole cache lines. */
#define ALIGNMENT 128

/* A page, which the memory takes anyway. */
#define PAGE 4096

/* FNV-1a with 64 bits. */
#define HASH_INIT APR_UINT64_C(14695981039346656037)
#define HASH_ADD(h, c) \
    (((h) ^ (unsigned char)(c)) * APR_UINT64_C(1099511628211))

static cors_store_t *cors_store;

/* Take what is not counted, so that no request has to ask whether there is
 * shared memory. */
static cors_counts_t nowhere;
static cors_top_t top_nowhere;

cors_top_t *cors_store_top = &top_nowhere;

const cors_store_t *cors_store_get(void)
{
    return cors_store;
}

int cors_store_has(const cors_counts_t *counts)
{
    return counts && counts != &nowhere;
}

/* Returns the port of a virtual host, 0 for all ports. */
static int port_of(const server_rec *server)
{
    return server->addrs ? server->addrs->host_port : server->port;
}

const char *cors_store_name(const server_rec *server, apr_pool_t *p)
{
    const char *name = server->server_hostname ? server->server_hostname : "";

    if (!server->is_virtual) {
        return name;
    }
    return port_of(server) ? apr_psprintf(p, "%s:%d", name, port_of(server))
                           : apr_pstrcat(p, name, ":*", NULL);
}

/* Returns a hash of the name, which is not made for the purpose: there may be
 * many thousand hosts. */
static apr_uint64_t key_of(const server_rec *server)
{
    const char *name = server->server_hostname;
    int port = port_of(server);
    apr_uint64_t key = HASH_INIT;

    for (; name && *name; name++) {
        key = HASH_ADD(key, *name);
    }
    key = HASH_ADD(key, server->is_virtual ? ':' : 0);
    if (server->is_virtual) {
        key = HASH_ADD(key, port >> 8);
        key = HASH_ADD(key, port);
    }
    return key;
}

/* Returns zeroed memory that outlives the configuration, or NULL, and says
 * why. */
static void *share(apr_size_t size, server_rec *s)
{
    apr_shm_t *shm;
    apr_status_t rv = apr_shm_create(&shm, size + ALIGNMENT, NULL,
                                     s->process->pool);
    apr_size_t begin;

    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, rv, s,
                     "no shared memory of %" APR_SIZE_T_FMT " bytes for the "
                     "counters: some requests will not be counted. Give "
                     "httpd more memory and restart it",
                     size);
        return NULL;
    }
    begin = (apr_size_t)apr_shm_baseaddr_get(shm);
    return (char *)apr_shm_baseaddr_get(shm)
           + (ALIGNMENT - begin % ALIGNMENT) % ALIGNMENT;
}

/* Makes a block for the hosts that have come.  There is room for more of them
 * than there are, so that few restarts take another block; memory that nobody
 * has written to takes no room. */
static void extend(cors_store_t *store, server_rec *s)
{
    unsigned int lacking = cors_slots_lacking(&store->slots);
    apr_size_t size = (lacking + store->slots.room / 4)
                      * sizeof(cors_counts_t);
    cors_counts_t *counts;

    if (!lacking) {
        return;
    }
    size += PAGE - size % PAGE;
    counts = share(size, s);
    if (counts) {
        cors_slots_extend(&store->slots, counts,
                          (unsigned int)(size / sizeof(cors_counts_t)),
                          s->process->pool);
    }
}

static apr_uint64_t make_seed(void)
{
    apr_uint64_t seed = (apr_uint64_t)apr_time_now();

#if APR_HAS_RANDOM
    if (apr_generate_random_bytes((unsigned char *)&seed, sizeof(seed))
        != APR_SUCCESS) {
        seed = (apr_uint64_t)apr_time_now();
    }
#endif
    return seed;
}

static cors_store_t *make_store(server_rec *s)
{
    apr_pool_t *p = s->process->pool;
    cors_store_t *store = apr_pcalloc(p, sizeof(*store));

    cors_slots_init(&store->slots, p);
    store->since = apr_time_now();
    store->top = share(sizeof(*store->top), s);
    if (!store->top) {
        return NULL;
    }
    cors_top_init(store->top, make_seed());
    return store;
}

/* Returns what the configuration before has left, or begins anew. */
static cors_store_t *find_store(server_rec *s, apr_pool_t *ptemp)
{
    const char *name = apr_psprintf(ptemp, "mod_cors: layout %d, %d numbers",
                                    LAYOUT, CORS_COUNT_PLACES);
    cors_store_t *kept = cors_kept_get(s, name);
    cors_store_t *store = kept ? kept : make_store(s);

    if (store && !kept) {
        cors_kept_set(s, name, store);
    }
    return store;
}

static unsigned int count_servers(const server_rec *s)
{
    unsigned int count = 0;

    for (; s; s = s->next) {
        count++;
    }
    return count;
}

/* counts is NULL where there is no shared memory. */
static void give(server_rec *server, cors_counts_t *counts)
{
    ap_set_module_config(server->module_config, &cors_module,
                         counts ? counts : &nowhere);
}

/* Numbers first: two of the hosts may share a slot, so only then is it known
 * how many slots lack. */
static void give_slots(cors_store_t *store, server_rec *s, apr_pool_t *ptemp)
{
    unsigned int hosts = count_servers(s);
    cors_slot_index_t *index = cors_slot_index_make(&store->slots, hosts,
                                                    ptemp);
    unsigned int *numbers = apr_palloc(ptemp, hosts * sizeof(*numbers));
    unsigned int i = 0;
    server_rec *each = s;

    do {
        numbers[i++] = cors_slots_number(&store->slots, index, key_of(each));
    } while ((each = each->next));
    extend(store, s);
    cors_slots_cut(&store->slots);
    i = 0;
    for (each = s; each; each = each->next) {
        give(each, cors_slots_at(&store->slots, numbers[i++]));
    }
}

/* At start httpd reads the configuration twice, and serves by the second. */
static int cors_post_config(apr_pool_t *pconf, apr_pool_t *plog,
                            apr_pool_t *ptemp, server_rec *s)
{
    server_rec *each;

    cors_store = NULL;
    if (ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_CREATE_PRE_CONFIG) {
        cors_store = find_store(s, ptemp);
    }
    cors_store_top = cors_store ? cors_store->top : &top_nowhere;
    if (cors_store) {
        give_slots(cors_store, s, ptemp);
        return OK;
    }
    for (each = s; each; each = each->next) {
        give(each, NULL);
    }
    return OK;
}

void cors_store_register_hooks(apr_pool_t *p)
{
    ap_hook_post_config(cors_post_config, NULL, NULL, APR_HOOK_MIDDLE);
}
