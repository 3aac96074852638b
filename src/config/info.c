/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/info.h"

#include <string.h>

#include <apr_hooks.h>
#include <apr_strings.h>

#include "config/access.h"
#include "config/layers.h"
#include "config/require.h"
#include "config/sections.h"
#include "config/walk.h"
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

/* ---- Sections that the requests of the page have ---- */

/* The latest section of a layer that decides. */
typedef struct said_t {
    cors_access_e access;
    const ap_directive_t *section;
} said_t;

/* What has been said in each layer. */
typedef said_t layers_t[CORS_LAYERS];

/* The place of a CorsInfo line, and what the sections looked at so far say. */
typedef struct info_walk_t {
    const ap_directive_t *place; /* NULL: the main server */
    layers_t require;
    layers_t satisfy; /* open: Satisfy Any lets in whom Require keeps out */
    const ap_directive_t *added; /* a section with AuthMerging Or */
} info_walk_t;

/* Returns what becomes of access by the section.  is_above: all requests of
 * the place have it; others may open the place, but never limit it. */
static cors_access_e effect_of(const ap_directive_t *section, int is_above)
{
    cors_access_e access = cors_access_of(section);

    if (access == CORS_ACCESS_NOT_SAID) {
        return cors_access_is_merged(section, "off") ? CORS_ACCESS_OPEN
                                                     : CORS_ACCESS_NOT_SAID;
    }
    if (access == CORS_ACCESS_OPEN) {
        return cors_access_is_merged(section, "and") ? CORS_ACCESS_NOT_SAID
                                                     : CORS_ACCESS_OPEN;
    }
    return is_above && !cors_access_is_merged(section, "or")
               ? CORS_ACCESS_LIMITED
               : CORS_ACCESS_NOT_SAID;
}

/* Returns what the section's Satisfy comes to, as effect_of() does. */
static cors_access_e satisfy_of(const ap_directive_t *section, int is_above)
{
    const ap_directive_t *line = cors_access_satisfy(section);

    if (line && cors_walk_has_word(line->args, "any")) {
        return CORS_ACCESS_OPEN;
    }
    return line && is_above ? CORS_ACCESS_LIMITED : CORS_ACCESS_NOT_SAID;
}

static void note(said_t *said, cors_access_e access,
                 const ap_directive_t *section)
{
    if (access != CORS_ACCESS_NOT_SAID) {
        said->access = access;
        said->section = section;
    }
}

/* What folders below require is overridden, but what they satisfy is
 * inherited. */
static void look_at(info_walk_t *walk, const ap_directive_t *section)
{
    int is_above = cors_layer_covers(section, walk->place);
    cors_layer_e layer = cors_layer_of(section, walk->place);
    cors_access_e effect = effect_of(section, is_above);

    note(&walk->satisfy[layer], satisfy_of(section, is_above), section);
    if (layer == CORS_LAYER_BELOW) {
        return;
    }
    note(&walk->require[layer], effect, section);
    if (effect == CORS_ACCESS_NOT_SAID && is_above
        && cors_access_of(section) == CORS_ACCESS_LIMITED) {
        walk->added = section;
    }
}

/* Whether the section opens the page to few, at most. */
static int is_for_few(const info_walk_t *walk, const ap_directive_t *section)
{
    return cors_walk_is_named(section, "<If")
           && !cors_layer_is_around(section, walk->place)
           && cors_require_is_for_few(section->args);
}

/* Looks at the sections in the order of the lines.  Those in a section come
 * after it. */
static void look_at_all(info_walk_t *walk, const ap_directive_t *node)
{
    for (; node; node = node->next) {
        if (node->first_child && !cors_walk_is_named(node, "<VirtualHost")
            && cors_layer_of(node, walk->place) != CORS_LAYERS
            && cors_layer_may_meet(node, walk->place)
            && !is_for_few(walk, node)) {
            look_at(walk, node);
            look_at_all(walk, node->first_child);
        }
    }
}

/* Returns what the uppermost layer says that says something. */
static said_t uppermost(const layers_t said)
{
    int layer = CORS_LAYERS - 1;

    while (layer > 0 && said[layer].access == CORS_ACCESS_NOT_SAID) {
        layer--;
    }
    return said[layer];
}

static int is_limited(const info_walk_t *walk)
{
    return uppermost(walk->require).access == CORS_ACCESS_LIMITED
           && uppermost(walk->satisfy).access != CORS_ACCESS_OPEN;
}

/* Returns the <VirtualHost> around the section, or NULL. */
static const ap_directive_t *host_of(const ap_directive_t *section)
{
    while (section && !cors_section_is_virtual_host(section)) {
        section = section->parent;
    }
    return section;
}

/* Walks all sections of the place: of its virtual host, or of the main server
 * and of the first virtual host that opens the page. */
static void walk_place(info_walk_t *walk)
{
    const ap_directive_t *own = host_of(walk->place);
    const ap_directive_t *node;
    info_walk_t common;

    look_at_all(walk, ap_conftree);
    if (own) {
        look_at_all(walk, own->first_child);
        return;
    }
    common = *walk;
    for (node = ap_conftree; node && is_limited(walk); node = node->next) {
        if (cors_walk_is_named(node, "<VirtualHost")) {
            *walk = common;
            look_at_all(walk, node->first_child);
        }
    }
}

/* Whether lines beside CorsInfo come after the section, so that they
 * decide. */
static int is_laid_under(const ap_directive_t *section,
                         const ap_directive_t *place)
{
    return place && section != place && !cors_section_is_virtual_host(place)
           && cors_layer_of(section, place) < cors_layer_of(place, place);
}

/* Returns why the lines beside CorsInfo limit nobody, and what to write. */
static const char *find_lack(const ap_directive_t *place, apr_pool_t *p)
{
    const ap_directive_t *require = place ? cors_access_require(place) : NULL;
    const ap_directive_t *around;

    if (!require) {
        return "no Require limits who may read it: write it into a <Location> "
               "with a Require, such as Require local";
    }
    around = require->parent;
    if (cors_walk_is_named(around, "<Limit")
        || cors_walk_is_named(around, "<LimitExcept")) {
        return apr_psprintf(p,
                            "Require %s (%s) is for some methods only: write "
                            "it outside of that section",
                            require->args,
                            cors_line_name(cors_line_of(require), p));
    }
    return apr_psprintf(p,
                        "Require %s (%s) limits nobody: write one that asks "
                        "who sends the request, such as Require local",
                        require->args,
                        cors_line_name(cors_line_of(require), p));
}

/* Returns what opens the page, and what to write. */
static const char *find_reason(const info_walk_t *walk, apr_pool_t *p)
{
    said_t said = uppermost(walk->require);
    said_t satisfy = uppermost(walk->satisfy);

    if (said.access == CORS_ACCESS_OPEN && said.section != walk->place) {
        return apr_psprintf(
            p,
            "%s (%s) %s everybody read it: write a Require into that section "
            "that limits who may, such as Require local, or move CorsInfo On "
            "to a <Location> that it can't hold for",
            cors_section_name(said.section, p),
            cors_line_name(cors_line_of(said.section), p),
            cors_layer_is_location(said.section) ? "lets" : "may let");
    }
    if (said.access == CORS_ACCESS_NOT_SAID && walk->added) {
        return apr_psprintf(
            p,
            "AuthMerging Or (%s) in %s lets in everybody whom earlier sections "
            "let in: write AuthMerging Off",
            cors_line_name(cors_line_of(cors_access_merging(walk->added)), p),
            cors_section_name(walk->added, p));
    }
    if (said.access == CORS_ACCESS_LIMITED) {
        return apr_psprintf(
            p,
            "Satisfy Any (%s) in %s may let in whom Require keeps out: write "
            "Satisfy All %s",
            cors_line_name(cors_line_of(cors_access_satisfy(satisfy.section)),
                           p),
            cors_section_name(satisfy.section, p),
            is_laid_under(satisfy.section, walk->place)
                ? "beside CorsInfo On"
                : "in place of Any there");
    }
    return find_lack(walk->place, p);
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
        info_walk_t walk = { .place = section->parent };

        if (!section->policy->info) {
            continue;
        }
        walk_place(&walk);
        if (!is_limited(&walk)) {
            finding.text = apr_psprintf(
                check->p,
                "CorsInfo On (%s)%s%s: the page shows every policy, "
                "and %s",
                cors_line_name(finding.at, check->p),
                section->parent ? " in " : "",
                section->parent ? cors_section_name(section->parent, check->p)
                                : "",
                find_reason(&walk, check->p));
            cors_finding_add(check, &finding);
        }
    }
}
