/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/places.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <http_core.h>

static int is_virtual_host(const ap_directive_t *section)
{
    return section && strcasecmp(section->directive, "<VirtualHost") == 0;
}

const cors_policy_t *cors_place_policy(const server_rec *server,
                                       const ap_directive_t *section,
                                       apr_pool_t *p)
{
    const cors_dir_conf_t *whole;
    const cors_section_t *own;
    const cors_policy_t *base;
    cors_policy_t *merged;

    if (!section || is_virtual_host(section)) {
        whole = ap_get_module_config(server->lookup_defaults, &cors_module);
        return &whole->policy;
    }
    base = cors_place_policy(server, section->parent, p);
    own = cors_section_find(section);
    if (!own) {
        return base;
    }
    merged = apr_palloc(p, sizeof(*merged));
    cors_policy_merge(p, base, own->policy, merged);
    return merged;
}

static void add(apr_array_header_t *places, const server_rec *server,
                const cors_section_t *own, apr_pool_t *p)
{
    const ap_directive_t *section = is_virtual_host(own->parent) ? NULL
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
        add(places, server, APR_ARRAY_IDX(sections, i, cors_section_t *), p);
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
            add(places, server, own, p);
            if (!of_main
                && !apr_hash_get(seen, &own->server, sizeof(own->server))) {
                apr_hash_set(seen, &own->server, sizeof(own->server), own);
                add_all(places, server, common, p);
            }
        }
    }
    return places;
}

static int is_same(const ap_directive_t *a, const ap_directive_t *b)
{
    return a == b
           || (a && b && strcasecmp(a->directive, b->directive) == 0
               && strcmp(a->args, b->args) == 0
               && is_same(a->parent, b->parent));
}

/* Whether inner stands in outer, or is the same. */
static int is_inside(const ap_directive_t *inner, const ap_directive_t *outer)
{
    while (inner && !is_same(inner, outer)) {
        inner = inner->parent;
    }
    return inner != NULL;
}

/* The path of <Location /path> or <Directory /path>, with its length without
 * a slash at the end, or NULL of anything that is not so plain.  Copies
 * nothing: a large configuration has millions of pairs. */
static const char *plain_path(const ap_directive_t *section, apr_size_t *len)
{
    const char *path = section->args;
    const char *ends = " \t>*?[\\";

    if (*path == '"' || *path == '\'') {
        ends = *path == '"' ? "\"*?[\\" : "'*?[\\";
        path++;
    }
    *len = strcspn(path, ends);
    if (*path != '/' || (path[*len] && strchr("*?[\\", path[*len]))) {
        return NULL;
    }
    if (path[*len - 1] == '/') {
        --*len;
    }
    return path;
}

static int is_plain_kind(const ap_directive_t *section)
{
    return strcasecmp(section->directive, "<Location") == 0
           || strcasecmp(section->directive, "<Directory") == 0;
}

/* The section that stands in the server itself, around this one. */
static const ap_directive_t *outermost(const ap_directive_t *section)
{
    while (section->parent && !is_virtual_host(section->parent)) {
        section = section->parent;
    }
    return section;
}

static cors_meet_e paths_meet(const ap_directive_t *a,
                                const ap_directive_t *b)
{
    const char *path_a, *path_b;
    apr_size_t len_a, len_b, shorter;

    if (!is_plain_kind(a) || strcasecmp(a->directive, b->directive) != 0) {
        return CORS_MEET_PERHAPS;
    }
    path_a = plain_path(a, &len_a);
    path_b = plain_path(b, &len_b);
    if (!path_a || !path_b) {
        return CORS_MEET_PERHAPS;
    }
    shorter = len_a < len_b ? len_a : len_b;
    return strncmp(path_a, path_b, shorter) == 0
                   && (len_a == len_b
                       || (len_a < len_b ? path_b : path_a)[shorter] == '/')
               ? CORS_MEET_ALWAYS
               : CORS_MEET_NEVER;
}

cors_meet_e cors_sections_meet(const ap_directive_t *a,
                                 const ap_directive_t *b)
{
    if (!a || !b || is_virtual_host(a) || is_virtual_host(b) || is_inside(a, b)
        || is_inside(b, a)) {
        return CORS_MEET_ALWAYS;
    }
    return paths_meet(outermost(a), outermost(b));
}

const char *cors_line_name(const ap_directive_t *at, apr_pool_t *p)
{
    return apr_psprintf(p, "line %d of %s", at->line_num, at->filename);
}

static const char *server_name(const server_rec *server, apr_pool_t *p)
{
    return server->is_virtual
               ? apr_psprintf(p, "virtual host %s (line %u of %s)",
                              server->server_hostname,
                              server->defn_line_number, server->defn_name)
               : "the main server";
}

const char *cors_section_name(const ap_directive_t *section, apr_pool_t *p)
{
    /* The bracket is all that core leaves of the arguments of <Else>. */
    return apr_pstrcat(p, section->directive, *section->args == '>' ? "" : " ",
                       section->args, NULL);
}

const char *cors_place_name(const cors_place_t *place, apr_pool_t *p)
{
    const char *host = server_name(place->server, p);

    if (!place->section) {
        return host;
    }
    return apr_psprintf(p, "%s (%s) in %s",
                        cors_section_name(place->section, p),
                        cors_line_name(place->section, p), host);
}
