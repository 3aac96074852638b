/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

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

/* A page on http is known to come without TLS.  Of one on https, there is no
 * connection that mod_ssl could be asked about. */
static int is_https(const cors_unknown_walk_t *walk)
{
    return strcmp(walk->scheme, "https") == 0;
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
           || (strncasecmp(name, "Sec-Fetch-", sizeof("Sec-Fetch-") - 1) == 0
               && !is_https(walk))
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

/* Returns the last byte of the regular expression that follows =~ or !~, with
 * "/" or "m" and any other byte around it, or the last blank before it. */
static const char *skip_regex(const char *text)
{
    const char *c = text + strspn(text, " \t");
    const char *end;

    c += *c == 'm' && c[1] && !apr_isalnum(c[1]);
    if (!*c || apr_isalnum(*c)) {
        return c - 1;
    }
    /* httpd knows no way to write the byte itself in between. */
    end = c + 1 + strcspn(c + 1, (char[]){ *c, '\0' });
    return *end ? end : end - 1;
}

/* Returns what an operator such as -R looks at and is not known, or NULL. */
static const char *unknown_operator(const char *text, const char *c)
{
    if (c[0] != '-' || (c > text && apr_isalnum(c[-1])) || !c[1]
        || apr_isalnum(c[2])) {
        return NULL;
    }
    switch (c[1]) {
    case 'R':
        return "REMOTE_ADDR";
    case 'A':
    case 'F':
    case 'U':
        return "who may have the file or URL";
    default:
        return NULL;
    }
}

/* Returns what is not known in the string in quotes at *c, in which no
 * function is called, or NULL.  Moves *c to its last byte. */
static const char *unknown_in_string(const cors_unknown_walk_t *walk,
                                     const char **c)
{
    const char *at = *c + 1;
    const char *found = NULL;

    for (; *at && *at != **c && !found; at++) {
        if (at[0] == '%' && at[1] == '{') {
            found = unknown_variable(walk, apr_pstrdup(walk->p, at + 2));
        }
        else if (at[0] == '\\' && at[1]) {
            at++;
        }
    }
    *c = *at ? at : at - 1;
    return found;
}

/* Returns what the expression calls or looks at where *c stands, and is not
 * known, or NULL.  Moves *c to the last byte that need not be looked at. */
static const char *unknown_in_expression(const cors_unknown_walk_t *walk,
                                         const char *text, const char **c)
{
    const char *at = *c;

    if ((at[0] == '=' || at[0] == '!') && at[1] == '~') {
        *c = skip_regex(at + 2);
    }
    else if (*at == '\'' || *at == '"') {
        return unknown_in_string(walk, c);
    }
    else if (*at == '(') {
        return unknown_call(walk, text, at);
    }
    return unknown_operator(text, at);
}

const char *cors_unknown_in(const cors_unknown_walk_t *walk, const char *text,
                            int is_expression)
{
    const char *found = NULL;
    const char *c;

    for (c = text; *c && !found; c++) {
        if (c[0] == '%' && c[1] == '{') {
            found = unknown_variable(walk, apr_pstrdup(walk->p, c + 2));
        }
        else if (c[0] == '$' && c[1] == '{') {
            found = "a RewriteMap";
        }
        else if (is_expression) {
            found = unknown_in_expression(walk, text, &c);
        }
    }
    return found;
}
