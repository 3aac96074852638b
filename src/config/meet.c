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

/* Whether inner stands in outer, or is the same. */
static int is_inside(const ap_directive_t *inner, const ap_directive_t *outer)
{
    while (inner && !is_same_section(inner, outer)) {
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
    while (section->parent && !cors_section_is_virtual_host(section->parent)) {
        section = section->parent;
    }
    return section;
}

static cors_meet_e paths_meet(const ap_directive_t *a, const ap_directive_t *b)
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
    if (!a || !b || cors_section_is_virtual_host(a)
        || cors_section_is_virtual_host(b) || is_inside(a, b)
        || is_inside(b, a)) {
        return CORS_MEET_ALWAYS;
    }
    return paths_meet(outermost(a), outermost(b));
}
