/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Tokens (RFC 9110, 5.6.2), the rules for method and field names in a
 * policy, and the scanning of Access-Control-Request-Headers.
 */

#ifndef CORS_TOKEN_H
#define CORS_TOKEN_H

#include <stddef.h>

/* The lower case of each byte that a token may hold, 0 for all others. */
extern const unsigned char cors_token_lower[256];

/* The hash under which lists keep names; bytes go in in lower case. */
#define CORS_NAME_HASH_INIT      2166136261u
#define CORS_NAME_HASH_ADD(h, c) (((h) ^ (c)) * 16777619u)

/* What is wrong with a name in a policy. */
typedef enum {
    CORS_NAME_OK = 0,
    CORS_NAME_EMPTY,
    CORS_NAME_LONG,      /* more than CORS_WORD_MAX bytes */
    CORS_NAME_COMMA,     /* a comma in it or after it */
    CORS_NAME_BYTE,      /* a byte no token holds */
    CORS_NAME_FORBIDDEN, /* browsers never send it for a script */
    CORS_NAME_CASE,      /* browsers send this method in upper case */
    CORS_NAME_HIDDEN,    /* browsers never show it to a script */
    CORS_NAME_RESPONSE   /* a response header of CORS itself */
} cors_name_e;

/* Whether the len bytes at s are a token. */
int cors_token_is(const char *s, size_t len);

/* Whether a and b are the same len bytes, ASCII letters in any case.  Both
 * must be tokens. */
int cors_token_equal(const char *a, const char *b, size_t len);

/* Whether browsers refuse to send the method at all: CONNECT, TRACE or
 * TRACK in any case (Fetch, "forbidden method"). */
int cors_method_is_forbidden(const char *method, size_t len);

/* Judges a NUL-terminated method name of a policy.  CORS_NAME_CASE is one
 * of the six that browsers send in upper case, whatever a script writes
 * (Fetch, "normalize a method"). */
cors_name_e cors_method_check(const char *method);

/* Judge a NUL-terminated field name of a policy: of a request header (Fetch,
 * "forbidden request-header"), of a response header (Fetch, "forbidden
 * response-header name"). */
cors_name_e cors_request_field_check(const char *name);
cors_name_e cors_response_field_check(const char *name);

/* Whether a script may read the response header without being told so
 * (Fetch, "CORS-safelisted response-header name"). */
int cors_field_is_safelisted(const char *name);

/* Whether the response header belongs to one connection alone (RFC 9110,
 * 7.6.1). */
int cors_field_is_hop_by_hop(const char *name);

/* Whether name can begin with "Access-Control-", told without a call: the
 * fifth byte leaves Accept and its like out, which are far more frequent. */
static inline int cors_field_may_be_access(const char *name)
{
    return (name[0] == 'A' || name[0] == 'a') && name[1] && name[2] && name[3]
           && (name[4] == 's' || name[4] == 'S');
}

/* Whether name begins with "Access-Control-", in any case. */
int cors_field_is_access_control(const char *name);

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

/* Goes to the next element that is not empty (RFC 9110, 5.6.1.2): spaces
 * and tabs around elements do not count.  Reads each byte once, allocates
 * nothing. */
cors_scan_e cors_scan_next(cors_scan_t *scan);

#endif
