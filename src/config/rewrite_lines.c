/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/rewrite_lines.h"

#include <string.h>

#include <apr_strings.h>
#include <http_config.h>

#include "config/options_lines.h"

/* ---- Conditions ---- */

/* Whether the pattern of a RewriteCond holds for text.  Returns
 * CORS_HOLDS_PERHAPS for tests of files and comparisons. */
static cors_holds_e match_pattern(const char *pattern, int any_case,
                                  const char *text, apr_pool_t *p)
{
    int negated = *pattern == '!';
    const ap_regex_t *regex;
    int matches;

    pattern += negated;
    if (*pattern == '=') {
        pattern = strcmp(pattern, "=\"\"") == 0 ? "" : pattern + 1;
        matches = (any_case ? strcasecmp(pattern, text)
                            : strcmp(pattern, text))
                  == 0;
    }
    else if (*pattern && strchr("-<>", *pattern)) {
        return CORS_HOLDS_PERHAPS;
    }
    else {
        regex = ap_pregcomp(p, pattern, any_case ? AP_REG_ICASE : 0);
        matches = regex && ap_regexec(regex, text, 0, NULL, 0) == 0;
    }
    return matches != negated ? CORS_HOLDS : CORS_HOLDS_NOT;
}

/* Whether a condition on the method holds for preflights.  Returns
 * CORS_HOLDS_PERHAPS if the condition holds for all other requests too. */
static cors_holds_e match_method(const char *pattern, int any_case,
                                 apr_pool_t *p)
{
    cors_holds_e options = match_pattern(pattern, any_case, "OPTIONS", p);

    return options == CORS_HOLDS
                   && match_pattern(pattern, any_case, "GET", p) == CORS_HOLDS
                   && match_pattern(pattern, any_case, "POST", p) == CORS_HOLDS
               ? CORS_HOLDS_PERHAPS
               : options;
}

/* Whether a condition on credentials, which preflights never have, holds for
 * preflights. */
static cors_holds_e match_nothing(const char *pattern, int any_case,
                                  apr_pool_t *p)
{
    cors_holds_e nothing = match_pattern(pattern, any_case, "", p);

    return nothing == CORS_HOLDS && *pattern != '!'
                   && match_pattern(pattern, any_case, "x", p) == CORS_HOLDS
               ? CORS_HOLDS_PERHAPS
               : nothing;
}

static cors_holds_e match_preflight(const char *test, const char *pattern,
                                    int any_case, apr_pool_t *p)
{
    if (strcasecmp(test, "%{REQUEST_METHOD}") == 0) {
        return match_method(pattern, any_case, p);
    }
    if (strcasecmp(test, "%{HTTP:Authorization}") == 0
        || strcasecmp(test, "%{HTTP_COOKIE}") == 0
        || strcasecmp(test, "%{HTTP:Cookie}") == 0) {
        return match_nothing(pattern, any_case, p);
    }
    if (strcasecmp(test, "%{HTTP:Access-Control-Request-Method}") == 0) {
        return match_pattern(pattern, any_case, "PUT", p);
    }
    return CORS_HOLDS_PERHAPS;
}

/* Adds one condition to its group, whose members an OR joins, and a complete
 * group to all conditions. */
static void add_condition(cors_conditions_t *conditions, cors_holds_e holds,
                          int is_or)
{
    if (!conditions->is_or || holds > conditions->group) {
        conditions->group = holds;
    }
    conditions->is_or = is_or;
    if (is_or) {
        return;
    }
    if (conditions->group == CORS_HOLDS_NOT) {
        conditions->never = 1;
    }
    if (conditions->group == CORS_HOLDS) {
        conditions->preflights = 1;
    }
}

/* Whether the flags, as in [NC,OR], have one of these, an array up to NULL. A
 * flag with "=" stands for all that begin with it. */
static int has_flag(const cors_walk_t *walk, const char *flags,
                    const char *const *wanted)
{
    char *list = apr_pstrdup(walk->check->p, flags);
    const char *flag;
    int i;

    while ((flag = apr_strtok(list, "[], ", &list)) != NULL) {
        for (i = 0; wanted[i]; i++) {
            if (strchr(wanted[i], '=')
                    ? strncasecmp(flag, wanted[i], strlen(wanted[i])) == 0
                    : strcasecmp(flag, wanted[i]) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

void cors_rewrite_lines_note(cors_walk_t *walk, const ap_directive_t *node)
{
    static const char *const or [] = { "OR", "ornext", NULL };
    static const char *const any_case[] = { "NC", "nocase", NULL };
    cors_conditions_t *conditions = &walk->conditions;
    const char *args = node->args;
    const char *test = cors_walk_next_word(walk, &args);
    const char *pattern = cors_walk_next_word(walk, &args);
    const char *flags = cors_walk_next_word(walk, &args);
    int is_or = has_flag(walk, flags, or);
    apr_pool_t *scratch;

    if (strcasecmp(test, "%{REQUEST_METHOD}") == 0
        && cors_options_is_pattern(pattern) && !conditions->is_or && !is_or) {
        conditions->options_only = 1;
    }
    apr_pool_create(&scratch, walk->check->p);
    add_condition(conditions,
                  match_preflight(test, pattern,
                                  has_flag(walk, flags, any_case), scratch),
                  is_or);
    apr_pool_destroy(scratch);
}

void cors_rewrite_lines_begin(cors_walk_t *walk)
{
    memset(&walk->conditions, 0, sizeof(walk->conditions));
}

/* ---- Rules ---- */

/* Flags of rules that refuse. */
static const char *const refusing[] = { "F",   "forbidden",  "G", "gone",
                                        "R=4", "redirect=4", NULL };

/* Flags of rules that do something else than let OPTIONS through: they send
 * it to another server, set something, or steer the rules that follow. */
static const char *const doing[] = {
    "P",  "proxy", "E=", "env=",  "CO=", "cookie=", "H=", "handler=",
    "T=", "type=", "C",  "chain", "S=",  "skip=",   NULL
};

static const char *flags_of(const cors_walk_t *walk,
                            const ap_directive_t *rule)
{
    const char *args = rule->args;

    cors_walk_next_word(walk, &args);
    cors_walk_next_word(walk, &args);
    return cors_walk_next_word(walk, &args);
}

/* Whether a rule that refuses follows in the section: a rule before it may be
 * what lets OPTIONS through. */
static int is_before_refusal(const cors_walk_t *walk,
                             const ap_directive_t *rule)
{
    while ((rule = rule->next) != NULL) {
        if (cors_walk_is_named(rule, "RewriteRule")
            && has_flag(walk, flags_of(walk, rule), refusing)) {
            return 1;
        }
    }
    return 0;
}

/* Whether the last RewriteEngine of a server says On: 1, Off: 0, or there is
 * none: -1. */
static int find_engine(const cors_walk_t *walk, const ap_directive_t *node)
{
    int on = -1;

    for (; node; node = node->next) {
        if (cors_walk_is_named(node, "RewriteEngine")) {
            const char *args = node->args;

            on = strcasecmp(cors_walk_next_word(walk, &args), "On") == 0;
        }
    }
    return on;
}

void cors_rewrite_lines_prepare(cors_walk_t *walk)
{
    walk->rewrites = find_engine(walk, ap_conftree) == 1;
}

/* Whether mod_rewrite runs in the server that the rule stands in. */
static int is_running(const cors_walk_t *walk, const ap_directive_t *rule)
{
    int on = rule->parent ? find_engine(walk, rule->parent->first_child) : -1;

    return on < 0 ? walk->rewrites : on;
}

/* Warns of a rule of a server that refuses preflights: such rules run before
 * mod_cors.  Those of other sections run after it. */
static void check_refusal(cors_walk_t *walk, const ap_directive_t *rule)
{
    const cors_conditions_t *conditions = &walk->conditions;

    if (cors_walk_is_in_server(rule) && conditions->preflights
        && !conditions->never && is_running(walk, rule)
        && cors_walk_own_policy(walk, rule->parent, CORS_POLICY_ALL)) {
        cors_finding_warn(
            walk->check, CORS_CODE_REWRITE_REFUSES, cors_line_of(rule),
            "RewriteRule %s (%s) refuses the preflights that it matches before "
            "mod_cors sees them: write RewriteCond %%{REQUEST_METHOD} "
            "!=OPTIONS [OR] and RewriteCond "
            "%%{HTTP:Access-Control-Request-Method} ^$ before its other "
            "conditions",
            rule->args, cors_walk_line(walk, rule));
    }
}

/* Warns of a rule that is for OPTIONS alone and refuses nothing. */
static void check_leftover(cors_walk_t *walk, const ap_directive_t *rule,
                           const char *flags)
{
    int in_server = cors_walk_is_in_server(rule);
    const cors_policy_t *policy;

    if (!walk->conditions.options_only || has_flag(walk, flags, doing)
        || (in_server && is_before_refusal(walk, rule))) {
        return;
    }
    policy = in_server
                 ? cors_walk_own_policy(walk, rule->parent, CORS_POLICY_ALL)
                 : cors_walk_policy(walk, rule->parent, CORS_POLICY_ALL);
    if (policy && policy->preflight == CORS_PREFLIGHT_ANSWER) {
        cors_finding_warn(
            walk->check, CORS_CODE_OPTIONS_LEFT_OVER, cors_line_of(rule),
            "RewriteRule %s (%s) is for OPTIONS alone, and "
            "mod_cors answers preflights without it: %s. "
            "Other OPTIONS requests are then served like any "
            "request",
            rule->args, cors_walk_line(walk, rule), cors_walk_leave_out(walk));
    }
}

void cors_rewrite_lines_check(cors_walk_t *walk, const ap_directive_t *node)
{
    const char *flags = flags_of(walk, node);

    if (has_flag(walk, flags, refusing)) {
        check_refusal(walk, node);
    }
    else {
        check_leftover(walk, node, flags);
    }
    cors_rewrite_lines_begin(walk);
}
