/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/origin.h"

#include <string.h>

#include "grammar/address.h"
#include "grammar/bytes.h"

int cors_scheme_port(const char *scheme, size_t len)
{
    static const struct {
        const char *scheme;
        int port;
    } special[] = { { "http", 80 },
                    { "https", 443 },
                    { "ws", 80 },
                    { "wss", 443 },
                    { "ftp", 21 } };
    size_t i;

    for (i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
        if (strlen(special[i].scheme) == len
            && memcmp(scheme, special[i].scheme, len) == 0) {
            return special[i].port;
        }
    }
    return 0;
}

int cors_origin_port(const char *text, size_t len)
{
    int port = 0;
    size_t i;

    if (len < 1 || len > 5 || text[0] == '0') {
        return 0;
    }
    for (i = 0; i < len; i++) {
        if (!CORS_IS(text[i], CORS_BYTE_DIGIT)) {
            return 0;
        }
        port = port * 10 + (text[i] - '0');
    }
    return port <= 65535 ? port : 0;
}

/* Returns the length of the scheme at text, or 0. */
static size_t scan_scheme(const char *text, size_t len)
{
    size_t i = 0;

    if (len > 8 && memcmp(text, "https://", 8) == 0) {
        return 5;
    }
    if (!len || !CORS_IS(text[0], CORS_BYTE_LOWER)) {
        return 0;
    }
    while (i < len && CORS_IS(text[i], CORS_BYTE_SCHEME)) {
        i++;
    }
    return i <= CORS_SCHEME_MAX ? i : 0;
}

/* Returns the length of the host name at text, or 0.  An empty label makes the
 * name invalid: a dot at the end, or two dots in a row. */
static size_t scan_name(const char *text, size_t len)
{
    const char *end = text + len;
    const char *p = text;

    for (;;) {
        const char *label = p;

        while (p < end && CORS_IS(*p, CORS_BYTE_LABEL)) {
            p++;
        }
        if (p == label) {
            return 0;
        }
        if (p == end || *p != '.') {
            break;
        }
        p++;
    }
    return p - text > CORS_HOST_MAX ? 0 : (size_t)(p - text);
}

static size_t scan_host(const char *text, size_t len)
{
    const char *end;

    if (!len || text[0] != '[') {
        return scan_name(text, len);
    }
    end = memchr(text, ']', len);
    if (!end
        || !cors_address_parse_ipv6(text, (size_t)(end + 1 - text), NULL)) {
        return 0;
    }
    return (size_t)(end + 1 - text);
}

static int is_null(const char *text, size_t len)
{
    return len == 4 && memcmp(text, "null", 4) == 0;
}

cors_origin_e cors_origin_parse(const char *text, size_t len,
                                cors_origin_t *origin)
{
    cors_origin_t found = { 0 };
    const char *end = text + len;
    const char *p;

    if (!len || len > CORS_ORIGIN_MAX) {
        return CORS_ORIGIN_LENGTH;
    }
    if (is_null(text, len)) {
        *origin = found;
        return CORS_ORIGIN_OK;
    }
    found.scheme = text;
    found.scheme_len = scan_scheme(text, len);
    p = text + found.scheme_len;
    if (!found.scheme_len || end - p < 3 || memcmp(p, "://", 3) != 0) {
        return CORS_ORIGIN_SCHEME;
    }
    found.host = p + 3;
    found.host_len = scan_host(found.host, (size_t)(end - found.host));
    p = found.host + found.host_len;
    if (!found.host_len || (p < end && *p != ':')) {
        return CORS_ORIGIN_HOST;
    }
    if (p < end) {
        found.port = cors_origin_port(p + 1, (size_t)(end - p - 1));
        if (!found.port) {
            return CORS_ORIGIN_PORT;
        }
    }
    *origin = found;
    return CORS_ORIGIN_OK;
}

int cors_origin_is_loopback(const cors_origin_t *o)
{
    static const char localhost[] = ".localhost";
    size_t len = sizeof(localhost) - 1;
    unsigned int address;

    if (o->host_len == 5 && memcmp(o->host, "[::1]", 5) == 0) {
        return 1;
    }
    if (o->host_len == len - 1
        && memcmp(o->host, localhost + 1, len - 1) == 0) {
        return 1;
    }
    if (o->host_len > len
        && memcmp(o->host + o->host_len - len, localhost, len) == 0) {
        return 1;
    }
    return cors_address_parse_ipv4(o->host, o->host_len, &address)
           && address >> 24 == 127;
}
