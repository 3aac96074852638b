/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The browser's side of a request from a page of another origin (Fetch,
 * https://fetch.spec.whatwg.org/#http-cors-protocol): whether a browser sends
 * a preflight, and whether the browser lets the page read the response.  Only
 * explanations use these functions: no request of a client is judged by them.
 */

#ifndef CORS_BROWSER_H
#define CORS_BROWSER_H

#include <apr_tables.h>

#include "policy/suffix.h"

/* Why a browser keeps a response from a page, or does not send the request. */
typedef enum {
    CORS_BROWSER_ALLOWS = 0,
    CORS_BROWSER_NO_ORIGIN,      /* no Access-Control-Allow-Origin */
    CORS_BROWSER_OTHER_ORIGIN,   /* the header names another origin */
    CORS_BROWSER_ANY_ORIGIN,     /* "*", and the page sends credentials */
    CORS_BROWSER_NO_CREDENTIALS, /* Access-Control-Allow-Credentials lacks */
    CORS_BROWSER_NOT_OK,         /* of a preflight: the status is no success */
    CORS_BROWSER_METHOD,         /* of a preflight: the method is not listed */
    CORS_BROWSER_HEADER          /* of a preflight: a header is not listed */
} cors_browser_e;

/* A page's request.  headers are those that the page's script sets, in the
 * order given; an empty value is not known. */
typedef struct cors_page_t {
    const char *origin;
    const char *method;
    const apr_table_t *headers;
    int credentials; /* cookies and the like are sent along */
} cors_page_t;

/* Returns the method as browsers send it: six names in upper case, whatever a
 * script writes (https://fetch.spec.whatwg.org/#concept-method-normalize). */
const char *cors_browser_method(const char *method, apr_pool_t *p);

/* Returns what a browser writes into Sec-Fetch-Site of a request of the page
 * for a URL: "same-origin", "same-site" or "cross-site"
 * (https://html.spec.whatwg.org/#schemelessly-same-site).  own is the origin
 * of the URL, and well-formed.  Returns NULL if public suffixes decide and
 * suffixes has no list of them. */
const char *cors_browser_site(const char *page, const char *own,
                              const cors_suffixes_t *suffixes);

/* Returns why a browser sends a preflight, as a sentence made in p, or NULL if
 * it sends none. */
const char *cors_browser_preflights(const cors_page_t *page, apr_pool_t *p);

/* Returns the value of Access-Control-Request-Headers: the names that need to
 * be allowed, in lower case and sorted, or NULL if there are none.  Made in
 * p. */
const char *cors_browser_request_headers(const cors_page_t *page,
                                         apr_pool_t *p);

/* Returns what a browser makes of a response's headers (Fetch, "CORS check").
 */
cors_browser_e cors_browser_check(const cors_page_t *page,
                                  const apr_table_t *response);

/* Returns what a browser makes of the answer to a preflight.  *name is the
 * first header that is not listed, made in p.  A status of 0 is not known, and
 * taken for a success. */
cors_browser_e cors_browser_check_preflight(const cors_page_t *page,
                                            int status,
                                            const apr_table_t *response,
                                            const char **name, apr_pool_t *p);

#endif
