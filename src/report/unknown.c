/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/unknown.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_cfgtree.h>

#include "config/sections.h"
#include "config/walk.h"
#include "report/unknown_parts.h"
#include "sources/sources.h"

const char *cors_unknown_sentence(const cors_unknown_walk_t *walk,
                                  const ap_directive_t *at, const char *what)
{
    return apr_psprintf(
        walk->p, "%s (%s) depends on %s, which is not given",
        *at->directive == '<'
            ? cors_section_name(at, walk->p)
            : apr_pstrcat(walk->p, at->directive, " ", at->args, NULL),
        cors_line_name(cors_line_of(at), walk->p), what);
}

/* Returns the line before at in the same section, or NULL. */
static const ap_directive_t *line_before(const ap_directive_t *at)
{
    const ap_directive_t *line = at->parent ? at->parent->first_child
                                            : ap_conftree;

    while (line && line->next != at) {
        line = line->next;
    }
    return line;
}

/* Returns what the condition of <If> or <ElseIf> depends on and is not known,
 * or NULL. */
static const char *unknown_in_section(const cors_unknown_walk_t *walk,
                                      const ap_directive_t *section)
{
    const char *end = strrchr(section->args, '>');
    const char *args = end ? apr_pstrmemdup(walk->p, section->args,
                                            (apr_size_t)(end - section->args))
                           : section->args;

    return cors_unknown_in(walk, ap_getword_conf(walk->p, &args), 1);
}

/* Returns a sentence about the condition of the section, <If>, <ElseIf> or
 * <Else>; the last two depend on the conditions before them. */
static const char *unknown_condition(const cors_unknown_walk_t *walk,
                                     const ap_directive_t *section)
{
    const ap_directive_t *at = section;
    const char *what = unknown_in_section(walk, at);

    while (!what && at && strncasecmp(at->directive, "<Else", 5) == 0) {
        at = line_before(at);
        what = at ? unknown_in_section(walk, at) : "the lines before it";
    }
    return what ? cors_unknown_sentence(walk, section, what) : NULL;
}

/* Returns a sentence about the sections around a line of ours that are
 * conditions. */
static const char *unknown_around(const cors_unknown_walk_t *walk,
                                  const ap_directive_t *section)
{
    const char *found = NULL;

    for (; section && !found; section = section->parent) {
        if (strcasecmp(section->directive, "<If") == 0
            || strncasecmp(section->directive, "<Else", 5) == 0) {
            found = unknown_condition(walk, section);
        }
    }
    return found;
}

/* Looks through the <If> sections that may hold for the request, and those
 * within them, for any with a directive of ours. */
static const char *unknown_ifs(const cors_unknown_walk_t *walk,
                               const ap_conf_vector_t *conf)
{
    const core_dir_config *core = ap_get_core_module_config(conf);
    const apr_array_header_t *ifs = core ? core->sec_if : NULL;
    const char *found = NULL;
    int i;

    for (i = 0; ifs && i < ifs->nelts && !found; i++) {
        const ap_conf_vector_t *inner = APR_ARRAY_IDX(ifs, i,
                                                      ap_conf_vector_t *);
        const cors_dir_conf_t *ours = cors_dir_conf(inner);

        /* httpd makes a section's configuration of a module for its first
         * directive. */
        if (ours && ours->section) {
            found = unknown_around(walk, ours->section->parent);
        }
        if (!found) {
            found = unknown_ifs(walk, inner);
        }
    }
    return found;
}

/* Whether the line, RequestHeader, changes what CORS reads before any module
 * can look. */
static int changes_early(const ap_directive_t *at, apr_pool_t *p)
{
    const char *args = at->args;
    const char *name;

    ap_getword_conf(p, &args);
    name = ap_getword_conf(p, &args);
    return (strcasecmp(name, "Origin") == 0
            || strncasecmp(name, "Access-Control-Request-",
                           sizeof("Access-Control-Request-") - 1)
                   == 0)
           && strcasestr(args, "early");
}

/* Returns a sentence about such a line, or NULL. */
static const char *unknown_early(const ap_directive_t *at, apr_pool_t *p)
{
    for (; at; at = at->next) {
        if (cors_walk_is_named(at, "RequestHeader") && changes_early(at, p)) {
            return apr_psprintf(p,
                                "RequestHeader %s (%s) changes what the "
                                "browser has sent before anybody sees it",
                                at->args, cors_line_name(cors_line_of(at), p));
        }
    }
    return NULL;
}

/* Rules see the path without escapes.  One that can't be decoded never gets to
 * them. */
static const char *decoded_path(const request_rec *r, apr_pool_t *p)
{
    char *path = apr_pstrdup(p, r->parsed_uri.path ? r->parsed_uri.path : "");

    ap_unescape_url(path);
    ap_getparents(path);
    return path;
}

static void begin(cors_unknown_walk_t *walk, const cors_trial_t *trial,
                  const apr_table_t *headers, apr_pool_t *p)
{
    walk->r = trial->r;
    walk->headers = headers;
    walk->path = decoded_path(trial->r, p);
    walk->is_preflight = apr_table_get(trial->r->headers_in,
                                       "Access-Control-Request-Method")
                         != NULL;
    walk->scheme = ap_http_scheme(trial->r);
    walk->p = p;
}

/* Returns a sentence about a set that may allow the origin and that only a
 * running server can ask, or NULL. */
static const char *unknown_set(const cors_trial_t *trial, apr_pool_t *p)
{
    const cors_decision_t *decision = &trial->cors.decision;

    return trial->cors.policy && decision->verdict == CORS_SOURCE_UNAVAILABLE
                   && !cors_sources_can_tell(decision->set)
               ? apr_psprintf(p,
                              "CorsOriginSet %s (%s) has its origins from %s, "
                              "which only a running server asks: the page of "
                              "CorsInfo can tell",
                              decision->set->name,
                              cors_line_name(decision->set->at, p),
                              decision->set->from)
               : NULL;
}

const char *cors_unknown_find(const cors_trial_t *trial,
                              const apr_table_t *headers, apr_pool_t *p)
{
    cors_unknown_walk_t walk;
    const char *found = unknown_set(trial, p);

    if (found) {
        return found;
    }
    begin(&walk, trial, headers, p);
    /* A virtual host has the main server's lines too. */
    found = unknown_early(cors_unknown_lines(trial->r->server), p);
    if (!found) {
        found = unknown_early(ap_conftree, p);
    }
    if (!found) {
        found = cors_unknown_rewriting(&walk);
    }
    return found || trial->status
               ? found
               : unknown_ifs(&walk, trial->r->per_dir_config);
}

const ap_directive_t *cors_unknown_find_rule(const cors_trial_t *trial,
                                             int status, apr_pool_t *p)
{
    cors_unknown_walk_t walk;

    begin(&walk, trial, trial->r->headers_in, p);
    return cors_unknown_rewriting_end(&walk, status);
}
