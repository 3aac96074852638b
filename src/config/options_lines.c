/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/options_lines.h"

#include <string.h>

#include <apr_strings.h>
#include <http_config.h>

int cors_options_is_pattern(const char *pattern)
{
    apr_size_t len;

    pattern += strspn(pattern, "^=(\"");
    len = strcspn(pattern, "$)\"");
    return len == 7 && strncasecmp(pattern, "OPTIONS", 7) == 0
           && strspn(pattern + len, "$)\"") == strlen(pattern + len);
}

/* ---- Expressions ---- */

#define METHOD  "%\\{REQUEST_METHOD\\}\\s*"
#define QUOTED  "\\\\?[\"']OPTIONS\\\\?[\"']"
#define PATTERN "m?([/#|])\\^?\\(?OPTIONS\\)?\\$?\\g{-1}i?"

static int matches(const char *regex, const char *text, apr_pool_t *p)
{
    const ap_regex_t *compiled = ap_pregcomp(p, regex, AP_REG_ICASE);

    return compiled && ap_regexec(compiled, text, 0, NULL, 0) == 0;
}

/* Whether the expression holds for nothing but OPTIONS. */
static int is_only_options(const cors_walk_t *walk, const char *expression)
{
    return !strchr(expression, '!') && !strstr(expression, "||")
           && matches(METHOD "(?:(?:==?|-strc?match)\\s*" QUOTED
                             "|-in\\s*\\{\\s*" QUOTED "\\s*\\}"
                             "|=~\\s*" PATTERN ")"
                             "|" QUOTED "\\s*==?\\s*" METHOD,
                      expression, walk->check->p);
}

/* Whether the expression holds for everything but OPTIONS. */
static int is_all_but_options(const cors_walk_t *walk, const char *expression)
{
    return matches("^[\\s\"(]*" METHOD "(?:!=\\s*" QUOTED "|!~\\s*" PATTERN
                   ")[\\s\")>]*$",
                   expression, walk->check->p);
}

/* ---- Variables ---- */

/* Whether SetEnvIf and its like test for OPTIONS and nothing else.  Takes
 * their test off *args. */
static int tests_options(const cors_walk_t *walk, const ap_directive_t *node,
                         const char **args)
{
    const char *first = cors_walk_next_word(walk, args);

    if (cors_walk_is_named(node, "SetEnvIfExpr")) {
        return is_only_options(walk, first);
    }
    if (cors_walk_is_named(node, "SetEnvIf")
        || cors_walk_is_named(node, "SetEnvIfNoCase")) {
        return cors_options_is_pattern(cors_walk_next_word(walk, args))
               && strcasecmp(first, "Request_Method") == 0;
    }
    return 0;
}

/* A variable is set for OPTIONS alone, or for other requests too. */
static const char for_options[] = "OPTIONS";
static const char for_others[] = "others";

static void note_variable(cors_walk_t *walk, char *name, const char *value)
{
    const char *known;

    name[strcspn(name, "=")] = '\0';
    known = apr_hash_get(walk->variables, name, APR_HASH_KEY_STRING);
    apr_hash_set(walk->variables, name, APR_HASH_KEY_STRING,
                 known && known != value ? for_others : value);
}

static void note_variables(cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *value;

    if (cors_walk_is_named(node, "SetEnv")) {
        note_variable(walk, cors_walk_next_word(walk, &args), for_others);
        return;
    }
    value = tests_options(walk, node, &args) ? for_options : for_others;
    while (*args) {
        note_variable(walk, cors_walk_next_word(walk, &args), value);
    }
}

static void find_variables(cors_walk_t *walk, const ap_directive_t *node)
{
    static const char *const setters[] = {
        "SetEnv",         "SetEnvIf",     "SetEnvIfExpr",
        "SetEnvIfNoCase", "BrowserMatch", "BrowserMatchNoCase"
    };
    size_t i;

    for (; node; node = node->next) {
        for (i = 0; i < sizeof(setters) / sizeof(setters[0]); i++) {
            if (cors_walk_is_named(node, setters[i])) {
                note_variables(walk, node);
            }
        }
        find_variables(walk, node->first_child);
    }
}

/* Whether only requests with OPTIONS get the variable.  The lines that set
 * variables are looked for once, when the first one is asked for. */
static int is_variable_of_options(cors_walk_t *walk, const char *name)
{
    if (!walk->variables) {
        walk->variables = apr_hash_make(walk->check->p);
        find_variables(walk, ap_conftree);
    }
    return apr_hash_get(walk->variables, name, APR_HASH_KEY_STRING)
           == for_options;
}

/* ---- Lines ---- */

/* Whether the next two words are these. */
static int has_words(const cors_walk_t *walk, const char *args,
                     const char *first, const char *second)
{
    return strcasecmp(cors_walk_next_word(walk, &args), first) == 0
           && strcasecmp(cors_walk_next_word(walk, &args), second) == 0;
}

/* Whether the line, by itself, lets everybody in. */
static int is_open(const cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;

    if (cors_walk_is_named(node, "Require")) {
        return has_words(walk, args, "all", "granted");
    }
    if (cors_walk_is_named(node, "Allow")) {
        return has_words(walk, args, "from", "all");
    }
    return cors_walk_is_named(node, "Satisfy")
           && strcasecmp(cors_walk_next_word(walk, &args), "any") == 0;
}

/* Whether the lines in the section let everybody in.  Under Satisfy Any no
 * Require keeps anybody out. */
static int lets_in(const cors_walk_t *walk, const ap_directive_t *section)
{
    const ap_directive_t *node = section->first_child;
    int opens = 0;
    int requires = 0;
    int any = 0;

    for (; node; node = node->next) {
        int open = is_open(walk, node);

        if (cors_walk_is_named(node, "Deny")) {
            return 0;
        }
        opens |= open;
        any |= open && cors_walk_is_named(node, "Satisfy");
        requires |= !open && cors_walk_is_named(node, "Require");
    }
    return any || (opens && !requires);
}

static int begins_with(const ap_directive_t *node, const char *prefix)
{
    return strncasecmp(node->directive, prefix, strlen(prefix)) == 0;
}

/* Whether another line beside this one is enough to be let in, so that this
 * one lets in more. */
static int is_alternative(const cors_walk_t *walk, const ap_directive_t *node)
{
    const ap_directive_t *other = node->parent ? node->parent->first_child
                                               : ap_conftree;
    int allows = cors_walk_is_named(node, "Allow");

    if (node->parent && cors_walk_is_named(node->parent, "<RequireAll")) {
        return 0;
    }
    for (; other; other = other->next) {
        if (other == node) {
            continue;
        }
        if (allows ? begins_with(other, "Allow")
                         || (begins_with(other, "Satisfy")
                             && is_open(walk, other))
                   : begins_with(other, "Require")
                         || begins_with(other, "<Require")) {
            return 1;
        }
    }
    return 0;
}

/* Whether there are names, and each is that of a variable that only requests
 * with OPTIONS get. */
static int are_variables_of_options(cors_walk_t *walk, const char *args)
{
    int count = 0;

    for (; *args; count++) {
        if (!is_variable_of_options(walk, cors_walk_next_word(walk, &args))) {
            return 0;
        }
    }
    return count != 0;
}

/* Whether the line lets in OPTIONS and nothing else. */
static int is_for_options(cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *first = cors_walk_next_word(walk, &args);

    if (cors_walk_is_named(node, "Allow")) {
        const char *who = cors_walk_next_word(walk, &args);

        return strncasecmp(who, "env=", 4) == 0
               && is_variable_of_options(walk, who + 4);
    }
    if (!cors_walk_is_named(node, "Require")) {
        return 0;
    }
    if (strcasecmp(first, "method") == 0) {
        return strcasecmp(cors_walk_next_word(walk, &args), "OPTIONS") == 0
               && !*args;
    }
    return strcasecmp(first, "env") == 0
               ? are_variables_of_options(walk, args)
               : strcasecmp(first, "expr") == 0 && is_only_options(walk, args);
}

/* ---- Warnings ---- */

/* Warns of a line by which OPTIONS gets around what limits access. */
static void warn(cors_walk_t *walk, const ap_directive_t *node,
                 const ap_directive_t *container, const char *write)
{
    if (cors_walk_has_answers(walk, container)) {
        cors_finding_warn(
            walk->check, CORS_CODE_OPTIONS_LEFT_OVER, cors_line_of(node),
            "%s %s (%s): mod_cors answers preflights before "
            "authentication, and this lets other requests in "
            "unchecked: %s",
            node->directive, node->args, cors_walk_line(walk, node),
            write ? write : cors_walk_leave_out(walk));
    }
}

void cors_options_lines_check_limit(cors_walk_t *walk,
                                    const ap_directive_t *node)
{
    const char *args = apr_pstrmemdup(walk->check->p, node->args,
                                      strcspn(node->args, ">"));
    int except = cors_walk_is_named(node, "<LimitExcept");

    if (strcasecmp(cors_walk_next_word(walk, &args), "OPTIONS") == 0 && !*args
        && lets_in(walk, node) != except) {
        warn(walk, node, node->parent,
             except ? "write what stands in it outside" : NULL);
    }
}

/* Checks a line in an <If> that tells OPTIONS from all else.  Returns 0 if the
 * <If> is of another kind. */
static int check_in_if(cors_walk_t *walk, const ap_directive_t *node,
                       const ap_directive_t *section)
{
    if (is_only_options(walk, section->args)) {
        if (lets_in(walk, section) && is_open(walk, node)) {
            warn(walk, node, section->parent, NULL);
        }
        return 1;
    }
    if (is_all_but_options(walk, section->args)) {
        if (cors_walk_is_named(node, "Require") && !is_open(walk, node)) {
            warn(walk, node, section->parent, "write it outside of <If>");
        }
        return 1;
    }
    return 0;
}

void cors_options_lines_check(cors_walk_t *walk, const ap_directive_t *node)
{
    const ap_directive_t *section = cors_walk_section(node);

    if (section
        && (cors_walk_is_named(section, "<RequireNone")
            || (cors_walk_is_named(section, "<If")
                && check_in_if(walk, node, section)))) {
        return;
    }
    if (is_for_options(walk, node) && is_alternative(walk, node)) {
        warn(walk, node, section, NULL);
    }
}
