/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Names of methods and header fields: which of them browsers never send for a
 * script, never show to one, or always show (Fetch, "methods" and "headers":
 * https://fetch.spec.whatwg.org/#methods, #terminology-headers).
 */

#ifndef CORS_NAME_H
#define CORS_NAME_H

#include <stddef.h>

/* Bytes of a name.  httpd reads no longer header line unless told to, so
 * nobody could ask for a longer name. */
#define CORS_NAME_MAX 8190

/* What is wrong with a name in a policy. */
typedef enum {
    CORS_NAME_OK = 0,
    CORS_NAME_EMPTY,
    CORS_NAME_LONG,      /* more than CORS_NAME_MAX bytes */
    CORS_NAME_COMMA,     /* a comma in it or after it */
    CORS_NAME_BYTE,      /* a byte no token holds */
    CORS_NAME_FORBIDDEN, /* browsers never send it for a script */
    CORS_NAME_CASE,      /* browsers send this method in upper case */
    CORS_NAME_ANY,       /* "ALL" or "ANY", meant to be "*" */
    CORS_NAME_HIDDEN,    /* browsers never show it to a script */
    CORS_NAME_RESPONSE   /* a response header of CORS itself */
} cors_name_e;

/* Which list a name goes into decides which names are refused, and whether
 * names are compared in any case (field names) or byte for byte (methods).
 */
typedef enum {
    CORS_NAMES_METHODS,
    CORS_NAMES_ALLOW_HEADERS,
    CORS_NAMES_EXPOSE_HEADERS
} cors_name_kind_e;

/* Whether browsers refuse to send the method at all: CONNECT, TRACE or
 * TRACK in any case (Fetch, "forbidden method"). */
int cors_method_is_forbidden(const char *method, size_t len);

/* Whether browsers send the method without asking whether it is allowed: GET,
 * HEAD and POST (Fetch, "CORS-safelisted method",
 * https://fetch.spec.whatwg.org/#cors-safelisted-method). */
int cors_method_is_safelisted(const char *method, size_t len);

/* Judges a NUL-terminated method name of a policy.  CORS_NAME_CASE is one
 * of the six that browsers send in upper case, whatever a script writes
 * (Fetch, "normalize a method"). */
cors_name_e cors_method_check(const char *method);

/* Judge a NUL-terminated field name of a policy: of a request header (Fetch,
 * "forbidden request-header"), of a response header (Fetch, "forbidden
 * response-header name"). */
cors_name_e cors_request_field_check(const char *name);
cors_name_e cors_response_field_check(const char *name);

/* Judges a NUL-terminated name by the rules of its kind. */
cors_name_e cors_name_check(const char *name, cors_name_kind_e kind);

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

#endif
