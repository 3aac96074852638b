/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Names of methods and header fields: which of them browsers never send for a
 * script, never show to a script, or always show
 * (https://fetch.spec.whatwg.org/#methods,
 * https://fetch.spec.whatwg.org/#terminology-headers).
 */

#ifndef CORS_NAME_H
#define CORS_NAME_H

#include <stddef.h>

#include <apr_cstr.h>

/* Bytes of a name.  httpd's default limit for a header line is 8190 bytes, so
 * no request could ask for a longer name. */
#define CORS_NAME_MAX 8190

/* The result of checking a name of a policy. */
typedef enum {
    CORS_NAME_OK = 0,
    CORS_NAME_EMPTY,
    CORS_NAME_LONG,      /* more than CORS_NAME_MAX bytes */
    CORS_NAME_COMMA,     /* a comma or semicolon in it or after it */
    CORS_NAME_BLANK,     /* a blank in it: quotes join several names */
    CORS_NAME_BYTE,      /* a byte that no token has */
    CORS_NAME_FORBIDDEN, /* browsers never send it for a script */
    CORS_NAME_CASE,      /* browsers send this method in upper case */
    CORS_NAME_ANY,       /* "all" or "any", meant to be "*" */
    CORS_NAME_HIDDEN,    /* browsers never show it to a script */
    CORS_NAME_RESPONSE   /* a response header of CORS itself */
} cors_name_e;

/* The list that a name goes into.  The list decides which names are refused.
 * Methods are compared byte for byte, field names in any case. */
typedef enum {
    CORS_NAMES_METHODS,
    CORS_NAMES_ALLOW_HEADERS,
    CORS_NAMES_EXPOSE_HEADERS
} cors_name_kind_e;

/* Whether two words are equal in any case.  word has two bytes or more, and no
 * blank.  Nearly all differ in their first two letters, which takes no call:
 * an .htaccess file is checked for each request. */
static inline int cors_name_is_same(const char *name, const char *word)
{
    return (name[0] | 0x20) == (word[0] | 0x20)
           && (name[1] | 0x20) == (word[1] | 0x20)
           && apr_cstr_casecmp(name, word) == 0;
}

/* Whether browsers never send the method for a script: CONNECT, TRACE or TRACK
 * in any case (https://fetch.spec.whatwg.org/#forbidden-method). */
int cors_method_is_forbidden(const char *method, size_t len);

/* Whether browsers send the method without asking whether it is allowed: GET,
 * HEAD and POST (Fetch, "CORS-safelisted method",
 * https://fetch.spec.whatwg.org/#cors-safelisted-method). */
int cors_method_is_safelisted(const char *method, size_t len);

/* Checks a NUL-terminated method name of a policy.  Returns CORS_NAME_CASE for
 * one of the six methods that browsers send in upper case, whatever a script
 * writes (https://fetch.spec.whatwg.org/#concept-method-normalize). */
cors_name_e cors_method_check(const char *method);

/* Check a NUL-terminated field name of a policy: the name of a request header
 * (https://fetch.spec.whatwg.org/#forbidden-request-header) or of a response
 * header (https://fetch.spec.whatwg.org/#forbidden-response-header-name). */
cors_name_e cors_request_field_check(const char *name);
cors_name_e cors_response_field_check(const char *name);

/* Checks a NUL-terminated name by the rules of its kind. */
cors_name_e cors_name_check(const char *name, cors_name_kind_e kind);

/* Whether any script may read the response header, exposed or not
 * (https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name). */
int cors_field_is_safelisted(const char *name);

/* Whether the response header is for one connection alone
 * (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1). */
int cors_field_is_hop_by_hop(const char *name);

/* A cheap pre-test for names that may begin with "Access-Control-": the fifth
 * byte rules out Accept and its like, which are far more frequent. */
static inline int cors_field_may_be_access(const char *name)
{
    return (name[0] == 'A' || name[0] == 'a') && name[1] && name[2] && name[3]
           && (name[4] == 's' || name[4] == 'S');
}

/* Whether name begins with "Access-Control-", in any case. */
int cors_field_is_access_control(const char *name);

#endif
