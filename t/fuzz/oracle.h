/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What a browser makes of a response: the steps of the Fetch standard, from
 * its text (July 2026), for a request that it sends and the headers that come
 * back.  Nothing of the module is used here.
 */

#ifndef ORACLE_H
#define ORACLE_H

#include <apr_tables.h>

/* A request as a script makes it, across origins. */
typedef struct oracle_request_t {
    const char *origin;                     /* byte-serialized */
    const char *method;                     /* normalized */
    const apr_array_header_t *unsafe_names; /* const char *: the names of its
                                             * header list that are not
                                             * safelisted */
    int include;                            /* credentials mode "include" */
} oracle_request_t;

/* Fetch, "CORS check". */
int oracle_cors_check(const oracle_request_t *request,
                      const apr_table_t *headers, apr_pool_t *p);

/* Fetch, "CORS-preflight fetch", steps 7 and on: whether the response to
 * the preflight lets the request go out. */
int oracle_preflight(const oracle_request_t *request, int status,
                     const apr_table_t *headers, apr_pool_t *p);

/* Whether a script may read the response header name: Fetch, "main fetch",
 * what it does about `Access-Control-Expose-Headers`, and "CORS filtered
 * response". */
int oracle_is_exposed(const oracle_request_t *request, const char *name,
                      const apr_table_t *headers, apr_pool_t *p);

/* Fetch, "TAO check", steps 3 to 5: without a redirect before. */
int oracle_tao_check(const oracle_request_t *request,
                     const apr_table_t *headers, apr_pool_t *p);

/* Fetch, "CORS-safelisted method". */
int oracle_is_safelisted_method(const char *method);

#endif
