/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/access.h"

#include "config/require.h"
#include "config/walk.h"

static cors_access_e access_of_lines(const ap_directive_t *node, int all);

static int is_limit_for_get(const ap_directive_t *node)
{
    return cors_walk_is_named(node, "<Limit")
               ? cors_require_has_get(node->args)
               : cors_walk_is_named(node, "<LimitExcept")
                     && !cors_require_has_get(node->args);
}

static cors_access_e access_of_line(const ap_directive_t *node)
{
    if (cors_walk_is_named(node, "Require")) {
        return cors_require_access(node->args);
    }
    if (cors_walk_is_named(node, "<RequireAny")) {
        return access_of_lines(node->first_child, 0);
    }
    if (cors_walk_is_named(node, "<RequireAll")) {
        return access_of_lines(node->first_child, 1);
    }
    /* Lines in <Limit> are not for all methods. */
    return is_limit_for_get(node)
                   && access_of_lines(node->first_child, 0) == CORS_ACCESS_OPEN
               ? CORS_ACCESS_OPEN
               : CORS_ACCESS_NOT_SAID;
}

/* Returns what the lines come to.  all: each of them has to let in, as in
 * <RequireAll>; else one is enough. */
static cors_access_e access_of_lines(const ap_directive_t *node, int all)
{
    cors_access_e wins = all ? CORS_ACCESS_LIMITED : CORS_ACCESS_OPEN;
    cors_access_e access = CORS_ACCESS_NOT_SAID;

    for (; node; node = node->next) {
        cors_access_e said = access_of_line(node);

        if (said == wins || access == CORS_ACCESS_NOT_SAID) {
            access = said;
        }
    }
    return access;
}

/* Whether there is a Require, but for some methods.  It takes the place of
 * those of other sections, so that everybody may do with the other methods. */
static int has_limit(const ap_directive_t *node)
{
    while (node
           && !((cors_walk_is_named(node, "<Limit")
                 || cors_walk_is_named(node, "<LimitExcept"))
                && access_of_lines(node->first_child, 0)
                       != CORS_ACCESS_NOT_SAID)) {
        node = node->next;
    }
    return node != NULL;
}

cors_access_e cors_access_of(const ap_directive_t *section)
{
    cors_access_e access = access_of_lines(section->first_child, 0);

    return access == CORS_ACCESS_NOT_SAID && has_limit(section->first_child)
               ? CORS_ACCESS_OPEN
               : access;
}

/* Returns the first Require, also within <RequireAny>, <Limit> and the like,
 * or NULL.  open: the first that lets in everybody. */
static const ap_directive_t *find_require(const ap_directive_t *node, int open)
{
    const ap_directive_t *found = NULL;

    for (; node && !found; node = node->next) {
        if (!cors_walk_is_named(node, "Require")) {
            found = find_require(node->first_child, open);
        }
        else if (!open
                 || cors_require_access(node->args) == CORS_ACCESS_OPEN) {
            found = node;
        }
    }
    return found;
}

const ap_directive_t *cors_access_require(const ap_directive_t *section)
{
    const ap_directive_t *found = find_require(section->first_child, 1);

    return found ? found : find_require(section->first_child, 0);
}

/* Returns the last Satisfy that holds for GET, or NULL. */
static const ap_directive_t *find_satisfy(const ap_directive_t *node)
{
    const ap_directive_t *found = NULL;

    for (; node; node = node->next) {
        const ap_directive_t *line = NULL;

        if (cors_walk_is_named(node, "Satisfy")) {
            line = node;
        }
        else if (is_limit_for_get(node)) {
            line = find_satisfy(node->first_child);
        }
        found = line ? line : found;
    }
    return found;
}

const ap_directive_t *cors_access_satisfy(const ap_directive_t *section)
{
    return find_satisfy(section->first_child);
}

const ap_directive_t *cors_access_merging(const ap_directive_t *section)
{
    const ap_directive_t *merging = NULL;
    const ap_directive_t *node;

    for (node = section->first_child; node; node = node->next) {
        if (cors_walk_is_named(node, "AuthMerging")) {
            merging = node;
        }
    }
    return merging;
}

int cors_access_is_merged(const ap_directive_t *section, const char *word)
{
    const ap_directive_t *merging = cors_access_merging(section);

    return merging && cors_walk_has_word(merging->args, word);
}
