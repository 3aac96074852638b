/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/name.h"

#include <string.h>

#include <apr_cstr.h>

#include "grammar/token.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const forbidden_methods[] = { "CONNECT", "TRACE", "TRACK" };

static const char *const normalized_methods[] = { "DELETE",  "GET",  "HEAD",
                                                  "OPTIONS", "POST", "PUT" };

/* Other software uses these words for "*".  No server has a method of such a
 * name. */
static const char *const any_words[] = { "ALL", "ANY" };

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
        if (cors_name_is_same(name, names[i])) {
            return 1;
        }
    }
    return 0;
}

/* Checks what holds for names of every kind. */
static cors_name_e check_token(const char *name)
{
    size_t len = strlen(name);

    if (strpbrk(name, ",;")) {
        return CORS_NAME_COMMA;
    }
    if (len > CORS_NAME_MAX) {
        return CORS_NAME_LONG;
    }
    if (!len) {
        return CORS_NAME_EMPTY;
    }
    if (strpbrk(name, " \t")) {
        return CORS_NAME_BLANK;
    }
    return cors_token_is(name, len) ? CORS_NAME_OK : CORS_NAME_BYTE;
}

int cors_method_is_forbidden(const char *method, size_t len)
{
    size_t i;

    for (i = 0; i < COUNT(forbidden_methods); i++) {
        if (len && (*method | 0x20) == (*forbidden_methods[i] | 0x20)
            && strlen(forbidden_methods[i]) == len
            && apr_cstr_casecmpn(method, forbidden_methods[i], len) == 0) {
            return 1;
        }
    }
    return 0;
}

int cors_method_is_safelisted(const char *method, size_t len)
{
    return (len == 3 && memcmp(method, "GET", 3) == 0)
           || (len == 4
               && (memcmp(method, "HEAD", 4) == 0
                   || memcmp(method, "POST", 4) == 0));
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
        if (cors_name_is_same(method, normalized_methods[i])
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

        if ((*name | 0x20) == *prefix
            && apr_cstr_casecmpn(name, prefix, strlen(prefix)) == 0) {
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

cors_name_e cors_name_check(const char *name, cors_name_kind_e kind)
{
    if (among(name, any_words, COUNT(any_words))) {
        return CORS_NAME_ANY;
    }
    switch (kind) {
    case CORS_NAMES_METHODS:
        return cors_method_check(name);
    case CORS_NAMES_ALLOW_HEADERS:
        return cors_request_field_check(name);
    case CORS_NAMES_EXPOSE_HEADERS:
        break;
    }
    return cors_response_field_check(name);
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
