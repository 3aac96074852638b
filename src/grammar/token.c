/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/token.h"

#include <string.h>

#include <apr_cstr.h>

#include "policy/list.h"

const unsigned char cors_token_lower[256] = {
    /* 00 */ 0,   0,   0,   0,   0,   0,   0,   0,
    /* 08 */ 0,   0,   0,   0,   0,   0,   0,   0,
    /* 10 */ 0,   0,   0,   0,   0,   0,   0,   0,
    /* 18 */ 0,   0,   0,   0,   0,   0,   0,   0,
    /* 20 */ 0,   '!', 0,   '#', '$', '%', '&', '\'',
    /* 28 */ 0,   0,   '*', '+', 0,   '-', '.', 0,
    /* 30 */ '0', '1', '2', '3', '4', '5', '6', '7',
    /* 38 */ '8', '9', 0,   0,   0,   0,   0,   0,
    /* 40 */ 0,   'a', 'b', 'c', 'd', 'e', 'f', 'g',
    /* 48 */ 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    /* 50 */ 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
    /* 58 */ 'x', 'y', 'z', 0,   0,   0,   '^', '_',
    /* 60 */ '`', 'a', 'b', 'c', 'd', 'e', 'f', 'g',
    /* 68 */ 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    /* 70 */ 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
    /* 78 */ 'x', 'y', 'z', 0,   '|', 0,   '~', 0,
    /* 80 to ff: none */
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const forbidden_methods[] = { "CONNECT", "TRACE", "TRACK" };

static const char *const normalized_methods[] = { "DELETE",  "GET",  "HEAD",
                                                  "OPTIONS", "POST", "PUT" };

static const char *const forbidden_request_fields[] = {
    "Accept-Charset",
    "Accept-Encoding",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Connection",
    "Content-Length",
    "Cookie",
    "Cookie2",
    "Date",
    "DNT",
    "Expect",
    "Host",
    "Keep-Alive",
    "Origin",
    "Referer",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Via"
};

static const char *const forbidden_request_prefixes[] = { "proxy-", "sec-" };

static const char *const forbidden_response_fields[] = { "Set-Cookie",
                                                         "Set-Cookie2" };

static const char *const cors_response_fields[] = {
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Private-Network",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age"
};

static const char *const safelisted_response_fields[] = {
    "Cache-Control", "Content-Language", "Content-Length", "Content-Type",
    "Expires",       "Last-Modified",    "Pragma"
};

static const char *const hop_by_hop_fields[] = { "Connection",
                                                 "Keep-Alive",
                                                 "Proxy-Authenticate",
                                                 "Proxy-Authentication-Info",
                                                 "Proxy-Connection",
                                                 "TE",
                                                 "Trailer",
                                                 "Transfer-Encoding",
                                                 "Upgrade" };

static int among(const char *name, const char *const *names, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (apr_cstr_casecmp(name, names[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

int cors_token_is(const char *s, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (!cors_token_lower[(unsigned char)s[i]]) {
            return 0;
        }
    }
    return len > 0;
}

int cors_token_equal(const char *a, const char *b, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (cors_token_lower[(unsigned char)a[i]]
            != cors_token_lower[(unsigned char)b[i]]) {
            return 0;
        }
    }
    return 1;
}

/* What every name of a policy must be. */
static cors_name_e check_token(const char *name)
{
    size_t len = strlen(name);

    if (strchr(name, ',')) {
        return CORS_NAME_COMMA;
    }
    if (len > CORS_WORD_MAX) {
        return CORS_NAME_LONG;
    }
    if (!len) {
        return CORS_NAME_EMPTY;
    }
    return cors_token_is(name, len) ? CORS_NAME_OK : CORS_NAME_BYTE;
}

int cors_method_is_forbidden(const char *method, size_t len)
{
    size_t i;

    for (i = 0; i < COUNT(forbidden_methods); i++) {
        if (strlen(forbidden_methods[i]) == len
            && apr_cstr_casecmpn(method, forbidden_methods[i], len) == 0) {
            return 1;
        }
    }
    return 0;
}

cors_name_e cors_method_check(const char *method)
{
    cors_name_e rv = check_token(method);
    size_t i;

    if (rv != CORS_NAME_OK) {
        return rv;
    }
    if (cors_method_is_forbidden(method, strlen(method))) {
        return CORS_NAME_FORBIDDEN;
    }
    for (i = 0; i < COUNT(normalized_methods); i++) {
        if (apr_cstr_casecmp(method, normalized_methods[i]) == 0
            && strcmp(method, normalized_methods[i]) != 0) {
            return CORS_NAME_CASE;
        }
    }
    return CORS_NAME_OK;
}

static int is_cors_response_field(const char *name)
{
    return among(name, cors_response_fields, COUNT(cors_response_fields));
}

cors_name_e cors_request_field_check(const char *name)
{
    cors_name_e rv = check_token(name);
    size_t i;

    if (rv != CORS_NAME_OK) {
        return rv;
    }
    if (is_cors_response_field(name)) {
        return CORS_NAME_RESPONSE;
    }
    if (among(name, forbidden_request_fields,
              COUNT(forbidden_request_fields))) {
        return CORS_NAME_FORBIDDEN;
    }
    for (i = 0; i < COUNT(forbidden_request_prefixes); i++) {
        const char *prefix = forbidden_request_prefixes[i];

        if (apr_cstr_casecmpn(name, prefix, strlen(prefix)) == 0) {
            return CORS_NAME_FORBIDDEN;
        }
    }
    return CORS_NAME_OK;
}

cors_name_e cors_response_field_check(const char *name)
{
    cors_name_e rv = check_token(name);

    if (rv != CORS_NAME_OK) {
        return rv;
    }
    if (is_cors_response_field(name)) {
        return CORS_NAME_RESPONSE;
    }
    if (among(name, forbidden_response_fields,
              COUNT(forbidden_response_fields))) {
        return CORS_NAME_HIDDEN;
    }
    return CORS_NAME_OK;
}

int cors_field_is_safelisted(const char *name)
{
    return among(name, safelisted_response_fields,
                 COUNT(safelisted_response_fields));
}

int cors_field_is_hop_by_hop(const char *name)
{
    return among(name, hop_by_hop_fields, COUNT(hop_by_hop_fields));
}

int cors_field_is_access_control(const char *name)
{
    static const char prefix[] = "Access-Control-";

    return cors_field_may_be_access(name)
           && apr_cstr_casecmpn(name, prefix, sizeof(prefix) - 1) == 0;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The element is no token: take all of it, for the log, without the blanks
 * after it. */
static cors_scan_e scan_bad(cors_scan_t *scan, const char *p)
{
    while (*p && *p != ',') {
        p++;
    }
    scan->next = p;
    while (p > scan->name && is_blank(p[-1])) {
        p--;
    }
    scan->len = (size_t)(p - scan->name);
    return CORS_SCAN_BAD;
}

cors_scan_e cors_scan_next(cors_scan_t *scan)
{
    const char *p = scan->next;
    unsigned int hash = CORS_NAME_HASH_INIT;
    unsigned int c;

    while (*p == ',' || is_blank(*p)) {
        p++;
    }
    scan->name = p;
    while ((c = cors_token_lower[(unsigned char)*p]) != 0) {
        hash = CORS_NAME_HASH_ADD(hash, c);
        p++;
    }
    scan->len = (size_t)(p - scan->name);
    scan->hash = hash;
    while (is_blank(*p)) {
        p++;
    }
    if (*p != ',' && *p != '\0') {
        return scan_bad(scan, p);
    }
    scan->next = p;
    return scan->len ? CORS_SCAN_NAME : CORS_SCAN_END;
}
