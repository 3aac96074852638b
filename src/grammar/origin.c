/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/origin.h"

#include <string.h>

#include <arpa/inet.h>

/* The sums of the CORS_BYTE_ values of each byte. */
const unsigned char cors_origin_bytes[256] = {
    /* 00 */ 0,    0,    0,    0,    0,    0,    0,    0,
    /* 08 */ 0,    0,    0,    0,    0,    0,    0,    0,
    /* 10 */ 0,    0,    0,    0,    0,    0,    0,    0,
    /* 18 */ 0,    0,    0,    0,    0,    0,    0,    0,
    /* 20 */ 0,    0,    0,    0,    0,    0,    0,    0,
    /* 28 */ 0,    0,    0,    0x01, 0,    0x03, 0x03, 0,
    /* 30 */ 0x27, 0x27, 0x27, 0x27, 0x27, 0x27, 0x27, 0x27,
    /* 38 */ 0x27, 0x27, 0,    0,    0,    0,    0,    0,
    /* 40 */ 0,    0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x10,
    /* 48 */ 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
    /* 50 */ 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
    /* 58 */ 0x10, 0x10, 0x10, 0,    0,    0,    0,    0x02,
    /* 60 */ 0,    0x2b, 0x2b, 0x2b, 0x2b, 0x2b, 0x2b, 0x0b,
    /* 68 */ 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
    /* 70 */ 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
    /* 78 */ 0x0b, 0x0b, 0x0b, 0,    0,    0,    0,    0,
    /* 80 to ff: none */
};

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

int cors_origin_is_ipv6(const char *host, size_t len,
                        unsigned char address[16])
{
    char text[INET6_ADDRSTRLEN];
    unsigned char ignored[16];
    size_t i;

    if (len < 4 || len - 2 >= sizeof(text) || host[0] != '['
        || host[len - 1] != ']') {
        return 0;
    }
    for (i = 1; i < len - 1; i++) {
        if (!CORS_IS(host[i], CORS_BYTE_HOST) && host[i] != ':') {
            return 0;
        }
        text[i - 1] = host[i];
    }
    text[len - 2] = '\0';
    return inet_pton(AF_INET6, text, address ? address : ignored) == 1;
}

/* The length of the scheme at text, 0 if there is none. */
static size_t scan_scheme(const char *text, size_t len)
{
    size_t i = 0;

    if (!len || !CORS_IS(text[0], CORS_BYTE_LOWER)) {
        return 0;
    }
    while (i < len && CORS_IS(text[i], CORS_BYTE_SCHEME)) {
        i++;
    }
    return i <= CORS_SCHEME_MAX ? i : 0;
}

/* The length of the host name at text, 0 if there is none.  Labels must
 * not be empty, so neither a dot at the end nor two in a row will do. */
static size_t scan_name(const char *text, size_t len)
{
    size_t i;
    char before = '.';

    for (i = 0; i < len && CORS_IS(text[i], CORS_BYTE_HOST); i++) {
        if (text[i] == '.' && before == '.') {
            return 0;
        }
        before = text[i];
    }
    return before == '.' || i > CORS_HOST_MAX ? 0 : i;
}

static size_t scan_host(const char *text, size_t len)
{
    const char *end;

    if (!len || text[0] != '[') {
        return scan_name(text, len);
    }
    end = memchr(text, ']', len);
    if (!end || !cors_origin_is_ipv6(text, (size_t)(end + 1 - text), NULL)) {
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
