/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Tokens, and the scanning of Access-Control-Request-Headers
 * (https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
 */

#ifndef CORS_TOKEN_H
#define CORS_TOKEN_H

#include <stddef.h>

/* Maps each byte of a token to its lower case, and every other byte to 0. */
extern const unsigned char cors_token_lower[256];

/* Whether the len bytes at s are a token.  No token is empty. */
int cors_token_is(const char *s, size_t len);

/* Whether the tokens a and b, of len bytes each, are equal in any case. */
int cors_token_equal(const char *a, const char *b, size_t len);

/* The result of one step of scanning a list of names. */
typedef enum {
    CORS_SCAN_END = 0, /* no more elements */
    CORS_SCAN_NAME,    /* a token */
    CORS_SCAN_BAD      /* something else, up to the next comma */
} cors_scan_e;

typedef struct cors_scan_t {
    const char *next;  /* the rest of the field value: at first all of it */
    const char *name;  /* the element, in the field value */
    size_t len;        /* bytes of the element */
    unsigned int hash; /* FNV-1a of the name in lower case */
} cors_scan_t;

/* Whether the byte may stand around an element
 * (https://www.rfc-editor.org/rfc/rfc9110#section-5.6.3). */
static inline int cors_scan_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Skips blanks and commas, and with them empty elements. */
static inline const char *cors_scan_separators(const char *p)
{
    while (*p == ',' || cors_scan_is_blank(*p)) {
        p++;
    }
    return p;
}

/* Moves on to the next element that is not empty, and returns what it is.
 * Spaces and tabs around an element are not part of it
 * (https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2).  Reads each byte
 * once, allocates nothing. */
cors_scan_e cors_scan_next(cors_scan_t *scan);

#endif
