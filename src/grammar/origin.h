/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The grammar of an origin as a request sends it (HTML, "serialization of
 * an origin"; Fetch, "`Origin` header").
 */

#ifndef CORS_ORIGIN_H
#define CORS_ORIGIN_H

#include <stddef.h>
#include <string.h>

/* Bytes.  Hosts and labels by RFC 1035, 2.3.4, as text without a dot at the
 * end. */
#define CORS_SCHEME_MAX 64
#define CORS_HOST_MAX   253
#define CORS_LABEL_MAX  63
/* scheme "://" host ":65535" */
#define CORS_ORIGIN_MAX (CORS_SCHEME_MAX + 3 + CORS_HOST_MAX + 6)

/* Ports beside 1 to 65535. */
#define CORS_PORT_NONE 0     /* the scheme's own */
#define CORS_PORT_ANY  65536 /* patterns only: any, and none */

/* Byte classes of cors_origin_bytes[]. */
#define CORS_BYTE_SCHEME 0x01 /* a-z 0-9 + - . */
#define CORS_BYTE_HOST   0x02 /* a-z 0-9 - . _ */
#define CORS_BYTE_DIGIT  0x04
#define CORS_BYTE_LOWER  0x08 /* a-z */
#define CORS_BYTE_UPPER  0x10 /* A-Z */
#define CORS_BYTE_HEX    0x20 /* 0-9 a-f A-F */

extern const unsigned char cors_origin_bytes[256];

#define CORS_IS(byte, class) \
    (cors_origin_bytes[(unsigned char)(byte)] & (class))

/* An origin taken apart.  The pointers go into the text that was parsed. */
typedef struct cors_origin_t {
    const char *scheme;
    const char *host; /* brackets included; NULL for "null" */
    size_t scheme_len;
    size_t host_len;
    int port; /* CORS_PORT_NONE or 1 to 65535 */
} cors_origin_t;

typedef enum {
    CORS_ORIGIN_OK = 0,
    CORS_ORIGIN_LENGTH, /* empty, or more than CORS_ORIGIN_MAX */
    CORS_ORIGIN_SCHEME,
    CORS_ORIGIN_HOST,
    CORS_ORIGIN_PORT
} cors_origin_e;

/* The length of a NUL-terminated Origin value.  Anything longer than
 * CORS_ORIGIN_MAX is CORS_ORIGIN_MAX + 1 and is not read through. */
static inline size_t cors_origin_length(const char *value)
{
    const char *end = memchr(value, '\0', CORS_ORIGIN_MAX + 1);

    return end ? (size_t)(end - value) : CORS_ORIGIN_MAX + 1;
}

/* Takes len bytes at text apart into *origin, which is written on success
 * only.  Anything but one whole origin, or "null", is refused: a path, a
 * dot at the end, white space, two origins. */
cors_origin_e cors_origin_parse(const char *text, size_t len,
                                cors_origin_t *origin);

/* Whether len bytes at host are "[", an IPv6 address in lower case, "]".  If
 * so and address is not NULL, its 16 bytes go there. */
int cors_origin_is_ipv6(const char *host, size_t len,
                        unsigned char address[16]);

/* Reads 1 to 65535 without leading zeros; 0 for anything else. */
int cors_origin_port(const char *text, size_t len);

#endif
