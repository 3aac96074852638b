/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/layers.h"

#include <string.h>

#include "config/meet.h"
#include "config/sections.h"
#include "config/walk.h"

int cors_layer_is_around(const ap_directive_t *section,
                         const ap_directive_t *place)
{
    while (place && place != section) {
        place = place->parent;
    }
    return place != NULL;
}

int cors_layer_is_location(const ap_directive_t *section)
{
    return cors_walk_is_named(section, "<Location")
           && cors_section_path(section).kind == CORS_PATH_LOCATION;
}

/* Whether all requests that the place has are in the <Location>. */
static int is_over(const ap_directive_t *location, const ap_directive_t *place)
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

static cors_layer_e find_layer(const ap_directive_t *section, int around)
{
    if (is_if(section)) {
        return around ? CORS_LAYER_IF : CORS_LAYER_OTHER_IF;
    }
    if (cors_walk_is_named(section, "<Location")
        || cors_walk_is_named(section, "<LocationMatch")) {
        return CORS_LAYER_LOCATION;
    }
    return around               ? CORS_LAYER_FOLDER
           : is_folder(section) ? CORS_LAYER_OTHER_FOLDER
                                : CORS_LAYERS;
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
        || find_layer(a, 0) != find_layer(b, 0)
        /* <Files> has names, <Directory> has paths */
        || strncasecmp(a->directive, b->directive, 5) != 0) {
        return 0;
    }
    text_a = beginning(a, &len_a);
    text_b = beginning(b, &len_b);
    return strncmp(text_a, text_b, len_a < len_b ? len_a : len_b) != 0;
}

int cors_layer_may_meet(const ap_directive_t *section,
                        const ap_directive_t *place)
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

int cors_layer_covers(const ap_directive_t *section,
                      const ap_directive_t *place)
{
    return cors_layer_is_around(section, place)
           || (cors_layer_is_location(section) && is_over(section, place));
}

cors_layer_e cors_layer_of(const ap_directive_t *section,
                           const ap_directive_t *place)
{
    cors_layer_e layer = find_layer(section,
                                    cors_layer_is_around(section, place));

    return layer == CORS_LAYER_OTHER_FOLDER && is_below(section, place)
               ? CORS_LAYER_BELOW
               : layer;
}
