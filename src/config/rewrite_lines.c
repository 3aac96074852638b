/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/rewrite_lines.h"

#include <string.h>

#include <apr_strings.h>
#include <httpd.h>

/* Whether the pattern of a RewriteCond matches OPTIONS and nothing else. */
static int is_options_pattern(const char *pattern)
{
    apr_size_t len;

    pattern += strspn(pattern, "^=(\"");
    len = strcspn(pattern, "$)\"");
    return len == 7 && strncasecmp(pattern, "OPTIONS", 7) == 0
           && strspn(pattern + len, "$)\"") == strlen(pattern + len);
}

void cors_rewrite_lines_note(cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *test = cors_walk_next_word(walk, &args);
    const char *pattern = cors_walk_next_word(walk, &args);
    const char *flags = cors_walk_next_word(walk, &args);
    int either = walk->either;

    walk->either = ap_strcasestr(flags, "OR") != NULL;
    if (strcasecmp(test, "%{REQUEST_METHOD}") == 0
        && is_options_pattern(pattern) && !either && !walk->either) {
        walk->options_only = 1;
    }
}

/* Flags, as in [F,L], of rules that do something else than let OPTIONS
 * through: they refuse it, send it to another server, or set something.  Such
 * a rule is no leftover.  One with "=" stands for all that begin with it. */
static const char *const other_flags[] = {
    "F",     "forbidden", "G",    "gone", "R=4",     "redirect=4", "P",
    "proxy", "E=",        "env=", "CO=",  "cookie=", "H=",         "handler="
};

static int is_other_flag(const char *flag)
{
    size_t i;

    for (i = 0; i < sizeof(other_flags) / sizeof(other_flags[0]); i++) {
        const char *other = other_flags[i];
        int has_value = strchr(other, '=') != NULL;

        if (has_value ? strncasecmp(flag, other, strlen(other)) == 0
                      : strcasecmp(flag, other) == 0) {
            return 1;
        }
    }
    return 0;
}

static int does_something_else(const cors_walk_t *walk, const char *flags)
{
    char *list = apr_pstrdup(walk->check->p, flags);
    const char *flag;

    while ((flag = apr_strtok(list, "[], ", &list)) != NULL) {
        if (is_other_flag(flag)) {
            return 1;
        }
    }
    return 0;
}

void cors_rewrite_lines_check(cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;

    cors_walk_next_word(walk, &args);
    cors_walk_next_word(walk, &args);
    if (walk->options_only
        && !does_something_else(walk, cors_walk_next_word(walk, &args))
        && cors_walk_has_answers(walk, node->parent)) {
        cors_finding_warn(walk->check, CORS_CODE_OPTIONS_LEFT_OVER,
                          cors_line_of(node),
                          "RewriteRule %s (%s) is for OPTIONS alone: mod_cors "
                          "answers preflights, so it is no longer needed",
                          node->args, cors_walk_line(walk, node));
    }
    walk->options_only = 0;
    walk->either = 0;
}
