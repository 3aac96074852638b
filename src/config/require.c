/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/require.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <httpd.h>

#include "config/walk.h"

/* The shortest prefixes that are still somebody's network: 10.0.0.0/8 and
 * fc00::/7. */
#define PREFIX_MIN_IPV4 8
#define PREFIX_MIN_IPV6 7

#define RANGE_BYTES "0123456789abcdefABCDEF:./"

/* HEAD is GET without a body, and to httpd no method of its own. */
int cors_require_has_get(const char *methods)
{
    return cors_walk_has_word(methods, "GET")
           || cors_walk_has_word(methods, "HEAD");
}

/* ---- Providers ---- */

static cors_access_e everybody(const char *args)
{
    return CORS_ACCESS_OPEN;
}

static cors_access_e somebody(const char *args)
{
    return CORS_ACCESS_LIMITED;
}

static cors_access_e of_all(const char *args)
{
    return cors_walk_has_word(args, "granted") ? CORS_ACCESS_OPEN
                                               : CORS_ACCESS_LIMITED;
}

static cors_access_e of_methods(const char *args)
{
    return cors_require_has_get(args) ? CORS_ACCESS_OPEN : CORS_ACCESS_LIMITED;
}

/* Whether the range is a large part of the internet.  Two of them, such as
 * 0.0.0.0/1 and 128.0.0.0/1, are all of it. */
static int is_wide(const char *range, size_t len)
{
    const char *slash = memchr(range, '/', len);
    const char *end = range + len;
    long bits;

    if (!slash) {
        return 0;
    }
    bits = strtol(slash + 1, NULL, 10);
    if (memchr(slash, '.', (size_t)(end - slash))) {
        return bits < 255; /* the first byte of a mask */
    }
    return bits
           < (memchr(range, ':', len) ? PREFIX_MIN_IPV6 : PREFIX_MIN_IPV4);
}

static cors_access_e of_ranges(const char *args)
{
    size_t len;

    for (; *args; args += len) {
        args += strspn(args, CORS_WALK_BETWEEN);
        len = strcspn(args, CORS_WALK_BETWEEN);
        if (is_wide(args, len)) {
            return CORS_ACCESS_OPEN;
        }
    }
    return CORS_ACCESS_LIMITED;
}

/* Whether the variable says where the request goes or when it comes, which is
 * for anybody to choose. */
static int is_for_anybody(const char *name)
{
    static const char *const names[] = {
        "REQUEST_METHOD}",  "REQUEST_SCHEME}",
        "REQUEST_URI}",     "HTTPS}",
        "HTTP_HOST}",       "HTTP:Host}",
        "SERVER_",          "TIME",
        "THE_REQUEST}",     "REQUEST_FILENAME}",
        "SCRIPT_FILENAME}", "PATH_INFO}",
        "DOCUMENT_ROOT}",   "CONTEXT_",
        "IS_SUBREQ}",       "REQUEST_STATUS}"
    };
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strncasecmp(name, names[i], strlen(names[i])) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Whether the expression has an -R whose range is wide, or one whose range is
 * not. */
static int has_range(const char *expr, int wide)
{
    while ((expr = strstr(expr, "-R")) != NULL) {
        expr += 2;
        if (*expr && strchr(CORS_WALK_BETWEEN, *expr)) {
            expr += strspn(expr, CORS_WALK_BETWEEN "\\");
            if (is_wide(expr, strspn(expr, RANGE_BYTES)) == wide) {
                return 1;
            }
        }
    }
    return 0;
}

/* Whether the expression asks who sends the request.  Only a request can tell
 * what such a condition comes to, and it may well be a good limit: on an
 * address, a user or a certificate. */
static int asks_who(const char *expr)
{
    static const char *const asks[] = { "req(", "http(", "vary(", "resp(",
                                        "env(", "note(", "file(" };
    const char *name = expr;
    size_t i;

    if (has_range(expr, 0)) {
        return 1;
    }
    for (i = 0; i < sizeof(asks) / sizeof(*asks); i++) {
        if (strstr(expr, asks[i])) {
            return 1;
        }
    }
    while ((name = strstr(name, "%{")) != NULL) {
        name += 2;
        if (!is_for_anybody(name)) {
            return 1;
        }
    }
    return 0;
}

/* Puts the range of an expression that is nothing but -R 'range' into *len.
 * Returns NULL for other expressions. */
static const char *only_range(const char *expr, size_t *len)
{
    expr += strspn(expr, CORS_WALK_BETWEEN);
    if (strncmp(expr, "-R", 2) != 0) {
        return NULL;
    }
    expr += 2 + strspn(expr + 2, CORS_WALK_BETWEEN "\\");
    *len = strspn(expr, RANGE_BYTES);
    return expr[*len + strspn(expr + *len, CORS_WALK_BETWEEN "\\")] ? NULL
                                                                    : expr;
}

static int is_false(const char *expr)
{
    return cors_walk_begins_with(expr, "false") && !*cors_walk_skip_word(expr);
}

/* Returns what an expression comes to that is false or nothing but a range. */
static cors_access_e of_plain_expr(const char *expr)
{
    size_t len;
    const char *range = only_range(expr, &len);

    if (range) {
        return is_wide(range, len) ? CORS_ACCESS_OPEN : CORS_ACCESS_LIMITED;
    }
    return is_false(expr) ? CORS_ACCESS_LIMITED : CORS_ACCESS_NOT_SAID;
}

static cors_access_e of_expr(const char *expr)
{
    cors_access_e access = of_plain_expr(expr);

    if (access == CORS_ACCESS_NOT_SAID) {
        /* The other side of an || may hold for all the rest. */
        access = asks_who(expr) && !(has_range(expr, 1) && strstr(expr, "||"))
                     ? CORS_ACCESS_LIMITED
                     : CORS_ACCESS_OPEN;
    }
    return access;
}

int cors_require_is_for_few(const char *expr)
{
    return of_plain_expr(expr) == CORS_ACCESS_LIMITED;
}

/* The providers of httpd 2.4, and what a cautious administrator says of
 * each. */
static const struct {
    const char *name;
    cors_access_e (*access)(const char *args);
} providers[] = {
    { "all", of_all },
    { "method", of_methods }, /* everybody may send a GET */
    { "ssl", everybody },     /* everybody may use TLS */
    { "ip", of_ranges },
    { "expr", of_expr },
    /* As good as the line that sets the variable, which may well be a SetEnvIf
     * Remote_Addr. */
    { "env", somebody },
    /* A machine. */
    { "local", somebody },
    { "host", somebody },
    { "forward-dns", somebody },
    /* A certificate that the server verifies. */
    { "ssl-verify-client", somebody },
    /* Somebody who logs in, or is found in a directory. */
    { "valid-user", somebody },
    { "user", somebody },
    { "group", somebody },
    { "file-owner", somebody },
    { "file-group", somebody },
    { "dbm-group", somebody },
    { "dbm-file-group", somebody },
    { "dbd-group", somebody },
    { "dbd-login", somebody },
    { "dbd-logout", somebody },
    { "ldap-user", somebody },
    { "ldap-dn", somebody },
    { "ldap-group", somebody },
    { "ldap-attribute", somebody },
    { "ldap-filter", somebody },
    { "ldap-search", somebody },
};

/* Returns whom the provider lets in, or CORS_ACCESS_NOT_SAID for a name that
 * is not in the table.  httpd looks names up byte for byte. */
static cors_access_e access_by(const char *name, const char *args)
{
    size_t i;

    for (i = 0; i < sizeof(providers) / sizeof(*providers); i++) {
        if (strcmp(name, providers[i].name) == 0) {
            return providers[i].access(args);
        }
    }
    return CORS_ACCESS_NOT_SAID;
}

/* ---- Names for providers ---- */

/* Returns whom <AuthzProviderAlias provider name arguments> lets in.  httpd
 * takes such sections in the main server only, and crashes by an alias of an
 * alias. */
static cors_access_e access_by_alias(const char *name, apr_pool_t *p)
{
    const ap_directive_t *node;

    for (node = ap_conftree; node; node = node->next) {
        if (cors_walk_is_named(node, "<AuthzProviderAlias")) {
            const char *end = strrchr(node->args, '>');
            const char *args = end ? apr_pstrmemdup(p, node->args,
                                                    (size_t)(end - node->args))
                                   : node->args;
            const char *provider = ap_getword_conf(p, &args);

            if (strcmp(ap_getword_conf(p, &args), name) == 0) {
                return access_by(provider, args);
            }
        }
    }
    return CORS_ACCESS_NOT_SAID;
}

/* A "not" never lets in, and keeps out only those that it names: it limits no
 * more than what stands beside it.  Other modules' providers count as limits:
 * nothing is known of them. */
static cors_access_e access_of(const char *args, apr_pool_t *p)
{
    const char *name = ap_getword_conf(p, &args);
    cors_access_e access;

    if (strcasecmp(name, "not") == 0) {
        return CORS_ACCESS_NOT_SAID;
    }
    access = access_by(name, args);
    if (access == CORS_ACCESS_NOT_SAID) {
        access = access_by_alias(name, p);
    }
    return access == CORS_ACCESS_OPEN ? CORS_ACCESS_OPEN : CORS_ACCESS_LIMITED;
}

cors_access_e cors_require_access(const char *args)
{
    apr_pool_t *p;
    cors_access_e access;

    apr_pool_create(&p, NULL);
    access = access_of(args, p);
    apr_pool_destroy(p);
    return access;
}
