/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/places.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <http_core.h>

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

const cors_policy_t *cors_place_policy(const server_rec *server,
                                       const ap_directive_t *section,
                                       apr_pool_t *p)
{
    const cors_policy_t *base = cors_dir_conf_policy(server->lookup_defaults);
    const apr_array_header_t *own = find_own(section, p);
    int i;

    for (i = own->nelts - 1; i >= 0; i--) {
        cors_policy_t *merged = apr_palloc(p, sizeof(*merged));

        cors_policy_merge(
            p, base, APR_ARRAY_IDX(own, i, const cors_section_t *)->policy,
            merged);
        base = merged;
    }
    return base;
}

static void add_place(apr_array_header_t *places, const server_rec *server,
                      const cors_section_t *own, apr_pool_t *p)
{
    const ap_directive_t *section = cors_section_is_virtual_host(own->parent)
                                        ? NULL
                                        : own->parent;
    cors_place_t *place = apr_array_push(places);

    place->server = server;
    place->section = section;
    place->policy = cors_place_policy(server, section, p);
}

/* The sections that stand in the main server.  Core puts them into every
 * virtual host, of which there can be thousands. */
static apr_array_header_t *find_main_sections(const server_rec *main_server,
                                              apr_pool_t *p)
{
    const apr_array_header_t *all = cors_sections_all();
    apr_array_header_t *found = apr_array_make(p, 8, sizeof(cors_section_t *));
    int i;

    for (i = 0; i < all->nelts; i++) {
        cors_section_t *own = APR_ARRAY_IDX(all, i, cors_section_t *);

        if (own->server == main_server && own->parent) {
            APR_ARRAY_PUSH(found, cors_section_t *) = own;
        }
    }
    return found;
}

static void add_all(apr_array_header_t *places, const server_rec *server,
                    const apr_array_header_t *sections, apr_pool_t *p)
{
    int i;

    for (i = 0; i < sections->nelts; i++) {
        add_place(places, server, APR_ARRAY_IDX(sections, i, cors_section_t *),
                  p);
    }
}

const apr_array_header_t *cors_places_find(const server_rec *main_server,
                                           apr_pool_t *p)
{
    const apr_array_header_t *all = cors_sections_all();
    const apr_array_header_t *common = find_main_sections(main_server, p);
    apr_array_header_t *places = apr_array_make(p, all->nelts + 1,
                                                sizeof(cors_place_t));
    apr_hash_t *seen = apr_hash_make(p);
    int of_main, i;

    for (of_main = 1; of_main >= 0; of_main--) {
        for (i = 0; i < all->nelts; i++) {
            const cors_section_t *own = APR_ARRAY_IDX(all, i,
                                                      cors_section_t *);
            const server_rec *server = own->server;

            if ((server == main_server) != of_main) {
                continue;
            }
            add_place(places, server, own, p);
            if (!of_main
                && !apr_hash_get(seen, &own->server, sizeof(own->server))) {
                apr_hash_set(seen, &own->server, sizeof(own->server), own);
                add_all(places, server, common, p);
            }
        }
    }
    return places;
}

static const char *server_name(const server_rec *server, apr_pool_t *p)
{
    return server->is_virtual
               ? apr_psprintf(p, "virtual host %s (line %u of %s)",
                              server->server_hostname,
                              server->defn_line_number, server->defn_name)
               : "the main server";
}

const char *cors_place_name(const cors_place_t *place, apr_pool_t *p)
{
    const char *host = server_name(place->server, p);

    if (!place->section) {
        return host;
    }
    return apr_psprintf(p, "%s (%s) in %s",
                        cors_section_name(place->section, p),
                        cors_line_name(cors_line_of(place->section), p), host);
}
