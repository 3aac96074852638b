/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/name_advice.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "grammar/advice.h"
#include "grammar/bytes.h"
#include "grammar/token.h"

/* Names with a hyphen that scripts use, and those of one word, so that blanks
 * between names can be told from blanks within one. */
static const char *const known_fields[] = { "Accept",
                                            "Accept-Encoding",
                                            "Accept-Language",
                                            "Accept-Ranges",
                                            "Age",
                                            "Allow",
                                            "Authorization",
                                            "Cache-Control",
                                            "Content-Disposition",
                                            "Content-Encoding",
                                            "Content-Language",
                                            "Content-Length",
                                            "Content-Location",
                                            "Content-Range",
                                            "Content-Type",
                                            "Cookie",
                                            "Date",
                                            "Depth",
                                            "Destination",
                                            "ETag",
                                            "Expires",
                                            "If-Match",
                                            "If-Modified-Since",
                                            "If-None-Match",
                                            "If-Range",
                                            "If-Unmodified-Since",
                                            "Last-Event-ID",
                                            "Last-Modified",
                                            "Link",
                                            "Location",
                                            "Origin",
                                            "Pragma",
                                            "Prefer",
                                            "Range",
                                            "Retry-After",
                                            "Server-Timing",
                                            "Set-Cookie",
                                            "Traceparent",
                                            "Tracestate",
                                            "User-Agent",
                                            "WWW-Authenticate",
                                            "X-API-Key",
                                            "X-Auth-Token",
                                            "X-CSRF-Token",
                                            "X-HTTP-Method-Override",
                                            "X-Request-ID",
                                            "X-Requested-With",
                                            "X-XSRF-Token",
                                            NULL };

static const char *const known_methods[] = { "BASELINE-CONTROL", "M-SEARCH",
                                             "VERSION-CONTROL", NULL };

static const char *upper_case(const char *arg, apr_pool_t *p)
{
    char *upper = apr_pstrdup(p, arg);
    char *s;

    for (s = upper; *s; s++) {
        *s = (char)(CORS_IS(*s, CORS_BYTE_LOWER) ? *s - ('a' - 'A') : *s);
    }
    return upper;
}

/* Returns what to write for one name, or NULL if nobody can tell. */
static const char *mend_name(const char *arg, int kind, apr_pool_t *p)
{
    if (strcmp(arg, "*") == 0) {
        return arg;
    }
    if (apr_cstr_casecmp(arg, "none") == 0) {
        return kind == CORS_NAMES_METHODS ? NULL : arg;
    }
    switch (cors_name_check(arg, (cors_name_kind_e)kind)) {
    case CORS_NAME_OK:
        return arg;
    case CORS_NAME_CASE:
        return upper_case(arg, p);
    case CORS_NAME_ANY:
        return "*";
    default:
        return NULL;
    }
}

/* Returns the well-known name of this kind that is equal in any case, or NULL.
 */
static const char *find_known(const char *name, int kind)
{
    const char *const *known = kind == CORS_NAMES_METHODS ? known_methods
                                                          : known_fields;

    while (*known && !cors_name_is_same(name, *known)) {
        known++;
    }
    return *known;
}

/* Returns what to write for a word that a blank separates from others.  A word
 * that no header has, such as Type, may be half a name. */
static const char *mend_whole(const char *word, int kind, apr_pool_t *p)
{
    int is_whole = kind == CORS_NAMES_METHODS || strpbrk(word, "-*")
                   || apr_cstr_casecmp(word, "none") == 0
                   || find_known(word, kind);

    return is_whole ? mend_name(word, kind, p) : NULL;
}

static const char *keep(const char *word, int kind, apr_pool_t *p)
{
    return word;
}

/* Corrects what stands between commas: one name, also with blanks in place of
 * its hyphens, or several names. */
static const char *mend_part(const char *part, int kind, apr_pool_t *p)
{
    const char *known;
    char *joined, *s;

    if (!strpbrk(part, " \t")) {
        return mend_name(part, kind, p);
    }
    joined = apr_pstrdup(p, cors_advice_mend(part, " \t", keep, kind, p));
    for (s = joined; *s; s++) {
        *s = (char)(*s == ' ' ? '-' : *s);
    }
    known = find_known(joined, kind);
    return known ? mend_name(known, kind, p)
                 : cors_advice_mend(part, " \t", mend_whole, kind, p);
}

/* "*" does not cover Authorization, which may stand beside it
 * (https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name). */
static const char *mend_list(const char *text, cors_name_kind_e kind,
                             apr_pool_t *p)
{
    const char *words = cors_advice_mend(text, ",;", mend_part, (int)kind, p);
    const char *beside = kind == CORS_NAMES_ALLOW_HEADERS ? "Authorization"
                                                          : NULL;

    return words && cors_advice_may_be_list(words, beside, p) ? words : NULL;
}

static const char *advise_blank(const char *text, cors_name_kind_e kind,
                                const char *what, apr_pool_t *p)
{
    const char *words = mend_list(text, kind, p);
    const char *sentence = words && !strchr(words, ' ')
                               ? "a %s name has no blank"
                               : "a %s name has no blank, and quotes make one "
                                 "argument of several";

    return cors_advice_write(apr_psprintf(p, sentence, what), words, p);
}

/* Names the first byte that no token has.  If this byte is the last, as in
 * "X-Name:", the name before it is what was meant. */
static const char *explain_byte(const char *arg, cors_name_kind_e kind,
                                const char *what, apr_pool_t *p)
{
    const char *s = arg;
    const char *name;

    while (cors_token_lower[(unsigned char)*s]) {
        s++;
    }
    name = s[1] ? NULL
                : mend_name(apr_pstrmemdup(p, arg, (apr_size_t)(s - arg)),
                            (int)kind, p);
    return apr_psprintf(p, "a %s name has no %s: %s%s", what,
                        cors_advice_byte(*s, p), name ? "write " : "",
                        name ? name : "leave it out");
}

const char *cors_advice_name(const char *name, cors_name_kind_e kind,
                             cors_name_e error, apr_pool_t *p)
{
    const char *what = kind == CORS_NAMES_METHODS ? "method" : "header";

    switch (error) {
    case CORS_NAME_EMPTY:
        return apr_psprintf(p, "a %s name is missing: leave the argument out",
                            what);
    case CORS_NAME_LONG:
        return apr_psprintf(p, "a %s name has at most %d bytes: leave it out",
                            what, CORS_NAME_MAX);
    case CORS_NAME_COMMA:
        return cors_advice_commas(name, mend_list(name, kind, p), p);
    case CORS_NAME_BLANK:
        return advise_blank(name, kind, what, p);
    case CORS_NAME_FORBIDDEN:
        return kind == CORS_NAMES_METHODS
                   ? "browsers let no script use this method: leave it out"
                   : "browsers let no script set this header: leave it out";
    case CORS_NAME_CASE:
        return apr_pstrcat(p, "browsers send it in upper case: write ",
                           upper_case(name, p), NULL);
    case CORS_NAME_ANY:
        return apr_psprintf(p, "* stands for every %s: write *", what);
    case CORS_NAME_HIDDEN:
        return "browsers show it to no script: leave it out";
    case CORS_NAME_RESPONSE:
        return "it is a header of CORS itself, which mod_cors sends: leave "
               "it out";
    case CORS_NAME_BYTE:
    case CORS_NAME_OK:
        break;
    }
    return explain_byte(name, kind, what, p);
}
