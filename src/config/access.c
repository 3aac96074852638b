/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/access.h"

#include <string.h>
#include <strings.h>

#include "config/walk.h"

/* Whether the arguments begin with the word.  Quotes count for nothing, nor
 * does the bracket that ends a section's line. */
static int begins_with(const char *args, const char *word)
{
    size_t len = strlen(word);

    args += strspn(args, " \t\"'");
    return strncasecmp(args, word, len) == 0
           && (!args[len] || strchr(" \t\"'>", args[len]));
}

/* Whether the word is one of the arguments. */
static int has_word(const char *args, const char *word)
{
    while (*args && !begins_with(args, word)) {
        args += strspn(args, " \t\"'");
        args += strcspn(args, " \t\"'");
    }
    return *args != '\0';
}

/* Whether the expression asks about more than the method of the request.  Only
 * a request can tell what a condition on anything else comes to, and it may
 * well be a good limit: on an address, a user or a certificate. */
static int limits_by_expr(const char *expr)
{
    static const char *const asks[] = { "-R ",   "-R'",   "-R\"",  "req(",
                                        "http(", "vary(", "resp(", "env(",
                                        "note(", "file(" };
    const char *name = expr;
    size_t i;

    for (i = 0; i < sizeof(asks) / sizeof(*asks); i++) {
        if (strstr(expr, asks[i])) {
            return 1;
        }
    }
    while ((name = strstr(name, "%{")) != NULL) {
        name += 2;
        if (strncasecmp(name, "REQUEST_METHOD}", 15) != 0) {
            return 1;
        }
    }
    return 0;
}

/* "all granted", a list of methods with GET, and an expression that is
 * constant or about the method let everybody read.  A "not" never lets in, and
 * keeps out only those that it names: it limits no more than what stands
 * beside it. */
static cors_access_e access_of_require(const char *args)
{
    if (begins_with(args, "not")) {
        return CORS_ACCESS_NOT_SAID;
    }
    if (begins_with(args, "expr")) {
        return limits_by_expr(args) ? CORS_ACCESS_LIMITED : CORS_ACCESS_OPEN;
    }
    return (begins_with(args, "all") && has_word(args, "granted"))
                   || (begins_with(args, "method") && has_word(args, "GET"))
               ? CORS_ACCESS_OPEN
               : CORS_ACCESS_LIMITED;
}

static cors_access_e access_of_lines(const ap_directive_t *node, int all);

static int is_limit_for_get(const ap_directive_t *node)
{
    return cors_walk_is_named(node, "<Limit")
               ? has_word(node->args, "GET")
               : cors_walk_is_named(node, "<LimitExcept")
                     && !has_word(node->args, "GET");
}

static cors_access_e access_of_line(const ap_directive_t *node)
{
    if (cors_walk_is_named(node, "Require")) {
        return access_of_require(node->args);
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

/* Whether Satisfy Any lets in whom Require keeps out. */
static int is_satisfied_by_any(const ap_directive_t *node)
{
    while (node
           && !(cors_walk_is_named(node, "Satisfy")
                && has_word(node->args, "any"))) {
        node = node->next;
    }
    return node != NULL;
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

    if (access == CORS_ACCESS_NOT_SAID && has_limit(section->first_child)) {
        access = CORS_ACCESS_OPEN;
    }
    return is_satisfied_by_any(section->first_child) ? CORS_ACCESS_OPEN
                                                     : access;
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

    return merging && has_word(merging->args, word);
}
