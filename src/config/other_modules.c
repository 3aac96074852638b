/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/other_modules.h"

#include <stdlib.h>
#include <string.h>

#include "config/access_lines.h"
#include "config/header_lines.h"
#include "config/options_lines.h"
#include "config/rewrite_lines.h"

static void check_cache(cors_walk_t *walk, const ap_directive_t *node)
{
    if (cors_walk_policy(walk, node->parent, CORS_POLICY_LIST)) {
        cors_finding_warn(
            walk->check, CORS_CODE_CACHE_KEEPS_HEADERS, cors_line_of(node),
            "CacheEnable %s (%s) with a list in CorsAllowOrigin: "
            "cached responses keep the headers they were stored "
            "with, so empty the cache after taking an origin "
            "away: stop httpd and remove what is in CacheRoot",
            node->args, cors_walk_line(walk, node));
    }
}

static const struct {
    const char *directive;
    void (*check)(cors_walk_t *walk, const ap_directive_t *node);
} checks[] = { { "Header", cors_header_lines_check },
               { "RequestHeader", cors_header_lines_check_request },
               { "RewriteCond", cors_rewrite_lines_note },
               { "RewriteRule", cors_rewrite_lines_check },
               { "<Limit", cors_options_lines_check_limit },
               { "<LimitExcept", cors_options_lines_check_limit },
               { "Require", cors_options_lines_check },
               { "Require", cors_access_lines_check },
               { "Allow", cors_options_lines_check },
               { "Allow", cors_access_lines_check },
               { "Satisfy", cors_options_lines_check },
               { "SSLVerifyClient", cors_access_lines_check_certificate },
               { "CacheEnable", check_cache } };

/* Virtual hosts are identified by file and line.  There may be thousands, so
 * one pointer is kept of each. */
static int compare_line(const char *filename, unsigned int line,
                        const server_rec *s)
{
    int order = strcmp(filename, s->defn_name);

    return order                        ? order
           : line < s->defn_line_number ? -1
                                        : line > s->defn_line_number;
}

static int compare_servers(const void *a, const void *b)
{
    const server_rec *const *one = a;
    const server_rec *const *other = b;

    return compare_line((*one)->defn_name, (*one)->defn_line_number, *other);
}

static int compare_to_node(const void *key, const void *element)
{
    const ap_directive_t *node = key;
    const server_rec *const *server = element;

    return compare_line(node->filename, (unsigned int)node->line_num, *server);
}

static const apr_array_header_t *sort_servers(const server_rec *main_server,
                                              apr_pool_t *p)
{
    apr_array_header_t *servers;
    const server_rec *s;
    int count = 0;

    for (s = main_server->next; s; s = s->next) {
        count++;
    }
    servers = apr_array_make(p, count, sizeof(const server_rec *));
    for (s = main_server->next; s; s = s->next) {
        APR_ARRAY_PUSH(servers, const server_rec *) = s;
    }
    qsort(servers->elts, (size_t)servers->nelts, (size_t)servers->elt_size,
          compare_servers);
    return servers;
}

/* Returns the server that a <VirtualHost> is for, or outer. */
static const server_rec *find_server(const cors_walk_t *walk,
                                     const ap_directive_t *node,
                                     const server_rec *outer)
{
    const server_rec *const *found = bsearch(
        node, walk->servers->elts, (size_t)walk->servers->nelts,
        (size_t)walk->servers->elt_size, compare_to_node);

    return found ? *found : outer;
}

/* A RewriteCond counts for no RewriteRule in another section. */
static void walk_tree(cors_walk_t *walk, const ap_directive_t *node)
{
    const server_rec *outer = walk->server;
    apr_size_t i;

    for (; node; node = node->next) {
        for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
            if (cors_walk_is_named(node, checks[i].directive)) {
                checks[i].check(walk, node);
            }
        }
        if (!node->first_child) {
            continue;
        }
        if (cors_walk_is_named(node, "<VirtualHost")) {
            walk->server = find_server(walk, node, outer);
        }
        cors_rewrite_lines_begin(walk);
        walk_tree(walk, node->first_child);
        cors_rewrite_lines_begin(walk);
        walk->server = outer;
    }
}

void cors_other_modules_check(cors_check_t *check)
{
    cors_walk_t walk = { check, sort_servers(check->main_server, check->p),
                         check->main_server, 0 };

    cors_rewrite_lines_prepare(&walk);
    walk_tree(&walk, ap_conftree);
}
