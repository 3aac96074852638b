/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/sentence.h"

#include <apr_strings.h>
#include <http_protocol.h>

#define INCLUDE " when the request's credentials mode is 'include'."

/* Returns what Chromium prints of a response that the page can read; Firefox
 * and WebKit print nothing. */
static const char *about_status(const cors_blocked_t *blocked, apr_pool_t *p)
{
    return blocked->status >= HTTP_BAD_REQUEST ? apr_psprintf(
               p,
               "Failed to load resource: the server responded with a "
               "status of %d (%s)",
               blocked->status, ap_get_status_line(blocked->status) + 4)
                                               : NULL;
}

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
        return about_status(blocked, p);
    }
    return apr_psprintf(p,
                        "Access to fetch at '%s' from origin '%s' has been "
                        "blocked by CORS policy: %s",
                        blocked->url, blocked->origin,
                        chromium_reason(blocked, p));
}

/* Whoever answers gives its own status, which most often is this one. */
static int status_of(const cors_blocked_t *blocked)
{
    return blocked->status ? blocked->status : HTTP_OK;
}

static const char *firefox_reason(const cors_blocked_t *blocked, apr_pool_t *p)
{
    int status = status_of(blocked);

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

/* WebKit spells a header as the script does. */
static int take_spelling(void *data, const char *name, const char *value)
{
    *(const char **)data = name;
    return 0;
}

static const char *spelled(const cors_blocked_t *blocked)
{
    const char *name = blocked->header;

    apr_table_do(take_spelling, &name, blocked->headers, blocked->header,
                 NULL);
    return name;
}

/* WebKit looks at the status of a preflight before it looks at a header. */
static const char *webkit_sentence(const cors_blocked_t *blocked,
                                   apr_pool_t *p)
{
    int status = status_of(blocked);

    if (blocked->is_preflight && !ap_is_HTTP_SUCCESS(status)) {
        return apr_psprintf(p,
                            "Preflight response is not successful. Status "
                            "code: %d",
                            status);
    }
    switch (blocked->why) {
    case CORS_BROWSER_ANY_ORIGIN:
        return "Cannot use wildcard in Access-Control-Allow-Origin when "
               "credentials flag is true.";
    case CORS_BROWSER_NO_CREDENTIALS:
        return "Credentials flag is true, but "
               "Access-Control-Allow-Credentials is not \"true\".";
    case CORS_BROWSER_METHOD:
        return apr_psprintf(p,
                            "Method %s is not allowed by "
                            "Access-Control-Allow-Methods.",
                            blocked->method);
    case CORS_BROWSER_HEADER:
        return apr_psprintf(p,
                            "Request header field %s is not allowed by "
                            "Access-Control-Allow-Headers.",
                            spelled(blocked));
    default:
        return apr_psprintf(p,
                            "Origin %s is not allowed by "
                            "Access-Control-Allow-Origin. Status code: %d",
                            blocked->origin, status);
    }
}

const char *cors_sentence_webkit(const cors_blocked_t *blocked, apr_pool_t *p)
{
    return blocked->why == CORS_BROWSER_ALLOWS ? NULL
                                               : webkit_sentence(blocked, p);
}
