/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/address.h"

#include <string.h>

#include <apr.h>
#include <apr_strings.h>

#include "grammar/bytes.h"

/* Reads up to four hexadecimal digits in lower case.  Returns where they end.
 */
static const char *read_piece(const char *p, const char *end,
                              unsigned int *piece)
{
    const char *stop = end - p > 4 ? p + 4 : end;

    *piece = 0;
    for (; p < stop && CORS_IS(*p, CORS_BYTE_HEX)
           && !CORS_IS(*p, CORS_BYTE_UPPER);
         p++) {
        *piece = *piece << 4
                 | (unsigned int)(CORS_IS(*p, CORS_BYTE_DIGIT)
                                      ? *p - '0'
                                      : *p - 'a' + 10);
    }
    return p;
}

/* Reads an IPv4 address at the end of an IPv6 address: four decimal numbers
 * without zeros before them. */
static int read_dotted(const char *p, const char *end, unsigned char *to)
{
    int part;

    for (part = 0; part < 4; part++) {
        unsigned int value = 0;
        const char *first = p;

        for (; p < end && CORS_IS(*p, CORS_BYTE_DIGIT) && value < 256; p++) {
            value = value * 10 + (unsigned int)(*p - '0');
        }
        if (p == first || value > 255 || (*first == '0' && p - first > 1)) {
            return 0;
        }
        to[part] = (unsigned char)value;
        if (part < 3 && (p == end || *p++ != '.')) {
            return 0;
        }
    }
    return p == end;
}

/* What has been read of an IPv6 address. */
typedef struct pieces_t {
    unsigned char bytes[16];
    size_t len;
    size_t gap; /* where "::" stands, NO_GAP: nowhere yet */
} pieces_t;

#define NO_GAP 17

static int read_gap(pieces_t *pieces)
{
    if (pieces->gap != NO_GAP) {
        return 0;
    }
    pieces->gap = pieces->len;
    return 1;
}

/* Reads the pieces, each with the colon behind it. */
static int read_pieces(const char *p, const char *end, pieces_t *pieces)
{
    unsigned char *to = pieces->bytes;

    while (p < end) {
        unsigned int piece;
        const char *stop = read_piece(p, end, &piece);

        if (stop < end && *stop == '.' && pieces->len <= 12) {
            pieces->len += 4;
            return read_dotted(p, end, to + pieces->len - 4);
        }
        if (stop == p || pieces->len == sizeof(pieces->bytes)) {
            return 0;
        }
        to[pieces->len++] = (unsigned char)(piece >> 8);
        to[pieces->len++] = (unsigned char)piece;
        if (stop == end) {
            return 1;
        }
        p = stop + 1;
        if (*stop != ':' || p == end || (*p == ':' && !read_gap(pieces))) {
            return 0;
        }
        p += *p == ':';
    }
    return 1;
}

/* Puts the zeros in that "::" stands for: at least two bytes. */
static int fill_gap(const pieces_t *pieces, unsigned char address[16])
{
    size_t before = pieces->gap;
    size_t zeros = 16 - pieces->len;

    if (before == NO_GAP) {
        before = pieces->len;
    }
    else if (!zeros) {
        return 0;
    }
    memcpy(address, pieces->bytes, before);
    memset(address + before, 0, zeros);
    memcpy(address + before + zeros, pieces->bytes + before,
           pieces->len - before);
    return pieces->gap != NO_GAP || !zeros;
}

int cors_address_parse_ipv6(const char *host, size_t len,
                            unsigned char address[16])
{
    pieces_t pieces = { { 0 }, 0, NO_GAP };
    unsigned char ignored[16];
    const char *end;

    if (len < 4 || host[0] != '[' || host[len - 1] != ']') {
        return 0;
    }
    end = host + len - 1;
    host++;
    if (host[0] == ':' && host[1] == ':') {
        pieces.gap = 0;
        host += 2;
    }
    return read_pieces(host, end, &pieces)
           && fill_gap(&pieces, address ? address : ignored);
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
    size_t start, i;
    apr_uint64_t ignored;

    /* Most names end in a letter that no number has, as in ".com": an
     * .htaccess file asks for each request. */
    if (!len
        || (CORS_IS(host[len - 1], CORS_BYTE_LOWER | CORS_BYTE_UPPER)
            && !CORS_IS(host[len - 1], CORS_BYTE_HEX)
            && (host[len - 1] | 0x20) != 'x')) {
        return 0;
    }
    start = last_label(host, len);
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
