/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "oracle.h"

#include <string.h>
#include <strings.h>

#include <apr_strings.h>

/* A header list, and the name to look for in it. */
typedef struct lookup_t {
    const char *name;
    apr_array_header_t *values; /* const char * */
} lookup_t;

static int keep(void *lookup, const char *name, const char *value)
{
    lookup_t *l = lookup;

    if (strcasecmp(name, l->name) == 0) {
        APR_ARRAY_PUSH(l->values, const char *) = value;
    }
    return 1;
}

/* Fetch, "get" a header name from a header list: the values of all headers
 * of that name, separated by 0x2C 0x20, or NULL. */
static const char *get(const apr_table_t *headers, const char *name,
                       apr_pool_t *p)
{
    lookup_t l = { name, apr_array_make(p, 4, sizeof(const char *)) };
    const char *joined = NULL;
    int i;

    apr_table_do(keep, &l, headers, NULL);
    for (i = 0; i < l.values->nelts; i++) {
        const char *value = APR_ARRAY_IDX(l.values, i, const char *);

        joined = joined ? apr_pstrcat(p, joined, ", ", value, NULL) : value;
    }
    return joined;
}

int oracle_cors_check(const oracle_request_t *request,
                      const apr_table_t *headers, apr_pool_t *p)
{
    /* 1. */
    const char *origin = get(headers, "Access-Control-Allow-Origin", p);
    const char *credentials;

    /* 2. If origin is null, then return failure. */
    if (!origin) {
        return 0;
    }
    /* 3. If the credentials mode is not "include" and origin is `*`. */
    if (!request->include && strcmp(origin, "*") == 0) {
        return 1;
    }
    /* 4. If the byte-serialized request origin is not origin. */
    if (strcmp(request->origin, origin) != 0) {
        return 0;
    }
    /* 5. */
    if (!request->include) {
        return 1;
    }
    /* 6 to 8. */
    credentials = get(headers, "Access-Control-Allow-Credentials", p);
    return credentials && strcmp(credentials, "true") == 0;
}

/* A token of RFC 9110, 5.6.2, which methods and field names are. */
static size_t token_length(const char *text)
{
    size_t i = 0;

    while (text[i] > ' ' && text[i] < 0x7f
           && !strchr("\"(),/:;<=>?@[\\]{}", text[i])) {
        i++;
    }
    return i;
}

/* Parses a value by the ABNF #token (RFC 9110, 5.6.1.2): elements may be
 * empty, blanks may stand around them.  Returns 0 if that fails. */
static int parse_tokens(const char *value, apr_array_header_t *tokens)
{
    for (;;) {
        size_t len;

        value += strspn(value, " \t");
        len = token_length(value);
        if (len) {
            APR_ARRAY_PUSH(tokens, const char *) = apr_pstrmemdup(tokens->pool,
                                                                  value, len);
        }
        value += len;
        value += strspn(value, " \t");
        if (!*value) {
            return 1;
        }
        if (*value++ != ',') {
            return 0;
        }
    }
}

typedef enum {
    EXTRACT_NULL,
    EXTRACT_FAILURE,
    EXTRACT_VALUES
} extract_e;

/* Fetch, "extract header list values", for headers that are lists. */
static extract_e extract(const apr_table_t *headers, const char *name,
                         apr_array_header_t **values, apr_pool_t *p)
{
    const char *value = get(headers, name, p);

    *values = apr_array_make(p, 8, sizeof(const char *));
    if (!value) {
        return EXTRACT_NULL;
    }
    return parse_tokens(value, *values) ? EXTRACT_VALUES : EXTRACT_FAILURE;
}

static int contains(const apr_array_header_t *values, const char *text)
{
    int i;

    for (i = 0; i < values->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(values, i, const char *), text) == 0) {
            return 1;
        }
    }
    return 0;
}

/* A byte-case-insensitive match for an item. */
static int matches(const apr_array_header_t *values, const char *text)
{
    int i;

    for (i = 0; i < values->nelts; i++) {
        if (strcasecmp(APR_ARRAY_IDX(values, i, const char *), text) == 0) {
            return 1;
        }
    }
    return 0;
}

int oracle_is_safelisted_method(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0
           || strcmp(method, "POST") == 0;
}

/* Steps 7.6 and 7.7: each name against `Access-Control-Allow-Headers`. */
static int may_send_all(const oracle_request_t *request,
                        const apr_array_header_t *allowed)
{
    int wildcard = !request->include && contains(allowed, "*");
    int i;

    for (i = 0; i < request->unsafe_names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(request->unsafe_names, i,
                                         const char *);
        /* "CORS non-wildcard request-header name" */
        int non_wildcard = strcasecmp(name, "Authorization") == 0;

        if (!matches(allowed, name) && (non_wildcard || !wildcard)) {
            return 0;
        }
    }
    return 1;
}

int oracle_preflight(const oracle_request_t *request, int status,
                     const apr_table_t *headers, apr_pool_t *p)
{
    apr_array_header_t *methods;
    apr_array_header_t *names;

    /* 7. The CORS check succeeds, and the status is an ok status. */
    if (!oracle_cors_check(request, headers, p) || status < 200
        || status > 299) {
        return 0;
    }
    /* 7.1 to 7.3. */
    if (extract(headers, "Access-Control-Allow-Methods", &methods, p)
            == EXTRACT_FAILURE
        || extract(headers, "Access-Control-Allow-Headers", &names, p)
               == EXTRACT_FAILURE) {
        return 0;
    }
    /* 7.4 is about the use-CORS-preflight flag alone, and only widens the
     * cache.  7.5. */
    if (!contains(methods, request->method)
        && !oracle_is_safelisted_method(request->method)
        && (request->include || !contains(methods, "*"))) {
        return 0;
    }
    return may_send_all(request, names);
}

int oracle_is_exposed(const oracle_request_t *request, const char *name,
                      const apr_table_t *headers, apr_pool_t *p)
{
    static const char *const safelisted[] = {
        "Cache-Control", "Content-Language", "Content-Length", "Content-Type",
        "Expires",       "Last-Modified",    "Pragma"
    };
    apr_array_header_t *names;
    extract_e found = extract(headers, "Access-Control-Expose-Headers", &names,
                              p);
    size_t i;

    for (i = 0; i < sizeof(safelisted) / sizeof(*safelisted); i++) {
        if (strcasecmp(name, safelisted[i]) == 0) {
            return 1;
        }
    }
    /* "forbidden response-header name" */
    if (found != EXTRACT_VALUES || strcasecmp(name, "Set-Cookie") == 0
        || strcasecmp(name, "Set-Cookie2") == 0) {
        return 0;
    }
    return matches(names, name) || (!request->include && contains(names, "*"));
}

/* Fetch, "get, decode, and split", as far as no value is quoted. */
int oracle_tao_check(const oracle_request_t *request,
                     const apr_table_t *headers, apr_pool_t *p)
{
    const char *value = get(headers, "Timing-Allow-Origin", p);
    char *state;
    char *element;

    if (!value) {
        return 0;
    }
    for (element = apr_strtok(apr_pstrdup(p, value), ",", &state); element;
         element = apr_strtok(NULL, ",", &state)) {
        apr_collapse_spaces(element, element);
        if (strcmp(element, "*") == 0
            || strcmp(element, request->origin) == 0) {
            return 1;
        }
    }
    return 0;
}
