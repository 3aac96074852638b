/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/snapshot.h"

#include <string.h>

#include <apr_hash.h>
#include <http_main.h>

#include "report/set_state.h"
#include "report/utf8.h"

/* Adds the numbers of a server to hosts, unless one before shares them: it has
 * the same name. */
static void add_host(const server_rec *server, const cors_counts_t *counts,
                     apr_hash_t *seen, apr_array_header_t *hosts)
{
    cors_host_numbers_t host = { 0 };

    if (!cors_counts_sum(counts, &host.counts)) {
        return;
    }
    host.name = cors_utf8_mend(cors_store_name(server, hosts->pool),
                               hosts->pool);
    if (!apr_hash_get(seen, host.name, APR_HASH_KEY_STRING)) {
        APR_ARRAY_PUSH(hosts, cors_host_numbers_t) = host;
        apr_hash_set(seen, host.name, APR_HASH_KEY_STRING, host.name);
    }
}

static const apr_array_header_t *take_hosts(apr_pool_t *p)
{
    apr_array_header_t *hosts = apr_array_make(p, 8,
                                               sizeof(cors_host_numbers_t));
    apr_hash_t *seen = apr_hash_make(p);
    const server_rec *server;

    for (server = ap_server_conf; server; server = server->next) {
        const cors_counts_t *counts = cors_store_counts(server);

        if (cors_store_has(counts)) {
            add_host(server, counts, seen, hosts);
        }
    }
    return hosts;
}

static void add_set(const cors_set_state_t *state, apr_array_header_t *sets)
{
    cors_set_numbers_t *set = apr_array_push(sets);

    memset(set, 0, sizeof(*set));
    set->name = state->set->name;
    set->is_lookup = state->set->is_lookup;
#define X(name, word) set->name = state->name;
    CORS_SHARED_COUNTERS(X)
#undef X
    set->failing = state->is_failing ? 1 : 0;
    set->origins = state->origins;
    set->skipped = state->skipped;
    set->refresh = (unsigned long)apr_time_sec(state->set->source->refresh);
    set->read_at = state->read_at;
    set->good_until = state->good_until == CORS_HALVES_FOREVER
                          ? CORS_SET_FOREVER
                          : state->good_until;
}

static const apr_array_header_t *take_sets(apr_pool_t *p)
{
    const apr_array_header_t *states = cors_set_states(p);
    apr_array_header_t *sets = apr_array_make(p, 4,
                                              sizeof(cors_set_numbers_t));
    int i;

    for (i = 0; i < states->nelts; i++) {
        const cors_set_state_t *state = &APR_ARRAY_IDX(states, i,
                                                       const cors_set_state_t);

        if (state->is_known) {
            add_set(state, sets);
        }
    }
    return sets;
}

const cors_snapshot_t *cors_snapshot_take(apr_pool_t *p)
{
    const cors_store_t *store = cors_store_get();
    cors_snapshot_t *snapshot;

    if (!store) {
        return NULL;
    }
    snapshot = apr_palloc(p, sizeof(*snapshot));
    snapshot->since = store->since;
    cors_slots_sum(&store->slots, &snapshot->whole);
    snapshot->hosts = take_hosts(p);
    snapshot->refused = cors_top_read(store->top, p);
    snapshot->sets = take_sets(p);
    return snapshot;
}
