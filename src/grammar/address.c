/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/address.h"

#include <string.h>

#include <apr.h>
#include <apr_strings.h>
#include <arpa/inet.h>

#include "grammar/bytes.h"

int cors_address_parse_ipv6(const char *host, size_t len,
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

/* Reads one part of an IPv4 address: decimal, octal after 0, hexadecimal after
 * 0x.  Returns 0 unless the part is a number below 2^32
 * (https://url.spec.whatwg.org/#ipv4-number-parser). */
static int parse_part(const char *text, size_t len, apr_uint64_t *value)
{
    unsigned int base = 10;
    apr_uint64_t n = 0;
    size_t i = 0;

    if (!len) {
        return 0;
    }
    if (len > 1 && text[0] == '0') {
        base = text[1] == 'x' || text[1] == 'X' ? 16 : 8;
        i = base == 16 ? 2 : 1;
    }
    for (; i < len; i++) {
        unsigned int digit;

        if (!CORS_IS(text[i], CORS_BYTE_HEX)) {
            return 0;
        }
        digit = CORS_IS(text[i], CORS_BYTE_DIGIT)
                    ? (unsigned int)(text[i] - '0')
                    : (unsigned int)((text[i] | 0x20) - 'a' + 10);
        if (digit >= base || n > 0xffffffffu) {
            return 0;
        }
        n = n * base + digit;
    }
    *value = n;
    return n <= 0xffffffffu;
}

/* Returns where the last label of the host begins. */
static size_t last_label(const char *host, size_t len)
{
    size_t start = len;

    while (start > 0 && host[start - 1] != '.') {
        start--;
    }
    return start;
}

int cors_address_is_ipv4_like(const char *host, size_t len)
{
    size_t start = last_label(host, len);
    size_t i;
    apr_uint64_t ignored;

    if (start == len) {
        return 0;
    }
    i = start;
    while (i < len && CORS_IS(host[i], CORS_BYTE_DIGIT)) {
        i++;
    }
    return i == len
           || (len - start > 1 && (host[start + 1] | 0x20) == 'x'
               && parse_part(host + start, len - start, &ignored));
}

int cors_address_parse_ipv4(const char *host, size_t len,
                            unsigned int *address)
{
    const char *end = host + len;
    apr_uint64_t sum = 0;
    int part;

    for (part = 0; part < 4; part++) {
        const char *dot = memchr(host, '.', (size_t)(end - host));
        const char *stop = dot ? dot : end;
        apr_uint64_t value;

        if (!parse_part(host, (size_t)(stop - host), &value)) {
            return 0;
        }
        if (!dot) {
            /* The last part stands for all bytes that are left. */
            if (value >> (8 * (4 - part))) {
                return 0;
            }
            *address = (unsigned int)(sum + value);
            return 1;
        }
        if (value > 255) {
            return 0;
        }
        sum += value << (8 * (3 - part));
        host = dot + 1;
    }
    return 0;
}

void cors_address_print_ipv4(unsigned int address, char text[CORS_IPV4_ROOM])
{
    apr_snprintf(text, CORS_IPV4_ROOM, "%u.%u.%u.%u", address >> 24,
                 (address >> 16) & 255, (address >> 8) & 255, address & 255);
}

/* Returns where the first of the longest runs of two zeros or more begins, or
 * -1, and its length in *length. */
static int longest_zeros(const unsigned int piece[8], int *length)
{
    int best = -1;
    int i, n;

    *length = 1;
    for (i = 0; i < 8; i += n + 1) {
        n = 0;
        while (i + n < 8 && !piece[i + n]) {
            n++;
        }
        if (n > *length) {
            *length = n;
            best = i;
        }
    }
    return best;
}

void cors_address_print_ipv6(const unsigned char address[16],
                             char text[CORS_IPV6_ROOM])
{
    unsigned int piece[8];
    char *p = text;
    char *end = text + CORS_IPV6_ROOM;
    int zeros, length, i;

    for (i = 0; i < 8; i++) {
        piece[i] = (unsigned int)address[2 * i] << 8 | address[2 * i + 1];
    }
    zeros = longest_zeros(piece, &length);
    *p++ = '[';
    for (i = 0; i < 8; i++) {
        if (i == zeros) {
            p += apr_snprintf(p, (apr_size_t)(end - p), i ? ":" : "::");
            i += length - 1;
            continue;
        }
        p += apr_snprintf(p, (apr_size_t)(end - p), i < 7 ? "%x:" : "%x",
                          piece[i]);
    }
    apr_snprintf(p, (apr_size_t)(end - p), "]");
}
