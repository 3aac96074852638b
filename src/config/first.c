/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/places.h"

#include "config/places_parts.h"

/* The first place found so far. */
typedef struct first_t {
    const cors_places_t *places;
    const server_rec *server; /* whose policy is below the sections; NULL:
                               * that of their own virtual host */
    int (*wanted)(const void *data, const cors_policy_t *policy);
    const void *data;
    apr_uint64_t rank; /* of the place, in the order of all */
    const server_rec *at_server;
    const cors_section_t *at; /* NULL: none so far */
} first_t;

/* Ranks the places of a host: its first section, those of the main server, and
 * the rest of its own. */
static apr_uint64_t rank_of(const first_t *first, const server_rec *server,
                            const cors_section_t *section, int order)
{
    const cors_places_t *places = first->places;
    apr_uint64_t each = 2 * (apr_uint64_t)places->all->nelts;
    const cors_host_t *host = apr_hash_get(places->by_server, &server,
                                           sizeof(server));
    apr_uint64_t base;

    if (!host) {
        return (apr_uint64_t)order;
    }
    base = each * (1 + (apr_uint64_t)host->first);
    if (section->server == server) {
        order -= host->first;
        return base + (order ? each / 2 + (apr_uint64_t)order : 0);
    }
    return base + 1 + (apr_uint64_t)order;
}

static void consider(first_t *first, const server_rec *server,
                     const cors_section_t *section, int order)
{
    apr_uint64_t rank = rank_of(first, server, section, order);

    if (rank < first->rank
        && first->wanted(first->data,
                         cors_place_policy(server, section->parent,
                                           first->places->scratch))) {
        first->rank = rank;
        first->at_server = server;
        first->at = section;
    }
    apr_pool_clear(first->places->scratch);
}

static int consider_section(void *data, const cors_section_t *section,
                            int order)
{
    first_t *first = data;

    if (first->server) {
        consider(first, first->server, section, order);
    }
    else if (section->server != first->places->main_server) {
        consider(first, section->server, section, order);
    }
    return 0;
}

static void consider_range(first_t *first, int from, int count)
{
    const apr_array_header_t *all = first->places->all;
    int i;

    for (i = from; i < from + count; i++) {
        const cors_section_t *own = APR_ARRAY_IDX(all, i, cors_section_t *);

        if (!cors_section_is_whole(own)) {
            consider_section(first, own, i);
        }
    }
}

/* One section of each kind is enough where all of them meet the container. */
static void consider_kinds(first_t *first)
{
    const apr_array_header_t *kinds = first->places->kinds;
    int i;

    for (i = 0; i < kinds->nelts; i++) {
        const cors_common_t *kind = &APR_ARRAY_IDX(kinds, i, cors_common_t);

        consider_section(first, kind->section, kind->order);
    }
}

/* Considers the sections of the main server over the policy of a server. */
static void consider_common(first_t *first, const server_rec *server,
                            const ap_directive_t *container)
{
    first->server = server;
    if (container) {
        cors_paths_each(first->places->paths, first->places->main_server,
                        container, consider_section, first);
    }
    else {
        consider_kinds(first);
    }
}

/* Considers a server as a whole, if it has a directive of its own there. */
static void consider_whole(first_t *first, int index)
{
    if (index >= 0) {
        const cors_section_t *own = APR_ARRAY_IDX(first->places->all, index,
                                                  cors_section_t *);

        consider(first, own->server, own, index);
    }
}

static void consider_host(first_t *first, const cors_host_t *host,
                          const ap_directive_t *container)
{
    consider_whole(first, host->whole);
    consider_common(first, host->server, container);
    if (container) {
        cors_paths_each(first->places->paths, host->server, container,
                        consider_section, first);
    }
    else {
        consider_range(first, host->first, host->count);
    }
}

/* Considers all virtual hosts: those that differ as a whole, and all of their
 * sections. */
static void consider_hosts(first_t *first, const ap_directive_t *container)
{
    const cors_places_t *places = first->places;
    int i;

    for (i = 0; i < places->hosts->nelts; i++) {
        const cors_host_t *host = &APR_ARRAY_IDX(places->hosts, i,
                                                 cors_host_t);

        if (host->is_new) {
            consider_whole(first, host->whole);
            consider_common(first, host->server, container);
        }
    }
    first->server = NULL;
    if (container) {
        cors_paths_each(places->paths, NULL, container, consider_section,
                        first);
    }
    else {
        consider_range(first, 0, places->all->nelts);
    }
}

/* The places of the main server come first. */
static void consider_all(first_t *first, const ap_directive_t *container,
                         int own)
{
    const cors_places_t *places = first->places;

    consider_whole(first, places->main_whole);
    consider_common(first, places->main_server, container);
    if (!first->at && !own) {
        consider_hosts(first, container);
    }
}

const cors_policy_t *cors_places_first(
    const cors_places_t *places, const server_rec *server,
    const ap_directive_t *container, int own,
    int (*wanted)(const void *data, const cors_policy_t *policy),
    const void *data, apr_pool_t *p)
{
    first_t first = { places, NULL, wanted, data, APR_UINT64_MAX, NULL, NULL };
    const cors_host_t *host = apr_hash_get(places->by_server, &server,
                                           sizeof(server));

    if (cors_section_is_virtual_host(container)) {
        container = NULL;
    }
    if (server == places->main_server) {
        consider_all(&first, container, own);
    }
    else if (host) {
        consider_host(&first, host, container);
    }
    else {
        consider_common(&first, server, container);
    }
    return first.at ? cors_place_policy(first.at_server, first.at->parent, p)
                    : NULL;
}
