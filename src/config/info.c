/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/info.h"

#include <string.h>

#include <apr_hooks.h>
#include <apr_strings.h>

#include "config/access.h"
#include "config/meet.h"
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

/* The order in which httpd lays sections over each other.  Those that neither
 * stand around the place nor are <Location> come last in their layer: to learn
 * their real order would take the request. */
typedef enum {
    LAYER_FOLDER = 0, /* around the place */
    LAYER_OTHER_FOLDER,
    LAYER_LOCATION,
    LAYER_IF, /* around the place */
    LAYER_OTHER_IF,
    LAYERS /* no section */
} layer_e;

/* The latest section of a layer that decides. */
typedef struct said_t {
    cors_access_e access;
    const ap_directive_t *section;
} said_t;

/* The place of a CorsInfo line, and what the sections looked at so far say. */
typedef struct info_walk_t {
    const ap_directive_t *place; /* NULL: the main server */
    said_t said[LAYERS];
    const ap_directive_t *added; /* a section with AuthMerging Or */
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
    return cors_walk_is_named(section, "<Location")
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

static int is_one_of(const ap_directive_t *section, const char *const *names)
{
    while (*names && !cors_walk_is_named(section, *names)) {
        names++;
    }
    return *names != NULL;
}

static int is_folder(const ap_directive_t *section)
{
    static const char *const names[] = { "<Directory", "<DirectoryMatch",
                                         "<Files",     "<FilesMatch",
                                         "<Proxy",     "<ProxyMatch",
                                         NULL };

    return is_one_of(section, names);
}

static int is_if(const ap_directive_t *section)
{
    static const char *const names[] = { "<If", "<ElseIf", "<Else", NULL };

    return is_one_of(section, names);
}

static layer_e layer_of(const ap_directive_t *section, int around)
{
    if (is_if(section)) {
        return around ? LAYER_IF : LAYER_OTHER_IF;
    }
    if (cors_walk_is_named(section, "<Location")
        || cors_walk_is_named(section, "<LocationMatch")) {
        return LAYER_LOCATION;
    }
    return around               ? LAYER_FOLDER
           : is_folder(section) ? LAYER_OTHER_FOLDER
                                : LAYERS;
}

/* Returns the section that stands in the server itself, around this one, or
 * NULL for a server. */
static const ap_directive_t *outermost(const ap_directive_t *section)
{
    if (!section || cors_section_is_virtual_host(section)) {
        return NULL;
    }
    while (section->parent && !cors_section_is_virtual_host(section->parent)) {
        section = section->parent;
    }
    return section;
}

/* Whether the section's argument is a regular expression. */
static int is_pattern(const ap_directive_t *section)
{
    size_t len = strlen(section->directive);

    return section->args[0] == '~'
           || (len > 5
               && strcasecmp(section->directive + len - 5, "Match") == 0);
}

/* Returns what all paths of a <Location> or <Directory> begin with.  *len is 0
 * if that can't be told. */
static const char *beginning(const ap_directive_t *section, size_t *len)
{
    const char *text = section->args + strspn(section->args, "~ \t\"'");

    *len = 0;
    if (!is_pattern(section)) {
        *len = strcspn(text, "*?[\\\"'> \t");
    }
    else if (*text == '^' && !strchr(text, '|')) {
        text++;
        *len = strcspn(text, "\\^$.[]()?*+{}#\"'> \t");
        /* The byte before these need not be there. */
        if (*len && text[*len] && strchr("?*{", text[*len])) {
            --*len;
        }
    }
    return text;
}

/* Whether the paths of the two begin in different ways. */
static int is_apart(const ap_directive_t *a, const ap_directive_t *b)
{
    size_t len_a, len_b;
    const char *text_a, *text_b;

    if (!a || !b || is_if(a) || is_if(b)
        || layer_of(a, 0) != layer_of(b, 0)
        /* <Files> has names, <Directory> has paths */
        || strncasecmp(a->directive, b->directive, 5) != 0) {
        return 0;
    }
    text_a = beginning(a, &len_a);
    text_b = beginning(b, &len_b);
    return strncmp(text_a, text_b, len_a < len_b ? len_a : len_b) != 0;
}

static int may_meet(const ap_directive_t *section, const ap_directive_t *place)
{
    return cors_sections_meet(section, place) != CORS_MEET_NEVER
           && !is_apart(outermost(section), outermost(place));
}

static int is_files(const ap_directive_t *section)
{
    return cors_walk_is_named(section, "<Files")
           || cors_walk_is_named(section, "<FilesMatch");
}

/* Whether httpd lays the folder's section below those around the place. */
static int is_below(const ap_directive_t *folder, const ap_directive_t *place)
{
    const ap_directive_t *outer = outermost(place);
    cors_path_t path = cors_section_path(folder);

    if (!outer || !is_folder(outer)
        || strncasecmp(folder->directive, "<Proxy", 6) == 0) {
        return 1;
    }
    if (is_files(folder) || is_files(outer)) {
        return !is_files(folder);
    }
    return path.kind == CORS_PATH_DIRECTORY
           && (is_pattern(outer) || path.len < cors_section_path(outer).len);
}

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

static void look_at(info_walk_t *walk, const ap_directive_t *section)
{
    int around = is_around(section, walk->place);
    int is_above = around
                   || (is_location(section) && covers(section, walk->place));
    layer_e layer = layer_of(section, around);
    said_t said = { effect_of(section, is_above), section };

    if (layer == LAYERS
        || (layer == LAYER_OTHER_FOLDER && is_below(section, walk->place))) {
        return;
    }
    if (said.access != CORS_ACCESS_NOT_SAID) {
        walk->said[layer] = said;
    }
    else if (is_above && cors_access_of(section) == CORS_ACCESS_LIMITED) {
        walk->added = section;
    }
}

/* Looks at the sections in the order of the lines.  Those in a section come
 * after it. */
static void look_at_all(info_walk_t *walk, const ap_directive_t *node)
{
    for (; node; node = node->next) {
        if (node->first_child && !cors_walk_is_named(node, "<VirtualHost")
            && layer_of(node, is_around(node, walk->place)) != LAYERS
            && may_meet(node, walk->place)) {
            look_at(walk, node);
            look_at_all(walk, node->first_child);
        }
    }
}

/* Returns what the uppermost layer says that says something. */
static said_t result_of(const info_walk_t *walk)
{
    int layer = LAYERS - 1;

    while (layer > 0 && walk->said[layer].access == CORS_ACCESS_NOT_SAID) {
        layer--;
    }
    return walk->said[layer];
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
    for (node = ap_conftree;
         node && result_of(walk).access == CORS_ACCESS_LIMITED;
         node = node->next) {
        if (cors_walk_is_named(node, "<VirtualHost")) {
            *walk = common;
            look_at_all(walk, node->first_child);
        }
    }
}

/* Returns what opens the page, and what to write. */
static const char *find_reason(const info_walk_t *walk, apr_pool_t *p)
{
    said_t said = result_of(walk);

    if (said.access == CORS_ACCESS_OPEN && said.section != walk->place) {
        return apr_psprintf(
            p,
            "%s (%s) %s everybody read it: write a Require into that section "
            "that limits who may, such as Require local, or move CorsInfo On "
            "to a <Location> that it can't hold for",
            cors_section_name(said.section, p),
            cors_line_name(cors_line_of(said.section), p),
            is_location(said.section) ? "lets" : "may let");
    }
    if (said.access == CORS_ACCESS_NOT_SAID && walk->added) {
        return apr_psprintf(
            p,
            "AuthMerging Or (%s) in %s lets in everybody whom earlier sections "
            "let in: write AuthMerging Off",
            cors_line_name(cors_line_of(cors_access_merging(walk->added)), p),
            cors_section_name(walk->added, p));
    }
    return "no Require limits who may read it: write it into a <Location> with "
           "a Require, such as Require local";
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
        if (result_of(&walk).access != CORS_ACCESS_LIMITED) {
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
