/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/access_lines.h"

#include <string.h>

#include <apr_strings.h>

/* Warns of a line that lets OPTIONS through to where access is limited. */
static void warn_of_options(cors_walk_t *walk, const ap_directive_t *node,
                            const ap_directive_t *container)
{
    if (cors_walk_has_answers(walk, container)) {
        cors_finding_warn(
            walk->check, CORS_CODE_OPTIONS_LEFT_OVER, cors_line_of(node),
            "%s %s (%s): mod_cors answers preflights before "
            "authentication, so this is no longer needed",
            node->directive, node->args, cors_walk_line(walk, node));
    }
}

/* Whether the line is NAME WORD [WORD ...], in any case. */
static int says(const cors_walk_t *walk, const ap_directive_t *node,
                const char *name, const char *words)
{
    const char *args = node->args;

    if (!cors_walk_is_named(node, name)) {
        return 0;
    }
    while (*words) {
        const char *word = ap_getword_conf(walk->check->p, &words);

        if (strcasecmp(cors_walk_next_word(walk, &args), word) != 0) {
            return 0;
        }
    }
    return 1;
}

/* Whether <Limit OPTIONS> opens access.  One that asks for a password, or that
 * lets nobody in, is no leftover: without it, OPTIONS would need none. */
static int opens_access(const cors_walk_t *walk, const ap_directive_t *node)
{
    for (node = node->first_child; node; node = node->next) {
        if (says(walk, node, "Require", "all granted")
            || says(walk, node, "Allow", "from all")
            || says(walk, node, "Satisfy", "any")) {
            return 1;
        }
    }
    return 0;
}

void cors_access_lines_check_limit(cors_walk_t *walk,
                                   const ap_directive_t *node)
{
    const char *args = apr_pstrmemdup(walk->check->p, node->args,
                                      strcspn(node->args, ">"));

    if (strcasecmp(cors_walk_next_word(walk, &args), "OPTIONS") == 0 && !*args
        && (cors_walk_is_named(node, "<LimitExcept")
            || opens_access(walk, node))) {
        warn_of_options(walk, node, node->parent);
    }
}

/* Whether the line lets requests in by the address they come from. */
static int is_by_address(const cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *first = cors_walk_next_word(walk, &args);

    if (cors_walk_is_named(node, "Allow")) {
        const char *who = cors_walk_next_word(walk, &args);

        return strcasecmp(who, "all") != 0 && strncasecmp(who, "env=", 4) != 0;
    }
    return strcasecmp(first, "ip") == 0 || strcasecmp(first, "local") == 0
           || strcasecmp(first, "host") == 0
           || strcasecmp(first, "forward-dns") == 0;
}

/* Whether the line is Require method OPTIONS, the modern form of <LimitExcept
 * OPTIONS>. */
static int is_for_options(const cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;

    return strcasecmp(cors_walk_next_word(walk, &args), "method") == 0
           && strcasecmp(cors_walk_next_word(walk, &args), "OPTIONS") == 0
           && !*args;
}

void cors_access_lines_check(cors_walk_t *walk, const ap_directive_t *node)
{
    const ap_directive_t *container = node->parent;

    while (container
           && (cors_walk_is_named(container, "<RequireAll")
               || cors_walk_is_named(container, "<RequireAny")
               || cors_walk_is_named(container, "<Limit")
               || cors_walk_is_named(container, "<LimitExcept"))) {
        container = container->parent;
    }
    if (container && cors_walk_is_named(container, "<RequireNone")) {
        return;
    }
    if (is_for_options(walk, node)) {
        warn_of_options(walk, node, container);
    }
    else if (is_by_address(walk, node)
             && cors_walk_policy(walk, container, CORS_POLICY_ANY_ORIGIN)) {
        cors_finding_warn(
            walk->check, CORS_CODE_ADDRESS_ANY_ORIGIN, cors_line_of(node),
            "%s %s (%s) with CorsAllowOrigin *: any web page can "
            "read what is there through the browser of a visitor "
            "who may: write the origins that may",
            node->directive, node->args, cors_walk_line(walk, node));
    }
}
