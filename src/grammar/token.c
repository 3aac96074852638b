/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/token.h"

#include "grammar/hash.h"

const unsigned char cors_token_lower[256] = {
    /* 00 */ 0,   0,   0,   0,   0,   0,   0,   0,
    /* 08 */ 0,   0,   0,   0,   0,   0,   0,   0,
    /* 10 */ 0,   0,   0,   0,   0,   0,   0,   0,
    /* 18 */ 0,   0,   0,   0,   0,   0,   0,   0,
    /* 20 */ 0,   '!', 0,   '#', '$', '%', '&', '\'',
    /* 28 */ 0,   0,   '*', '+', 0,   '-', '.', 0,
    /* 30 */ '0', '1', '2', '3', '4', '5', '6', '7',
    /* 38 */ '8', '9', 0,   0,   0,   0,   0,   0,
    /* 40 */ 0,   'a', 'b', 'c', 'd', 'e', 'f', 'g',
    /* 48 */ 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    /* 50 */ 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
    /* 58 */ 'x', 'y', 'z', 0,   0,   0,   '^', '_',
    /* 60 */ '`', 'a', 'b', 'c', 'd', 'e', 'f', 'g',
    /* 68 */ 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
    /* 70 */ 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
    /* 78 */ 'x', 'y', 'z', 0,   '|', 0,   '~', 0,
    /* 80 to ff: none */
};

int cors_token_is(const char *s, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (!cors_token_lower[(unsigned char)s[i]]) {
            return 0;
        }
    }
    return len > 0;
}

int cors_token_equal(const char *a, const char *b, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (cors_token_lower[(unsigned char)a[i]]
            != cors_token_lower[(unsigned char)b[i]]) {
            return 0;
        }
    }
    return 1;
}

/* Takes the whole element, without the blanks after it, for the log: the
 * element is no token. */
static cors_scan_e scan_bad(cors_scan_t *scan, const char *p)
{
    while (*p && *p != ',') {
        p++;
    }
    scan->next = p;
    while (p > scan->name && cors_scan_is_blank(p[-1])) {
        p--;
    }
    scan->len = (size_t)(p - scan->name);
    return CORS_SCAN_BAD;
}

cors_scan_e cors_scan_next(cors_scan_t *scan)
{
    const char *p = cors_scan_separators(scan->next);
    unsigned int hash = CORS_HASH_INIT;
    unsigned int c;

    scan->name = p;
    while ((c = cors_token_lower[(unsigned char)*p]) != 0) {
        hash = CORS_HASH_ADD(hash, c);
        p++;
    }
    scan->len = (size_t)(p - scan->name);
    scan->hash = hash;
    while (cors_scan_is_blank(*p)) {
        p++;
    }
    if (*p != ',' && *p != '\0') {
        return scan_bad(scan, p);
    }
    scan->next = p;
    return scan->len ? CORS_SCAN_NAME : CORS_SCAN_END;
}
