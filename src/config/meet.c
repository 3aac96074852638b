/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/meet.h"

#include <string.h>

#include "config/sections.h"

static int is_same_section(const ap_directive_t *a, const ap_directive_t *b)
{
    while (a != b && a && b && strcasecmp(a->directive, b->directive) == 0
           && strcmp(a->args, b->args) == 0) {
        a = a->parent;
        b = b->parent;
    }
    return a == b;
}

/* Whether inner stands in outer, or is outer itself. */
static int is_inside(const ap_directive_t *inner, const ap_directive_t *outer)
{
    while (inner && !is_same_section(inner, outer)) {
        inner = inner->parent;
    }
    return inner != NULL;
}

/* Returns the path of <Location /path> or <Directory /path>, with its length
 * without a slash at the end; or NULL for an argument that is not so plain.
 * Copies nothing, because a large configuration asks often. */
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

static cors_path_e find_kind(const ap_directive_t *section)
{
    return strcasecmp(section->directive, "<Location") == 0
               ? CORS_PATH_LOCATION
           : strcasecmp(section->directive, "<Directory") == 0
               ? CORS_PATH_DIRECTORY
               : CORS_PATH_NONE;
}

/* Returns the section that stands in the server itself, around this one. */
static const ap_directive_t *outermost(const ap_directive_t *section)
{
    while (section->parent && !cors_section_is_virtual_host(section->parent)) {
        section = section->parent;
    }
    return section;
}

cors_path_t cors_section_path(const ap_directive_t *section)
{
    const ap_directive_t *outer = outermost(section);
    cors_path_t path = { find_kind(outer), NULL, 0 };

    if (path.kind != CORS_PATH_NONE) {
        path.text = plain_path(outer, &path.len);
    }
    if (!path.text) {
        path.kind = CORS_PATH_NONE;
        path.text = outer->args;
        path.len = strlen(outer->args);
    }
    return path;
}

static cors_meet_e paths_meet(const cors_path_t *a, const cors_path_t *b)
{
    apr_size_t shorter = a->len < b->len ? a->len : b->len;

    if (a->kind == CORS_PATH_NONE || a->kind != b->kind) {
        return CORS_MEET_PERHAPS;
    }
    return strncmp(a->text, b->text, shorter) == 0
                   && (a->len == b->len
                       || (a->len < b->len ? b : a)->text[shorter] == '/')
               ? CORS_MEET_ALWAYS
               : CORS_MEET_NEVER;
}

cors_meet_e cors_sections_meet(const ap_directive_t *a,
                               const ap_directive_t *b)
{
    cors_path_t path_a, path_b;

    if (!a || !b || cors_section_is_virtual_host(a)
        || cors_section_is_virtual_host(b) || is_inside(a, b)
        || is_inside(b, a)) {
        return CORS_MEET_ALWAYS;
    }
    path_a = cors_section_path(a);
    path_b = cors_section_path(b);
    return paths_meet(&path_a, &path_b);
}
