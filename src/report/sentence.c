/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/sentence.h"

#include <apr_strings.h>
#include <httpd.h>

#define INCLUDE " when the request's credentials mode is 'include'."

/* Whether a preflight met a redirect. */
static int is_redirected(const cors_blocked_t *blocked)
{
    return blocked->is_preflight && ap_is_HTTP_REDIRECT(blocked->status);
}

static const char *chromium_access(const cors_blocked_t *blocked,
                                   apr_pool_t *p)
{
    if (is_redirected(blocked)) {
        return "Redirect is not allowed for a preflight request.";
    }
    switch (blocked->why) {
    case CORS_BROWSER_OTHER_ORIGIN:
        return apr_psprintf(p,
                            "The 'Access-Control-Allow-Origin' header has a "
                            "value '%s' that is not equal to the supplied "
                            "origin. Have the server send the header with a "
                            "valid value.",
                            blocked->allowed);
    case CORS_BROWSER_ANY_ORIGIN:
        return "The value of the 'Access-Control-Allow-Origin' header in the "
               "response must not be the wildcard '*'" INCLUDE;
    case CORS_BROWSER_NO_CREDENTIALS:
        return "The value of the 'Access-Control-Allow-Credentials' header in "
               "the response is '' which must be 'true'" INCLUDE;
    case CORS_BROWSER_NOT_OK:
        return "It does not have HTTP ok status.";
    default:
        return "No 'Access-Control-Allow-Origin' header is present on the "
               "requested resource.";
    }
}

static const char *chromium_reason(const cors_blocked_t *blocked,
                                   apr_pool_t *p)
{
    if (blocked->why == CORS_BROWSER_METHOD) {
        return apr_psprintf(p,
                            "Method %s is not allowed by "
                            "Access-Control-Allow-Methods in preflight "
                            "response.",
                            blocked->method);
    }
    if (blocked->why == CORS_BROWSER_HEADER) {
        return apr_psprintf(p,
                            "Request header field %s is not allowed by "
                            "Access-Control-Allow-Headers in preflight "
                            "response.",
                            blocked->header);
    }
    return apr_pstrcat(p,
                       blocked->is_preflight
                           ? "Response to preflight request doesn't pass "
                             "access control check: "
                           : "",
                       chromium_access(blocked, p), NULL);
}

const char *cors_sentence_chromium(const cors_blocked_t *blocked,
                                   apr_pool_t *p)
{
    if (blocked->why == CORS_BROWSER_ALLOWS) {
        return NULL;
    }
    return apr_psprintf(p,
                        "Access to fetch at '%s' from origin '%s' has been "
                        "blocked by CORS policy: %s",
                        blocked->url, blocked->origin,
                        chromium_reason(blocked, p));
}

static const char *firefox_reason(const cors_blocked_t *blocked, apr_pool_t *p)
{
    int status = blocked->status ? blocked->status : HTTP_OK;

    switch (blocked->why) {
    case CORS_BROWSER_OTHER_ORIGIN:
        return apr_psprintf(p,
                            "CORS header ‘Access-Control-Allow-Origin’ does "
                            "not match ‘%s’).",
                            blocked->allowed);
    case CORS_BROWSER_ANY_ORIGIN:
        return "Credential is not supported if the CORS header "
               "‘Access-Control-Allow-Origin’ is ‘*’).";
    case CORS_BROWSER_NO_CREDENTIALS:
        return "expected ‘true’ in CORS header "
               "‘Access-Control-Allow-Credentials’).";
    case CORS_BROWSER_NOT_OK:
        return apr_psprintf(p,
                            "CORS preflight response did not succeed). Status "
                            "code: %d.",
                            status);
    case CORS_BROWSER_METHOD:
        return "Did not find method in CORS header "
               "‘Access-Control-Allow-Methods’).";
    case CORS_BROWSER_HEADER:
        return apr_psprintf(p,
                            "header ‘%s’ is not allowed according to header "
                            "‘Access-Control-Allow-Headers’ from CORS "
                            "preflight response).",
                            blocked->header);
    default:
        return apr_psprintf(p,
                            "CORS header ‘Access-Control-Allow-Origin’ "
                            "missing). Status code: %d.",
                            status);
    }
}

const char *cors_sentence_firefox(const cors_blocked_t *blocked, apr_pool_t *p)
{
    int quotes = blocked->why == CORS_BROWSER_ANY_ORIGIN;

    if (blocked->why == CORS_BROWSER_ALLOWS) {
        return NULL;
    }
    return apr_psprintf(p,
                        "Cross-Origin Request Blocked: The Same Origin Policy "
                        "disallows reading the remote resource at %s%s%s. "
                        "(Reason: %s",
                        quotes ? "‘" : "", blocked->url, quotes ? "’" : "",
                        firefox_reason(blocked, p));
}
