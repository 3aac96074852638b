/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <util_cfgtree.h>

#include "config/sections.h"
#include "config/walk.h"
#include "report/unknown_parts.h"

/* State of the walk through the rewriting lines of a server. */
typedef struct rewrite_walk_t {
    const cors_unknown_walk_t *unknown;
    const char *path;   /* as the rules so far make it; NULL: not known */
    const char *found;  /* by a condition of the coming rule */
    const char *unsure; /* by a rule that may hold */
    int has_conditions; /* the coming rule */
    int is_on;
    int is_over;               /* a rule that holds is the last */
    int status;                /* of the request that has ended, or 0 */
    const ap_directive_t *end; /* the rule that may have ended it */
} rewrite_walk_t;

/* Flags after which no rule follows, and others that decide what becomes of
 * the request. */
static const char *const last_flags[] = { "F",    "forbidden",   "G",
                                          "gone", "L",           "last",
                                          "P",    "proxy",       "END",
                                          "PT",   "passthrough", NULL };
static const char *const other_flags[] = { "R",    "redirect", "N",
                                           "next", "C",        "chain",
                                           "S",    "skip",     NULL };

/* What stands around flags. */
#define BETWEEN_FLAGS "[], "

static int is_among(const char *const *words, const char *word, size_t len)
{
    while (
        *words
        && !(strlen(*words) == len && strncasecmp(*words, word, len) == 0)) {
        words++;
    }
    return *words != NULL;
}

/* Whether the flags, such as [R=302,L], have one of these. */
static int has_flag(const char *flags, const char *const *words)
{
    while (*flags) {
        size_t len = strcspn(flags, BETWEEN_FLAGS);

        if (len && is_among(words, flags, strcspn(flags, "=" BETWEEN_FLAGS))) {
            return 1;
        }
        flags += len;
        flags += strspn(flags, BETWEEN_FLAGS);
    }
    return 0;
}

static int ends(const char *flags)
{
    return has_flag(flags, last_flags);
}

/* Returns the status of the flag R, such as "R=204". */
static int redirect_status(const char *flag, size_t len)
{
    static const struct {
        const char *word;
        int status;
    } words[] = { { "R", HTTP_MOVED_TEMPORARILY },
                  { "redirect", HTTP_MOVED_TEMPORARILY },
                  { "R=temp", HTTP_MOVED_TEMPORARILY },
                  { "R=permanent", HTTP_MOVED_PERMANENTLY },
                  { "R=seeother", HTTP_SEE_OTHER } };
    const char *value = memchr(flag, '=', len);
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (len == strlen(words[i].word)
            && strncasecmp(flag, words[i].word, len) == 0) {
            return words[i].status;
        }
    }
    return value ? (int)strtol(value + 1, NULL, 10) : 0;
}

/* Returns the status that a rule with the flags ends a request with, or 0. */
static int end_status(const char *flags)
{
    static const char *const refuse[] = { "F", "forbidden", NULL };
    static const char *const gone[] = { "G", "gone", NULL };
    static const char *const redirect[] = { "R", "redirect", NULL };
    size_t len;

    if (has_flag(flags, refuse)) {
        return HTTP_FORBIDDEN;
    }
    if (has_flag(flags, gone)) {
        return HTTP_GONE;
    }
    for (; *flags; flags += len) {
        flags += strspn(flags, BETWEEN_FLAGS);
        len = strcspn(flags, BETWEEN_FLAGS);
        if (is_among(redirect, flags, strcspn(flags, "=" BETWEEN_FLAGS))) {
            return redirect_status(flags, len);
        }
    }
    return 0;
}

/* Whether the rule sets variables and the like, and nothing else. */
static int changes_nothing(const char *to, const char *flags)
{
    return strcmp(to, "-") == 0 && !ends(flags)
           && !has_flag(flags, other_flags);
}

/* Returns the pattern that the path, which is known, matches, or NULL. */
static const ap_regex_t *match(const rewrite_walk_t *walk, const char *pattern,
                               const char *flags, ap_regmatch_t *found)
{
    const ap_regex_t *regex = ap_pregcomp(
        walk->unknown->p, pattern, strcasestr(flags, "NC") ? AP_REG_ICASE : 0);

    return regex
                   && ap_regexec(regex, walk->path, AP_MAX_REG_MATCH, found, 0)
                          == 0
               ? regex
               : NULL;
}

/* Whether the rule may be about the path. */
static int may_match(const rewrite_walk_t *walk, const char *pattern,
                     const char *flags)
{
    ap_regmatch_t found[AP_MAX_REG_MATCH];
    int is_not = *pattern == '!';

    return !walk->path
           || (match(walk, pattern + is_not, flags, found) == NULL) == is_not;
}

/* Follows a rule that may hold. */
static void follow(rewrite_walk_t *walk, const char *pattern, const char *to,
                   const char *flags)
{
    ap_regmatch_t found[AP_MAX_REG_MATCH];

    walk->is_over = walk->path && !walk->has_conditions && ends(flags);
    if (strcmp(to, "-") == 0) {
        return;
    }
    if (!walk->path || walk->has_conditions || *pattern == '!'
        || strchr(to, '%') || !match(walk, pattern, flags, found)) {
        walk->path = NULL;
        return;
    }
    walk->path = ap_pregsub(walk->unknown->p, to, walk->path, AP_MAX_REG_MATCH,
                            found);
}

static void look_at_rule(rewrite_walk_t *walk, const ap_directive_t *at)
{
    apr_pool_t *p = walk->unknown->p;
    const char *args = at->args;
    const char *pattern = ap_getword_conf(p, &args);
    const char *to = ap_getword_conf(p, &args);
    const char *flags = ap_getword_conf(p, &args);
    const char *what = walk->found;

    if (walk->is_over || !may_match(walk, pattern, flags)
        || changes_nothing(to, flags)) {
        return;
    }
    if (!walk->end && walk->status && end_status(flags) == walk->status) {
        walk->end = at;
    }
    if (!what) {
        what = cors_unknown_in(walk->unknown, to, 0);
        what = what ? cors_unknown_sentence(walk->unknown, at, what) : NULL;
    }
    if (what && !walk->unsure) {
        walk->unsure = what;
    }
    follow(walk, pattern, to, flags);
}

/* Returns what the condition depends on and is not known, or NULL. */
static const char *unknown_in_condition(const cors_unknown_walk_t *unknown,
                                        const char *args)
{
    const char *text = ap_getword_conf(unknown->p, &args);
    const char *pattern = ap_getword_conf(unknown->p, &args);

    if (strcasecmp(text, "expr") == 0) {
        return cors_unknown_in(unknown, pattern, 1);
    }
    pattern += *pattern == '!';
    if (strcmp(pattern, "-F") == 0 || strcmp(pattern, "-U") == 0) {
        return "who may have the file or URL";
    }
    return cors_unknown_in(unknown, text, 0);
}

static void look_at_line(rewrite_walk_t *walk, const ap_directive_t *at)
{
    const char *what;

    if (cors_walk_is_named(at, "RewriteEngine")) {
        walk->is_on = strcasecmp(at->args, "On") == 0;
    }
    else if (cors_walk_is_named(at, "RewriteRule")) {
        look_at_rule(walk, at);
        walk->found = NULL;
        walk->has_conditions = 0;
    }
    else if (cors_walk_is_named(at, "RewriteCond")) {
        walk->has_conditions = 1;
        if (walk->found) {
            return;
        }
        what = unknown_in_condition(walk->unknown, at->args);
        walk->found = what ? cors_unknown_sentence(walk->unknown, at, what)
                           : NULL;
    }
}

static void look_at_lines(rewrite_walk_t *walk, const ap_directive_t *at)
{
    for (; at; at = at->next) {
        look_at_line(walk, at);
    }
    walk->found = NULL;
    walk->has_conditions = 0;
}

/* Whether the rules of the main server hold in virtual hosts. */
static int is_inherited(const ap_directive_t *main_lines,
                        const ap_directive_t *lines)
{
    for (; lines; lines = lines->next) {
        if (cors_walk_is_named(lines, "RewriteOptions")
            && strcasestr(lines->args, "Inherit")) {
            return 1;
        }
    }
    return main_lines ? is_inherited(NULL, main_lines) : 0;
}

/* Returns the line that begins the virtual host. */
static const ap_directive_t *find_host(const server_rec *server)
{
    const ap_directive_t *at = ap_conftree;

    while (at
           && !(cors_section_is_virtual_host(at)
                && (unsigned int)at->line_num == server->defn_line_number
                && strcmp(at->filename, server->defn_name) == 0)) {
        at = at->next;
    }
    return at;
}

const ap_directive_t *cors_unknown_lines(const server_rec *server)
{
    const ap_directive_t *host = server->is_virtual ? find_host(server) : NULL;

    return host ? host->first_child : ap_conftree;
}

/* Returns 0 if the rules do not run. */
static int look(rewrite_walk_t *walk)
{
    const ap_directive_t *lines = cors_unknown_lines(walk->unknown->r->server);
    int is_on;

    walk->path = walk->unknown->path;
    look_at_lines(walk, lines);
    is_on = walk->is_on;
    if (lines != ap_conftree && is_inherited(ap_conftree, lines)) {
        look_at_lines(walk, ap_conftree);
    }
    return is_on;
}

const char *cors_unknown_rewriting(const cors_unknown_walk_t *unknown)
{
    rewrite_walk_t walk = { unknown };

    return look(&walk) ? walk.unsure : NULL;
}

const ap_directive_t *cors_unknown_rewriting_end(
    const cors_unknown_walk_t *unknown, int status)
{
    rewrite_walk_t walk = { unknown };

    walk.status = status;
    return look(&walk) ? walk.end : NULL;
}
