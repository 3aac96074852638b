/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/pattern_advice.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "grammar/advice.h"
#include "grammar/bytes.h"
#include "grammar/pattern_mend.h"
#include "grammar/slip.h"

/* Ends a sentence where nobody can tell which origin is meant. */
#define WHOLE "write the whole origin, as in https://app.example.com"

/* Each error has a sentence, and a hint that ends the sentence if there is no
 * pattern to write instead.  %s is the byte that may not stand there. */
static const struct {
    const char *wrong;
    const char *hint;
} sentences[] = {
    [CORS_PATTERN_NO_SCHEME] = { "the scheme is missing", WHOLE },
    [CORS_PATTERN_SCHEME] = { "a scheme has no %s",
                              "write a letter, then letters, digits, +, - "
                              "or ." },
    [CORS_PATTERN_SCHEME_LONG] = { "a scheme has at most 64 bytes", WHOLE },
    [CORS_PATTERN_NO_HOST] = { "the host is missing", WHOLE },
    /* A trailing slash is a path. */
    [CORS_PATTERN_PATH] = { "an origin has no path", WHOLE },
    [CORS_PATTERN_USER] = { "an origin has no user information", WHOLE },
    [CORS_PATTERN_CASE] = { "browsers send it in lower case", WHOLE },
    [CORS_PATTERN_WILDCARD] = { "* may only stand for whole labels at the "
                                "left of a host name, or for the port",
                                "write it as in https://*.example.com or "
                                "http://localhost:*" },
    [CORS_PATTERN_HOST] = { "a host has no %s",
                            "write letters, digits, -, . and _" },
    [CORS_PATTERN_IDN] = { "browsers send the host in its ASCII form", WHOLE },
    [CORS_PATTERN_PUNYCODE] = { "a label that begins with xn-- is not valid "
                                "Punycode",
                                WHOLE },
    [CORS_PATTERN_DOT] = { "an origin has no dot at the end", WHOLE },
    [CORS_PATTERN_FIRST_DOT] = { "a host has no dot at the beginning", WHOLE },
    [CORS_PATTERN_EMPTY_LABEL] = { "a label between two dots is empty",
                                   WHOLE },
    [CORS_PATTERN_LABEL_LONG] = { "a label of a host has at most 63 bytes",
                                  WHOLE },
    [CORS_PATTERN_HOST_LONG] = { "a host has at most 253 bytes", WHOLE },
    [CORS_PATTERN_ADDRESS] = { "browsers take a host that ends in a number "
                               "for an IPv4 address, and this is not a valid "
                               "one",
                               WHOLE },
    [CORS_PATTERN_ADDRESS_IPV6] = { "this is not an IPv6 address", WHOLE },
    [CORS_PATTERN_ADDRESS_FORM] = { "browsers send the address in its "
                                    "canonical form",
                                    WHOLE },
    [CORS_PATTERN_BRACKETS] = { "an IPv6 address stands in brackets",
                                "write it as in http://[::1]:3000" },
    [CORS_PATTERN_ADDRESS_WILD] = { "an address has no subdomains", WHOLE },
    [CORS_PATTERN_PORT] = { "a port is 1 to 65535 without leading zeros",
                            WHOLE },
    [CORS_PATTERN_PORTS] = { "an origin has one port", WHOLE },
    [CORS_PATTERN_PORT_DEFAULT] = { "browsers leave out the default port",
                                    WHOLE },
    [CORS_PATTERN_BEFORE] = { "an origin begins with its scheme", WHOLE },
    [CORS_PATTERN_JOINED] = { "a space stands between two origins", WHOLE },
    [CORS_PATTERN_SLASHES] = { "\"://\" stands between scheme and host",
                               WHOLE },
    [CORS_PATTERN_NO_DOT] = { "the scheme is missing, and a host without a "
                              "dot is hardly meant",
                              WHOLE },
    [CORS_PATTERN_ANY_WORD] = { "* stands for every origin", WHOLE },
    [CORS_PATTERN_SELF_WORD] = { "pages of this server itself need no CORS",
                                 "leave it out" },
    [CORS_PATTERN_FILE] = { "browsers send null for file URLs",
                            "serve the page by http or https, and write the "
                            "origin that it then has" },
    [CORS_PATTERN_DATA] = { "browsers send null for such a URL",
                            "serve the page by http or https, and write the "
                            "origin that it then has" },
    [CORS_PATTERN_ABOUT] = { "a page at an about URL has the origin of the "
                             "page that opened it",
                             "write that page's origin" },
    [CORS_PATTERN_BLOB] = { "a blob URL has the origin of the page that made "
                            "it",
                            "write that page's origin" },
    [CORS_PATTERN_SOCKET] = { "no page has the origin of a WebSocket", WHOLE },
    [CORS_PATTERN_FTP] = { "no page has an ftp origin", "leave it out" },
    [CORS_PATTERN_RANGE] = { "an origin is no range of addresses",
                             "write each origin, as in http://10.0.0.1" },
    [CORS_PATTERN_REGEX] = { "an origin is no regular expression",
                             "write each origin, or all subdomains, as in "
                             "https://*.example.com" },
    [CORS_PATTERN_VARIABLE] = { "an origin has no variables",
                                "write each origin, as in "
                                "https://app.example.com" },
};

/* Returns the first byte that may stand in no scheme, or in no host, in words
 * for a message. */
static const char *stray_byte(const char *text, int in_scheme, apr_pool_t *p)
{
    const char *sep = strstr(text, "://");
    const char *s = in_scheme || !sep ? text : sep + 3;

    while (CORS_IS(*s, CORS_BYTE_UPPER)
           || CORS_IS(*s, in_scheme ? CORS_BYTE_SCHEME : CORS_BYTE_HOST)
           || (!in_scheme && *s == '*')) {
        s++;
    }
    return cors_advice_byte(*s, p);
}

static const char *explain_pattern(const char *text, cors_pattern_e error,
                                   apr_pool_t *p)
{
    const char *wrong = sentences[error].wrong;
    const char *place = strstr(wrong, "%s");

    if (error == CORS_PATTERN_SCHEME && CORS_IS(*text, CORS_BYTE_SCHEME)
        && !CORS_IS(*text, CORS_BYTE_LOWER)) {
        return "a scheme begins with a letter";
    }
    return place ? apr_pstrcat(
               p, apr_pstrmemdup(p, wrong, (apr_size_t)(place - wrong)),
               stray_byte(text, error == CORS_PATTERN_SCHEME, p), place + 2,
               NULL)
                 : wrong;
}

/* Corrects one word of a list. */
static const char *mend_origin(const char *word, int kind, apr_pool_t *p)
{
    cors_pattern_t ignored;
    cors_pattern_e error;

    if (strcmp(word, "*") == 0 || apr_cstr_casecmp(word, "none") == 0) {
        return word;
    }
    error = cors_pattern_parse(word, &ignored);
    return error == CORS_PATTERN_OK ? word : cors_pattern_mend(word, error, p);
}

/* Returns the word if an origin or a keyword can begin with it. */
static const char *keep_begin(const char *word, int kind, apr_pool_t *p)
{
    return strstr(word, "://") || cors_slip_web_scheme(word)
                   || strcmp(word, "*") == 0
                   || apr_cstr_casecmp(word, "none") == 0
                   || apr_cstr_casecmp(word, "null") == 0
               ? word
               : NULL;
}

/* Corrects what stands between commas.  Behind a blank, a word without a
 * scheme may be the rest of the host, as in "https://a b.example". */
static const char *mend_part(const char *part, int kind, apr_pool_t *p)
{
    const char *blank = strpbrk(part, " \t");

    if (!blank) {
        return mend_origin(part, kind, p);
    }
    return cors_advice_mend(blank, " \t", keep_begin, kind, p)
               ? cors_advice_mend(part, " \t", mend_origin, kind, p)
               : NULL;
}

static const char *mend_list(const char *text, apr_pool_t *p)
{
    const char *words = cors_advice_mend(text, ",;", mend_part, 0, p);

    return words && cors_advice_may_be_list(words, NULL, p) ? words : NULL;
}

static const char *advise_list(const char *text, cors_pattern_e error,
                               apr_pool_t *p)
{
    const char *words = mend_list(text, p);

    if (error == CORS_PATTERN_COMMA) {
        return cors_advice_commas(text, words, p);
    }
    return cors_advice_write("an origin has no blank, and quotes make one "
                             "argument of several",
                             words, p);
}

const char *cors_advice_origin(const char *text, cors_pattern_e error,
                               apr_pool_t *p)
{
    const char *mended;

    if (error == CORS_PATTERN_COMMA || error == CORS_PATTERN_BLANK) {
        return advise_list(text, error, p);
    }
    mended = cors_pattern_mend(text, error, p);
    return apr_pstrcat(p, explain_pattern(text, error, p),
                       mended ? ": write " : ": ",
                       mended ? mended : sentences[error].hint, NULL);
}
