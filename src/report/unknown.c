/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/unknown.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_cfgtree.h>

#include "config/sections.h"
#include "config/walk.h"
#include "report/unknown_parts.h"

/* Variables that the question gives, or that depend on the configuration. */
static const char *const given[] = {
    "REQUEST_METHOD", "REQUEST_URI",      "DOCUMENT_URI",
    "DOCUMENT_ROOT",  "REQUEST_FILENAME", "SCRIPT_FILENAME",
    "PATH_INFO",      "QUERY_STRING",     "THE_REQUEST",
    "REQUEST_SCHEME", "SERVER_NAME",      "SERVER_PORT",
    "SERVER_ADMIN",   "SERVER_SOFTWARE",  "API_VERSION",
    "IS_SUBREQ",      "CONTEXT_PREFIX",   "CONTEXT_DOCUMENT_ROOT",
    "SCRIPT_USER",    "SCRIPT_GROUP",     NULL
};

/* Functions whose argument is text, a file or a variable that is looked at by
 * itself. */
static const char *const harmless[] = {
    "tolower", "toupper", "escape",  "unescape", "base64", "unbase64", "md5",
    "sha1",    "file",    "filemod", "filesize", "ldap",   "replace",  "osenv",
    "join",    "split",   "sub",     "in",       NULL
};

/* Functions whose argument is a request header. */
static const char *const of_headers[] = { "req", "http", "req_novary", NULL };

static int is_among(const char *const *words, const char *word)
{
    while (*words && strcasecmp(*words, word) != 0) {
        words++;
    }
    return *words != NULL;
}

/* Whether a header of the request is known: it is given with its value, or the
 * browser decides.  A preflight has no header of the script, and nothing that
 * proves who the user is. */
static int knows_header(const cors_unknown_walk_t *walk, const char *name)
{
    const char *given_value = apr_table_get(walk->headers, name);

    if (walk->is_preflight
        && (given_value || strcasecmp(name, "Cookie") == 0
            || strcasecmp(name, "Authorization") == 0)) {
        return 1;
    }
    return (given_value ? *given_value
                        : apr_table_get(walk->r->headers_in, name) != NULL)
           || strcasecmp(name, "Origin") == 0
           || strncasecmp(name, "Access-Control-Request-",
                          sizeof("Access-Control-Request-") - 1)
                  == 0;
}

/* HTTP_USER_AGENT is the header User-Agent. */
static const char *header_of(const char *variable, apr_pool_t *p)
{
    char *name;
    char *c;

    if (strncasecmp(variable, "HTTP:", 5) != 0
        && strncasecmp(variable, "HTTP_", 5) != 0) {
        return NULL;
    }
    name = apr_pstrdup(p, variable + 5);
    for (c = name; *c; c++) {
        if (*c == '_') {
            *c = '-';
        }
    }
    return name;
}

/* A page on http is known to come without TLS.  Of one on https, there is no
 * connection that mod_ssl could be asked about. */
static int is_https(const cors_unknown_walk_t *walk)
{
    return strcmp(walk->scheme, "https") == 0;
}

static int knows_variable(const cors_unknown_walk_t *walk, const char *name)
{
    const char *header = header_of(name, walk->p);

    if (header) {
        return knows_header(walk, header);
    }
    return is_among(given, name)
           || (strcasecmp(name, "HTTPS") == 0 && !is_https(walk));
}

static const char *header_named(const char *name, apr_pool_t *p)
{
    return apr_psprintf(p, "the header %s", name);
}

/* Returns what is not known in "%{NAME}" or "%{FUNCTION:argument}", of which
 * text is the part between the brackets. */
static const char *unknown_variable(const cors_unknown_walk_t *walk,
                                    char *text)
{
    const char *header;
    char *end = strchr(text, '}');
    char *colon;

    if (!end) {
        return NULL;
    }
    *end = '\0';
    if (knows_variable(walk, text)) {
        return NULL;
    }
    header = header_of(text, walk->p);
    if (header) {
        return header_named(header, walk->p);
    }
    colon = strchr(text, ':');
    if (colon) {
        *colon = '\0';
        if (is_among(of_headers, text)) {
            return knows_header(walk, colon + 1)
                       ? NULL
                       : header_named(colon + 1, walk->p);
        }
        if (is_among(harmless, text)) {
            return NULL;
        }
        *colon = ':';
    }
    return text;
}

/* Returns what is not known in "name('argument')", of which the bracket is
 * given. */
static const char *unknown_call(const cors_unknown_walk_t *walk,
                                const char *text, const char *bracket)
{
    const char *name = bracket;
    const char *argument = bracket + 1 + strspn(bracket + 1, " '\"");
    const char *header = apr_pstrmemdup(walk->p, argument,
                                        strcspn(argument, " '\")"));
    const char *word;

    while (name > text && (apr_isalnum(name[-1]) || name[-1] == '_')) {
        name--;
    }
    word = apr_pstrmemdup(walk->p, name, (apr_size_t)(bracket - name));
    if (!*word || is_among(harmless, word)) {
        return NULL;
    }
    if (is_among(of_headers, word)) {
        return knows_header(walk, header) ? NULL
                                          : header_named(header, walk->p);
    }
    return apr_psprintf(walk->p, "%s('%s')", word, header);
}

/* Returns what the text, an expression or the arguments of a rewriting line,
 * depends on and is not known, or NULL.  is_expression: functions are called.
 */
const char *cors_unknown_in(const cors_unknown_walk_t *walk, const char *text,
                            int is_expression)
{
    const char *found = NULL;
    const char *c;

    for (c = text; *c && !found; c++) {
        if (c[0] == '%' && c[1] == '{') {
            found = unknown_variable(walk, apr_pstrdup(walk->p, c + 2));
        }
        else if (is_expression && *c == '(') {
            found = unknown_call(walk, text, c);
        }
        else if (is_expression && c[0] == '-' && (c[1] == 'R' || c[1] == 'T')
                 && c[2] == ' ') {
            found = c[1] == 'R' ? "REMOTE_ADDR" : NULL;
        }
        else if (c[0] == '$' && c[1] == '{') {
            found = "a RewriteMap";
        }
    }
    return found;
}

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

/* Returns a sentence about the condition of the section, <If>, <ElseIf> or
 * <Else>; the last two depend on the conditions before them. */
static const char *unknown_condition(const cors_unknown_walk_t *walk,
                                     const ap_directive_t *section)
{
    const ap_directive_t *at = section;
    const char *what = cors_unknown_in(walk, at->args, 1);

    while (!what && at && strncasecmp(at->directive, "<Else", 5) == 0) {
        at = line_before(at);
        what = at ? cors_unknown_in(walk, at->args, 1) : "the lines before it";
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

/* Returns a sentence about a line that changes what CORS reads before any
 * module can look. */
static const char *unknown_early(const cors_unknown_walk_t *walk)
{
    const ap_directive_t *at = cors_unknown_lines(walk->r->server);

    for (; at; at = at->next) {
        if (cors_walk_is_named(at, "RequestHeader")
            && strcasestr(at->args, " early")
            && (strcasestr(at->args, " Origin")
                || strcasestr(at->args, " Access-Control-Request-"))) {
            return apr_psprintf(walk->p,
                                "RequestHeader %s (%s) changes what the "
                                "browser has sent before anybody sees it",
                                at->args,
                                cors_line_name(cors_line_of(at), walk->p));
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

const char *cors_unknown_find(const cors_trial_t *trial,
                              const apr_table_t *headers, apr_pool_t *p)
{
    cors_unknown_walk_t walk;
    const char *found;

    walk.r = trial->r;
    walk.headers = headers;
    walk.path = decoded_path(trial->r, p);
    walk.is_preflight = apr_table_get(trial->r->headers_in,
                                      "Access-Control-Request-Method")
                        != NULL;
    walk.scheme = ap_http_scheme(trial->r);
    walk.p = p;
    found = unknown_early(&walk);
    if (!found) {
        found = cors_unknown_rewriting(&walk);
    }
    return found || trial->status
               ? found
               : unknown_ifs(&walk, trial->r->per_dir_config);
}
