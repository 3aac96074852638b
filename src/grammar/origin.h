/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The grammar of an origin as a request sends it
 * (https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin,
 * https://fetch.spec.whatwg.org/#origin-header).
 */

#ifndef CORS_ORIGIN_H
#define CORS_ORIGIN_H

#include <stddef.h>
#include <string.h>

/* Bytes.  The limits of hosts and labels are those of the DNS, for text
 * without a dot at the end
 * (https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4). */
#define CORS_SCHEME_MAX 64
#define CORS_HOST_MAX   253
#define CORS_LABEL_MAX  63
/* scheme "://" host ":65535" */
#define CORS_ORIGIN_MAX (CORS_SCHEME_MAX + 3 + CORS_HOST_MAX + 6)

/* Values of a port besides 1 to 65535. */
#define CORS_PORT_NONE 0     /* the scheme's own */
#define CORS_PORT_ANY  65536 /* in patterns only: any port, and none */

/* The parts of an origin.  The pointers point into the parsed text, which has
 * to live as long. */
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

/* Returns the length of a NUL-terminated Origin value, or CORS_ORIGIN_MAX + 1
 * for every longer one.  Reads no byte beyond that. */
static inline size_t cors_origin_length(const char *value)
{
    const char *end = memchr(value, '\0', CORS_ORIGIN_MAX + 1);

    return end ? (size_t)(end - value) : CORS_ORIGIN_MAX + 1;
}

/* Parses the len bytes at text into *origin, which is written on success only.
 * Accepts one whole origin or "null", and nothing else: no path, no dot at the
 * end, no white space, no second origin. */
cors_origin_e cors_origin_parse(const char *text, size_t len,
                                cors_origin_t *origin);

/* Returns the default port of a special scheme, which browsers leave out, or 0
 * (https://url.spec.whatwg.org/#special-scheme). */
int cors_scheme_port(const char *scheme, size_t len);

/* Reads a port of 1 to 65535 without leading zeros.  Returns 0 for anything
 * else. */
int cors_origin_port(const char *text, size_t len);

/* Whether requests to the host of the origin never leave the machine:
 * localhost, *.localhost, 127.0.0.0/8 and [::1].  The scheme must be a special
 * one, for which such a host is an address and no name
 * (https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy). */
int cors_origin_is_loopback(const cors_origin_t *o);

#endif
