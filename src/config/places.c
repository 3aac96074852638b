/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/places.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <http_core.h>

#include "config/places_parts.h"
#include "config/sections.h"
#include "module/dir_conf.h"
#include "module/line.h"

/* The sections around this one, itself included, that have directives of ours:
 * the innermost first. */
static apr_array_header_t *find_own(const ap_directive_t *section,
                                    apr_pool_t *p)
{
    apr_array_header_t *own = apr_array_make(p, 4, sizeof(cors_section_t *));

    for (; section && !cors_section_is_virtual_host(section);
         section = section->parent) {
        const cors_section_t *found = cors_section_find(section);

        if (found) {
            APR_ARRAY_PUSH(own, const cors_section_t *) = found;
        }
    }
    return own;
}

/* Lays the sections over base, if there is one.  Merging is associative. */
static const cors_policy_t *merge_own(const cors_policy_t *base,
                                      const ap_directive_t *section,
                                      apr_pool_t *p)
{
    const apr_array_header_t *own = find_own(section, p);
    int i;

    for (i = own->nelts - 1; i >= 0; i--) {
        const cors_policy_t
            *add = APR_ARRAY_IDX(own, i, const cors_section_t *)->policy;
        cors_policy_t *merged;

        if (!base) {
            base = add;
            continue;
        }
        merged = apr_palloc(p, sizeof(*merged));
        cors_policy_merge(p, base, add, merged);
        base = merged;
    }
    return base;
}

static const cors_policy_t *server_policy(const server_rec *server)
{
    return cors_dir_conf_policy(server->lookup_defaults);
}

const cors_policy_t *cors_place_policy(const server_rec *server,
                                       const ap_directive_t *section,
                                       apr_pool_t *p)
{
    return merge_own(server_policy(server), section, p);
}

/* ---- Finding ---- */

/* All that the checks read of a policy. */
typedef struct traits_t {
    unsigned int unsafe;
    unsigned int flags;
    unsigned char has_origins, any, open, has_limits;
    unsigned char engine, engine_set;
    unsigned char credentials, credentials_set;
    unsigned char private_network, private_network_set;
    unsigned char enforce, enforce_set;
    unsigned char static_origin, static_origin_set;
} traits_t;

/* Copies the traits into zeroed bytes, which hash and compare as bytes. */
static traits_t *traits_of(const cors_policy_t *policy, apr_pool_t *p)
{
    traits_t *traits = apr_pcalloc(p, sizeof(*traits));

    traits->unsafe = policy->unsafe;
    traits->has_limits = policy->limits != NULL;
    if (policy->origins) {
        traits->has_origins = 1;
        traits->flags = policy->origins->flags & CORS_WORD_RISKS;
        traits->any = policy->origins->any != NULL;
        traits->open = policy->origins->open;
    }
#define X(name)                                 \
    traits->name = (unsigned char)policy->name; \
    traits->name##_set = policy->name##_set;
    X(engine)
    X(credentials)
    X(private_network)
    X(enforce)
    X(static_origin)
#undef X
    return traits;
}

/* Whether no earlier policy had equal traits. */
static int is_new(apr_hash_t *seen, const cors_policy_t *policy, apr_pool_t *p)
{
    const traits_t *traits = traits_of(policy, p);

    if (apr_hash_get(seen, traits, sizeof(*traits))) {
        return 0;
    }
    apr_hash_set(seen, traits, sizeof(*traits), traits);
    return 1;
}

/* Core puts the sections of the main server into every virtual host. */
static void find_common(cors_places_t *places, apr_pool_t *p)
{
    apr_hash_t *seen = apr_hash_make(p);
    int i;

    places->common = apr_array_make(p, 8, sizeof(cors_common_t));
    places->kinds = apr_array_make(p, 8, sizeof(cors_common_t));
    places->main_whole = -1;
    for (i = 0; i < places->all->nelts; i++) {
        cors_section_t *section = APR_ARRAY_IDX(places->all, i,
                                                cors_section_t *);
        cors_common_t common = { section, NULL, i };
        const cors_policy_t *own;

        if (section->server != places->main_server) {
            continue;
        }
        if (!section->parent) {
            places->main_whole = i;
            continue;
        }
        own = merge_own(NULL, section->parent, p);
        /* Never NULL: the section is one of those that are merged. */
        common.own = own ? own : section->policy;
        APR_ARRAY_PUSH(places->common, cors_common_t) = common;
        if (is_new(seen, common.own, p)) {
            APR_ARRAY_PUSH(places->kinds, cors_common_t) = common;
        }
    }
}

static cors_host_t *add_host(cors_places_t *places, const server_rec *server,
                             int first)
{
    cors_host_t *host = apr_array_push(places->hosts);

    host->server = server;
    host->first = first;
    host->count = 0;
    host->whole = -1;
    return host;
}

static void find_hosts(cors_places_t *places, apr_pool_t *p)
{
    const apr_array_header_t *all = places->all;
    cors_host_t *host = NULL;
    int i;

    /* Large enough that no host moves. */
    places->hosts = apr_array_make(p, all->nelts + 1, sizeof(cors_host_t));
    places->by_server = apr_hash_make(p);
    for (i = 0; i < all->nelts; i++) {
        const cors_section_t *section = APR_ARRAY_IDX(all, i,
                                                      cors_section_t *);

        if (section->server == places->main_server) {
            continue;
        }
        if (!host || host->server != section->server) {
            host = add_host(places, section->server, i);
            apr_hash_set(places->by_server, &host->server,
                         sizeof(host->server), host);
        }
        host->count++;
        if (cors_section_is_whole(section)) {
            host->whole = i;
        }
    }
}

static void find_new_hosts(cors_places_t *places, apr_pool_t *p)
{
    apr_hash_t *seen[2] = { apr_hash_make(p), apr_hash_make(p) };
    int i;

    for (i = 0; i < places->hosts->nelts; i++) {
        cors_host_t *host = &APR_ARRAY_IDX(places->hosts, i, cors_host_t);

        host->is_new = is_new(seen[host->whole >= 0],
                              server_policy(host->server), p);
    }
}

static void find_origins(cors_places_t *places, apr_pool_t *p)
{
    apr_array_header_t *found = apr_array_make(p, 8, sizeof(cors_section_t *));
    int i;

    places->whole_origins = apr_hash_make(p);
    for (i = 0; i < places->all->nelts; i++) {
        cors_section_t *section = APR_ARRAY_IDX(places->all, i,
                                                cors_section_t *);

        if (section->policy->origins) {
            APR_ARRAY_PUSH(found, cors_section_t *) = section;
            if (cors_section_is_whole(section)) {
                apr_hash_set(places->whole_origins, &section->server,
                             sizeof(section->server), section);
            }
        }
    }
    places->with_origins = cors_paths_make(found, p);
}

cors_places_t *cors_places_find(const server_rec *main_server, apr_pool_t *p)
{
    cors_places_t *places = apr_palloc(p, sizeof(*places));

    places->main_server = main_server;
    places->all = cors_sections_all();
    places->paths = cors_paths_make(places->all, p);
    apr_pool_create(&places->scratch, p);
    find_common(places, p);
    find_hosts(places, p);
    find_new_hosts(places, p);
    find_origins(places, p);
    return places;
}

int cors_places_any(const cors_places_t *places)
{
    return places->all->nelts != 0;
}

/* ---- Origins in reach ---- */

/* Whether the server, or any server if it is NULL, names origins. */
static int has_origins(const cors_places_t *places, const server_rec *server,
                       const ap_directive_t *section)
{
    if (server ? apr_hash_get(places->whole_origins, &server, sizeof(server))
                     != NULL
               : apr_hash_count(places->whole_origins) > 0) {
        return 1;
    }
    return section && !cors_section_is_virtual_host(section)
               ? cors_paths_meet(places->with_origins, server, section)
               : cors_paths_any(places->with_origins, server);
}

int cors_places_have_origins(const cors_places_t *places,
                             const server_rec *server,
                             const ap_directive_t *section)
{
    if (server == places->main_server) {
        return has_origins(places, NULL, section);
    }
    return has_origins(places, server, section)
           || has_origins(places, places->main_server, section);
}

const char *cors_server_name(const server_rec *server, apr_pool_t *p)
{
    return server->is_virtual
               ? apr_psprintf(p, "virtual host %s (line %u of %s)",
                              server->server_hostname,
                              server->defn_line_number, server->defn_name)
               : "the main server";
}

const char *cors_place_name(const cors_place_t *place, apr_pool_t *p)
{
    const char *host = cors_server_name(place->server, p);

    if (!place->section) {
        return host;
    }
    return apr_psprintf(p, "%s (%s) in %s",
                        cors_section_name(place->section, p),
                        cors_line_name(cors_line_of(place->section), p), host);
}
