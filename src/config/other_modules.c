/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/other_modules.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <util_cfgtree.h>

#include "config/meet.h"
#include "config/sections.h"
#include "grammar/name.h"
#include "module/line.h"

/* Where the walk is. */
typedef struct tree_walk_t {
    cors_check_t *check;
    const apr_array_header_t *servers; /* virtual hosts, by their lines */
    const server_rec *server;          /* the one that the lines belong to */
    int options_only; /* RewriteCond lines before the next RewriteRule
                       * let nothing but OPTIONS through */
    int either;       /* the last of them is one side of an OR */
} tree_walk_t;

static const char *line(const tree_walk_t *walk, const ap_directive_t *at)
{
    return cors_line_name(cors_line_of(at), walk->check->p);
}

static char *next_word(const tree_walk_t *walk, const char **args)
{
    return ap_getword_conf(walk->check->p, args);
}

static int is_named(const ap_directive_t *node, const char *name)
{
    return strcasecmp(node->directive, name) == 0;
}

/* What a policy must be to be looked for. */
typedef enum {
    POLICY_ALL,
    POLICY_ANY_ORIGIN,
    POLICY_LIST
} policy_kind_e;

/* A policy that is only tried changes nothing: what others do is needed. */
static int is_kind(const cors_policy_t *policy, policy_kind_e kind)
{
    if (!cors_policy_holds(policy) || policy->engine != CORS_ENGINE_ON) {
        return 0;
    }
    switch (kind) {
    case POLICY_ANY_ORIGIN:
        return policy->origins->any != NULL;
    case POLICY_LIST:
        return !policy->origins->any;
    case POLICY_ALL:
        break;
    }
    return 1;
}

/* A section that says so is no part of what is around it. */
static int is_off(const ap_directive_t *container)
{
    for (; container && !is_named(container, "<VirtualHost");
         container = container->parent) {
        const cors_section_t *section = cors_section_find(container);

        if (section && section->policy->engine_set) {
            return section->policy->engine != CORS_ENGINE_ON;
        }
    }
    return 0;
}

/* A policy that holds for what the container is for, all of it or a part, or
 * NULL. */
static const cors_policy_t *find_policy(const tree_walk_t *walk,
                                        const ap_directive_t *container,
                                        policy_kind_e kind)
{
    const cors_check_t *check = walk->check;
    const cors_policy_t *policy = cors_place_policy(walk->server, container,
                                                    check->p);
    int i;

    if (is_kind(policy, kind)) {
        return policy;
    }
    for (i = 0; i < check->places->nelts && !is_off(container); i++) {
        const cors_place_t *place = &APR_ARRAY_IDX(check->places, i,
                                                   cors_place_t);

        if ((place->server == walk->server
             || walk->server == check->main_server)
            && is_kind(place->policy, kind)
            && cors_sections_meet(place->section, container)
                   == CORS_MEET_ALWAYS) {
            return place->policy;
        }
    }
    return NULL;
}

/* Whether preflights are answered here, and not forwarded. */
static int has_answers(const tree_walk_t *walk,
                       const ap_directive_t *container)
{
    const cors_policy_t *policy = find_policy(walk, container, POLICY_ALL);

    return policy && policy->preflight == CORS_PREFLIGHT_ANSWER;
}

/* What becomes of a Header directive for Vary; NULL: nothing to speak of. */
static const char *vary_fate(const cors_policy_t *policy, const char *action,
                             const char *value)
{
    int joins = strcasecmp(action, "append") == 0
                || strcasecmp(action, "merge") == 0
                || strcasecmp(action, "add") == 0;

    if (ap_strcasestr(value, "origin")) {
        return policy->origins->any
                   ? "mod_cors adds nothing to Vary under CorsAllowOrigin *: "
                     "leave Origin out of it"
                   : "mod_cors itself adds Origin to Vary: leave it out";
    }
    return joins || policy->origins->any
               ? NULL
               : "it runs first, and mod_cors adds Origin to Vary: nothing is "
                 "lost";
}

/* The same for an Access-Control- header. */
static const char *header_fate(const cors_policy_t *policy)
{
    return policy->backend_headers == CORS_BACKEND_KEEP
               ? "under CorsBackendHeaders keep it can stand in the place of "
                 "the policy: leave it out"
               : "it runs first, and mod_cors puts its own in the place of "
                 "this header: leave it out";
}

static cors_code_e header_code(const cors_policy_t *policy, int vary)
{
    if (vary) {
        return CORS_CODE_VARY_LINE;
    }
    return policy->backend_headers == CORS_BACKEND_KEEP
               ? CORS_CODE_HEADER_KEPT
               : CORS_CODE_RECIPE_LEFT_OVER;
}

/* Header [always|onsuccess] ACTION NAME [VALUE ...] */
static void check_header(tree_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *action = next_word(walk, &args);
    const cors_policy_t *policy;
    const char *fate;
    char *name;
    int vary;

    if (strcasecmp(action, "always") == 0
        || strcasecmp(action, "onsuccess") == 0) {
        action = next_word(walk, &args);
    }
    name = next_word(walk, &args);
    if (*name && name[strlen(name) - 1] == ':') {
        name[strlen(name) - 1] = '\0';
    }
    vary = strcasecmp(name, "Vary") == 0;
    if ((!vary && !cors_field_is_access_control(name))
        || strcasecmp(action, "note") == 0) {
        return;
    }
    policy = find_policy(walk, node->parent, POLICY_ALL);
    if (!policy) {
        return;
    }
    fate = vary ? vary_fate(policy, action, args) : header_fate(policy);
    if (fate) {
        cors_finding_warn(walk->check, header_code(policy, vary),
                          cors_line_of(node), "Header %s %s (%s): %s", action,
                          name, line(walk, node), fate);
    }
}

/* RequestHeader ACTION NAME [VALUE ...] [early] */
static void check_request_header(tree_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *action = next_word(walk, &args);
    const char *name = next_word(walk, &args);
    int early = 0;

    if ((strcasecmp(name, "Vary") != 0 && !cors_field_is_access_control(name))
        || !find_policy(walk, node->parent, POLICY_ALL)) {
        return;
    }
    while (*args) {
        early = strcasecmp(next_word(walk, &args), "early") == 0;
    }
    cors_finding_warn(
        walk->check,
        early ? CORS_CODE_REQUEST_HEADER_EARLY : CORS_CODE_REQUEST_HEADER_LATE,
        cors_line_of(node), "RequestHeader %s %s (%s): %s", action, name,
        line(walk, node),
        early ? "it changes what mod_cors judges: leave it out"
              : "mod_cors has judged the request before: leave it "
                "out");
}

/* Whether the pattern of a RewriteCond matches OPTIONS and nothing else. */
static int is_options_pattern(const char *pattern)
{
    apr_size_t len;

    pattern += strspn(pattern, "^=(\"");
    len = strcspn(pattern, "$)\"");
    return len == 7 && strncasecmp(pattern, "OPTIONS", 7) == 0
           && strspn(pattern + len, "$)\"") == strlen(pattern + len);
}

static void note_rewrite_cond(tree_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *test = next_word(walk, &args);
    const char *pattern = next_word(walk, &args);
    const char *flags = next_word(walk, &args);
    int either = walk->either;

    walk->either = ap_strcasestr(flags, "OR") != NULL;
    if (strcasecmp(test, "%{REQUEST_METHOD}") == 0
        && is_options_pattern(pattern) && !either && !walk->either) {
        walk->options_only = 1;
    }
}

/* Whether the flags of a RewriteRule, as in [F,L], end the request with an
 * error: it is there to refuse OPTIONS, which is no business of ours. */
static int is_refusing(tree_walk_t *walk, const char *flags)
{
    char *list = apr_pstrdup(walk->check->p, flags);
    const char *flag;

    while ((flag = apr_strtok(list, "[], ", &list)) != NULL) {
        if (strcasecmp(flag, "F") == 0 || strcasecmp(flag, "forbidden") == 0
            || strcasecmp(flag, "G") == 0 || strcasecmp(flag, "gone") == 0
            || strncasecmp(flag, "R=4", 3) == 0
            || strncasecmp(flag, "redirect=4", 10) == 0) {
            return 1;
        }
    }
    return 0;
}

static void check_rewrite_rule(tree_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;

    next_word(walk, &args);
    next_word(walk, &args);
    if (walk->options_only && !is_refusing(walk, next_word(walk, &args))
        && has_answers(walk, node->parent)) {
        cors_finding_warn(walk->check, CORS_CODE_OPTIONS_LEFT_OVER,
                          cors_line_of(node),
                          "RewriteRule %s (%s) is for OPTIONS alone: mod_cors "
                          "answers preflights, so it is no longer needed",
                          node->args, line(walk, node));
    }
    walk->options_only = 0;
    walk->either = 0;
}

/* What lets OPTIONS through to where access is limited. */
static void warn_of_options(tree_walk_t *walk, const ap_directive_t *node,
                            const ap_directive_t *container)
{
    if (has_answers(walk, container)) {
        cors_finding_warn(
            walk->check, CORS_CODE_OPTIONS_LEFT_OVER, cors_line_of(node),
            "%s %s (%s): mod_cors answers preflights before anybody asks "
            "who is there, so it is no longer needed",
            node->directive, node->args, line(walk, node));
    }
}

/* <Limit OPTIONS> that lets nobody in is no leftover. */
static int lets_nobody_in(tree_walk_t *walk, const ap_directive_t *node)
{
    for (node = node->first_child; node; node = node->next) {
        const char *args = node->args;

        if ((is_named(node, "Require")
             && strcasecmp(next_word(walk, &args), "all") == 0
             && strcasecmp(next_word(walk, &args), "denied") == 0)
            || is_named(node, "Deny")) {
            return 1;
        }
    }
    return 0;
}

static void check_limit(tree_walk_t *walk, const ap_directive_t *node)
{
    const char *args = apr_pstrmemdup(walk->check->p, node->args,
                                      strcspn(node->args, ">"));

    if (strcasecmp(next_word(walk, &args), "OPTIONS") == 0 && !*args
        && (is_named(node, "<LimitExcept") || !lets_nobody_in(walk, node))) {
        warn_of_options(walk, node, node->parent);
    }
}

/* Whether the line lets requests in by the address they come from. */
static int is_by_address(const tree_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *first = next_word(walk, &args);

    if (is_named(node, "Allow")) {
        const char *who = next_word(walk, &args);

        return strcasecmp(who, "all") != 0 && strncasecmp(who, "env=", 4) != 0;
    }
    return strcasecmp(first, "ip") == 0 || strcasecmp(first, "local") == 0
           || strcasecmp(first, "host") == 0
           || strcasecmp(first, "forward-dns") == 0;
}

/* Require method OPTIONS, the modern form of <LimitExcept OPTIONS>. */
static int is_for_options(const tree_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;

    return strcasecmp(next_word(walk, &args), "method") == 0
           && strcasecmp(next_word(walk, &args), "OPTIONS") == 0 && !*args;
}

/* Require and Allow, whatever they are combined in. */
static void check_access(tree_walk_t *walk, const ap_directive_t *node)
{
    const ap_directive_t *container = node->parent;

    while (container
           && (is_named(container, "<RequireAll")
               || is_named(container, "<RequireAny")
               || is_named(container, "<Limit")
               || is_named(container, "<LimitExcept"))) {
        container = container->parent;
    }
    if (container && is_named(container, "<RequireNone")) {
        return;
    }
    if (is_for_options(walk, node)) {
        warn_of_options(walk, node, container);
    }
    else if (is_by_address(walk, node)
             && find_policy(walk, container, POLICY_ANY_ORIGIN)) {
        cors_finding_warn(
            walk->check, CORS_CODE_ADDRESS_ANY_ORIGIN, cors_line_of(node),
            "%s %s (%s) with CorsAllowOrigin *: any web page can "
            "read what is there through the browser of a visitor "
            "who may: write the origins that may",
            node->directive, node->args, line(walk, node));
    }
}

static void check_cache(tree_walk_t *walk, const ap_directive_t *node)
{
    if (find_policy(walk, node->parent, POLICY_LIST)) {
        cors_finding_warn(
            walk->check, CORS_CODE_CACHE_KEEPS_HEADERS, cors_line_of(node),
            "CacheEnable %s (%s) with a list in CorsAllowOrigin: "
            "cached responses keep the headers they were stored "
            "with, so empty the cache after taking an origin "
            "away: stop httpd and remove what is in CacheRoot",
            node->args, line(walk, node));
    }
}

static const struct {
    const char *directive;
    void (*check)(tree_walk_t *walk, const ap_directive_t *node);
} checks[] = { { "Header", check_header },
               { "RequestHeader", check_request_header },
               { "RewriteCond", note_rewrite_cond },
               { "RewriteRule", check_rewrite_rule },
               { "<Limit", check_limit },
               { "<LimitExcept", check_limit },
               { "Require", check_access },
               { "Allow", check_access },
               { "CacheEnable", check_cache } };

/* Virtual hosts are told by where they begin.  There can be many, so that what
 * is kept of each is a pointer. */
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

/* The server that a <VirtualHost> is for, or outer. */
static const server_rec *find_server(const tree_walk_t *walk,
                                     const ap_directive_t *node,
                                     const server_rec *outer)
{
    const server_rec *const *found = bsearch(
        node, walk->servers->elts, (size_t)walk->servers->nelts,
        (size_t)walk->servers->elt_size, compare_to_node);

    return found ? *found : outer;
}

/* A RewriteCond says nothing of a RewriteRule in another section. */
static void walk_tree(tree_walk_t *walk, const ap_directive_t *node)
{
    const server_rec *outer = walk->server;
    apr_size_t i;

    for (; node; node = node->next) {
        for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
            if (is_named(node, checks[i].directive)) {
                checks[i].check(walk, node);
            }
        }
        if (!node->first_child) {
            continue;
        }
        if (is_named(node, "<VirtualHost")) {
            walk->server = find_server(walk, node, outer);
        }
        walk->options_only = walk->either = 0;
        walk_tree(walk, node->first_child);
        walk->options_only = walk->either = 0;
        walk->server = outer;
    }
}

void cors_other_modules_check(cors_check_t *check)
{
    tree_walk_t walk = { check, sort_servers(check->main_server, check->p),
                         check->main_server, 0 };

    walk_tree(&walk, ap_conftree);
}
