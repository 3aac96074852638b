/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Tokens, and the scanning of Access-Control-Request-Headers
 * (RFC 9110, 5.6.2: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
 */

#ifndef CORS_TOKEN_H
#define CORS_TOKEN_H

#include <stddef.h>

/* The lower case of each byte that a token may hold, 0 for all others. */
extern const unsigned char cors_token_lower[256];

/* Whether the len bytes at s are a token. */
int cors_token_is(const char *s, size_t len);

/* Whether a and b are the same len bytes, ASCII letters in any case.  Both
 * must be tokens. */
int cors_token_equal(const char *a, const char *b, size_t len);

/* One element of a field value that is a list of names. */
typedef enum {
    CORS_SCAN_END = 0, /* no more elements */
    CORS_SCAN_NAME,    /* a token */
    CORS_SCAN_BAD      /* something else, up to the next comma */
} cors_scan_e;

typedef struct cors_scan_t {
    const char *next; /* where to go on; start: the field value */
    const char *name; /* the element, into the field value */
    size_t len;
    unsigned int hash; /* of the name, if it is one */
} cors_scan_t;

/* Whether the byte may stand around an element (RFC 9110, "OWS"). */
static inline int cors_scan_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Skips blanks and commas: whatever stands between two elements, empty ones
 * included. */
static inline const char *cors_scan_separators(const char *p)
{
    while (*p == ',' || cors_scan_is_blank(*p)) {
        p++;
    }
    return p;
}

/* Goes to the next element that is not empty (RFC 9110, 5.6.1.2): spaces
 * and tabs around elements do not count.  Reads each byte once, allocates
 * nothing. */
cors_scan_e cors_scan_next(cors_scan_t *scan);

#endif
