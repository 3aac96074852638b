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

/* The port that browsers leave out after the scheme, 0 if there is none
 * (URL, "special scheme"). */
int cors_scheme_port(const char *scheme, size_t len);

/* Reads 1 to 65535 without leading zeros; 0 for anything else. */
int cors_origin_port(const char *text, size_t len);

#endif
