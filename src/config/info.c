/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/info.h"

#include <string.h>

#include <apr_hooks.h>
#include <apr_strings.h>

#include "config/meet.h"
#include "config/sections.h"
#include "module/line.h"

static cors_info_begin_fn *begin_page;
static int has_begun;

void cors_info_on_use(cors_info_begin_fn *begin)
{
    begin_page = begin;
}

static apr_status_t forget_page(void *unused)
{
    has_begun = 0;
    return APR_SUCCESS;
}

/* httpd sorts hooks once more after it has read the configuration, and knows
 * each by the name of its module. */
void cors_info_use(apr_pool_t *pconf)
{
    const char *kept = apr_hook_debug_current;

    if (has_begun || !begin_page) {
        return;
    }
    has_begun = 1;
    apr_pool_cleanup_register(pconf, NULL, forget_page, apr_pool_cleanup_null);
    apr_hook_debug_current = "mod_cors.c";
    begin_page();
    apr_hook_debug_current = kept;
}

/* ---- Whether access is limited ---- */

/* The answer of access lines to the question who may come in. */
typedef enum {
    ACCESS_NOT_SAID = 0,
    ACCESS_OPEN,
    ACCESS_LIMITED
} access_e;

static int is_named(const ap_directive_t *node, const char *name)
{
    return strcasecmp(node->directive, name) == 0;
}

/* Whether the word is one of the arguments.  Quotes count for nothing. */
static int has_word(const char *args, const char *word)
{
    size_t len = strlen(word);

    while (*args) {
        args += strspn(args, " \t\"'");
        if (strncasecmp(args, word, len) == 0
            && (!args[len] || strchr(" \t\"'", args[len]))) {
            return 1;
        }
        args += strcspn(args, " \t\"'");
    }
    return 0;
}

/* Only "all granted" and a list of methods with GET let everybody read. */
static access_e access_of_require(const char *args)
{
    if (has_word(args, "not")) {
        return ACCESS_LIMITED;
    }
    return (has_word(args, "all") && has_word(args, "granted"))
                   || (has_word(args, "method") && has_word(args, "GET"))
               ? ACCESS_OPEN
               : ACCESS_LIMITED;
}

static access_e access_of_lines(const ap_directive_t *node, int all);

static access_e access_of_line(const ap_directive_t *node)
{
    if (is_named(node, "Require")) {
        return access_of_require(node->args);
    }
    if (is_named(node, "<RequireAny")) {
        return access_of_lines(node->first_child, 0);
    }
    if (is_named(node, "<RequireAll")) {
        return access_of_lines(node->first_child, 1);
    }
    return is_named(node, "<RequireNone") ? ACCESS_LIMITED : ACCESS_NOT_SAID;
}

/* Returns what the lines come to.  all: each of them has to let in, as in
 * <RequireAll>; else one is enough.  Those in <Limit> are not for all
 * methods. */
static access_e access_of_lines(const ap_directive_t *node, int all)
{
    access_e wins = all ? ACCESS_LIMITED : ACCESS_OPEN;
    access_e access = ACCESS_NOT_SAID;

    for (; node; node = node->next) {
        access_e said = access_of_line(node);

        if (said == wins || access == ACCESS_NOT_SAID) {
            access = said;
        }
    }
    return access;
}

/* Whether Satisfy Any lets in whom Require keeps out. */
static int is_satisfied_by_any(const ap_directive_t *node)
{
    while (node
           && !(is_named(node, "Satisfy") && has_word(node->args, "any"))) {
        node = node->next;
    }
    return node != NULL;
}

static access_e access_of_section(const ap_directive_t *section)
{
    return is_satisfied_by_any(section->first_child)
               ? ACCESS_OPEN
               : access_of_lines(section->first_child, 0);
}

/* The place of a CorsInfo line, and what the sections looked at so far say. */
typedef struct info_walk_t {
    const ap_directive_t *place; /* NULL: the main server */
    access_e access;             /* of the place */
    int has_hole;                /* a section below it is open */
} info_walk_t;

/* Whether the section stands around the place, or is it. */
static int is_around(const ap_directive_t *section,
                     const ap_directive_t *place)
{
    while (place && place != section) {
        place = place->parent;
    }
    return place != NULL;
}

static int is_location(const ap_directive_t *section)
{
    return is_named(section, "<Location")
           && cors_section_path(section).kind == CORS_PATH_LOCATION;
}

/* Whether all requests that the place has are in the <Location>. */
static int covers(const ap_directive_t *location, const ap_directive_t *place)
{
    cors_path_t outer = cors_section_path(location);
    cors_path_t inner = { CORS_PATH_LOCATION, "", 0 };

    if (place && !cors_section_is_virtual_host(place)) {
        inner = cors_section_path(place);
    }
    return !outer.len
           || (inner.kind == CORS_PATH_LOCATION && outer.len <= inner.len
               && cors_sections_meet(location, place) == CORS_MEET_ALWAYS);
}

static void look_at(info_walk_t *walk, const ap_directive_t *section)
{
    access_e access = access_of_section(section);
    int around = is_around(section, walk->place);
    int is_above = around
                   || (is_location(section) && covers(section, walk->place));

    if (access == ACCESS_NOT_SAID) {
        return;
    }
    if (is_above) {
        walk->access = access;
        walk->has_hole = 0;
    }
    else if (access == ACCESS_OPEN && is_location(section)
             && cors_sections_meet(section, walk->place) == CORS_MEET_ALWAYS) {
        walk->has_hole = 1;
    }
}

/* Looks at the sections in the order in which they are laid over each other.
 * Those in a section come after it. */
static void look_at_all(info_walk_t *walk, const ap_directive_t *node)
{
    for (; node; node = node->next) {
        if (!node->first_child || is_named(node, "<VirtualHost")) {
            continue;
        }
        look_at(walk, node);
        if (is_around(node, walk->place)) {
            look_at_all(walk, node->first_child);
        }
    }
}

static int is_limited(const info_walk_t *walk)
{
    return walk->access == ACCESS_LIMITED && !walk->has_hole;
}

/* Whether the page at the place is limited in the virtual host too, which has
 * the sections of the main server and its own after these. */
static int is_limited_in(info_walk_t walk, const ap_directive_t *host)
{
    look_at_all(&walk, host->first_child);
    return is_limited(&walk);
}

/* Returns the <VirtualHost> around the section, or NULL. */
static const ap_directive_t *host_of(const ap_directive_t *section)
{
    while (section && !cors_section_is_virtual_host(section)) {
        section = section->parent;
    }
    return section;
}

static int is_protected(const ap_directive_t *place)
{
    info_walk_t walk = { place, ACCESS_NOT_SAID, 0 };
    const ap_directive_t *own = host_of(place);
    const ap_directive_t *node = ap_conftree;

    look_at_all(&walk, ap_conftree);
    if (own) {
        return is_limited_in(walk, own);
    }
    while (
        node
        && !(is_named(node, "<VirtualHost") && !is_limited_in(walk, node))) {
        node = node->next;
    }
    return !node && is_limited(&walk);
}

void cors_info_check(cors_check_t *check)
{
    const apr_array_header_t *all = cors_sections_all();
    int i;

    for (i = 0; i < all->nelts; i++) {
        const cors_section_t *section = APR_ARRAY_IDX(all, i,
                                                      cors_section_t *);
        cors_finding_t finding = { .code = CORS_CODE_INFO_UNPROTECTED,
                                   .refused = 1,
                                   .at = section->policy->info_at };

        if (section->policy->info && !is_protected(section->parent)) {
            finding.text = apr_psprintf(
                check->p,
                "CorsInfo On (%s)%s%s: the page shows every policy, and no "
                "Require limits who may read it: write it into a <Location> "
                "with a Require, such as Require local",
                cors_line_name(finding.at, check->p),
                section->parent ? " in " : "",
                section->parent ? cors_section_name(section->parent, check->p)
                                : "");
            cors_finding_add(check, &finding);
        }
    }
}
