/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/places.h"

#include "config/places_parts.h"

typedef struct visit_t {
    const cors_places_t *places;
    cors_places_may_fn *may;
    cors_places_fn *each;
    void *data;
} visit_t;

static int visit_place(const visit_t *visit, const server_rec *server,
                       const ap_directive_t *section)
{
    cors_place_t place = { server, section };
    int result = visit->each(
        visit->data, &place,
        cors_place_policy(server, section, visit->places->scratch));

    apr_pool_clear(visit->places->scratch);
    return result;
}

static int visit_own(const visit_t *visit, const cors_section_t *own)
{
    return visit_place(visit, own->server,
                       cors_section_is_whole(own) ? NULL : own->parent);
}

/* Whether any of the main server's sections is worth a visit over this base:
 * one of each kind is asked for. */
static int is_worth(const visit_t *visit, const cors_policy_t *base)
{
    const apr_array_header_t *kinds = visit->places->kinds;
    int i;

    for (i = 0; i < kinds->nelts; i++) {
        if (visit->may(base, APR_ARRAY_IDX(kinds, i, cors_common_t).own)) {
            return 1;
        }
    }
    return 0;
}

/* base is the server's own policy and not a merged one, so it outlives what is
 * cleared after each place. */
static int visit_common(const visit_t *visit, const server_rec *server)
{
    const apr_array_header_t *common = visit->places->common;
    const cors_policy_t *base = cors_place_policy(server, NULL,
                                                  visit->places->scratch);
    int result = 0;
    int i;

    if (visit->may && !is_worth(visit, base)) {
        return 0;
    }
    for (i = 0; i < common->nelts && !result; i++) {
        const cors_common_t *one = &APR_ARRAY_IDX(common, i, cors_common_t);

        if (!visit->may || visit->may(base, one->own)) {
            result = visit_place(visit, server, one->section->parent);
        }
    }
    return result;
}

static int visit_main(const visit_t *visit)
{
    const apr_array_header_t *all = visit->places->all;
    int result = 0;
    int i;

    for (i = 0; i < all->nelts && !result; i++) {
        const cors_section_t *own = APR_ARRAY_IDX(all, i, cors_section_t *);

        if (own->server == visit->places->main_server) {
            result = visit_own(visit, own);
        }
    }
    return result;
}

static int visit_host(const visit_t *visit, const cors_host_t *host)
{
    const apr_array_header_t *all = visit->places->all;
    int result = 0;
    int i;

    for (i = 0; i < host->count && !result; i++) {
        result = visit_own(
            visit, APR_ARRAY_IDX(all, host->first + i, cors_section_t *));
        if (!i && !result) {
            result = visit_common(visit, host->server);
        }
    }
    return result;
}

int cors_places_each(const cors_places_t *places, cors_places_may_fn *may,
                     cors_places_fn *each, void *data)
{
    visit_t visit = { places, may, each, data };
    int result = visit_main(&visit);
    int i;

    for (i = 0; i < places->hosts->nelts && !result; i++) {
        result = visit_host(&visit,
                            &APR_ARRAY_IDX(places->hosts, i, cors_host_t));
    }
    return result;
}

int cors_places_each_of(const cors_places_t *places, const server_rec *server,
                        cors_places_fn *each, void *data)
{
    visit_t visit = { places, NULL, each, data };
    const cors_host_t *host = apr_hash_get(places->by_server, &server,
                                           sizeof(server));
    int result;

    if (server == places->main_server) {
        return visit_main(&visit);
    }
    if (host) {
        return visit_host(&visit, host);
    }
    result = cors_places_any(places) ? visit_place(&visit, server, NULL) : 0;
    return result ? result : visit_common(&visit, server);
}
