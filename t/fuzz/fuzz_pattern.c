/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The pattern parser, and the advice on what it refuses.  The input is one
 * argument of CorsAllowOrigin. */

#include "fuzz.h"

#include <string.h>

#include <arpa/inet.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "grammar/pattern.h"
#include "grammar/pattern_advice.h"

static const char *print(const cors_pattern_t *pattern, apr_pool_t *p)
{
    const cors_origin_t *o = &pattern->origin;
    const char *port = o->port == CORS_PORT_ANY ? ":*"
                       : o->port ? apr_psprintf(p, ":%d", o->port)
                                 : "";

    return !o->host ? "null"
                    : apr_psprintf(p, "%.*s://%s%.*s%s", (int)o->scheme_len,
                                   o->scheme, pattern->subdomains ? "*." : "",
                                   (int)o->host_len, o->host, port);
}

/* An origin that the pattern is there for: a pattern that no browser could
 * ever match helps nobody. */
static const char *example(const cors_pattern_t *pattern, const char *label,
                           const char *port, apr_pool_t *p)
{
    const cors_origin_t *o = &pattern->origin;

    return apr_psprintf(p, "%.*s://%s%.*s%s", (int)o->scheme_len, o->scheme,
                        pattern->subdomains ? label : "", (int)o->host_len,
                        o->host, port);
}

static void check_well_formed(const char *text, const char *pattern)
{
    cors_origin_t origin;

    FUZZ_CHECK(cors_origin_parse(text, strlen(text), &origin)
                   == CORS_ORIGIN_OK,
               "'%s' for '%s'", text, pattern);
}

/* The port that browsers leave out; 0 if the scheme is not special. */
static int default_port(const cors_origin_t *o)
{
    static const struct {
        const char *begin;
        int port;
    } rows[] = { { "http:", 80 },
                 { "https:", 443 },
                 { "ws:", 80 },
                 { "wss:", 443 },
                 { "ftp:", 21 } };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (strncmp(o->scheme, rows[i].begin, strlen(rows[i].begin)) == 0) {
            return rows[i].port;
        }
    }
    return 0;
}

/* Where the last label is a number, browsers take the host for an address, and
 * send it as inet_pton() wants it. */
static void check_ipv4(const cors_pattern_t *pattern, apr_pool_t *p)
{
    const cors_origin_t *o = &pattern->origin;
    const char *text = apr_pstrmemdup(p, o->host, o->host_len);
    const char *dot = strrchr(text, '.');
    const char *last = dot ? dot + 1 : text;
    unsigned char address[4];

    if (strspn(last, "0123456789") == strlen(last)) {
        FUZZ_CHECK(!pattern->subdomains
                       && inet_pton(AF_INET, text, address) == 1,
                   "%s", text);
    }
}

/* Browsers send an IPv6 address as inet_ntop() prints it, but for the last
 * 32 bits, which they never write as an IPv4 address. */
static void check_ipv6(const cors_pattern_t *pattern, apr_pool_t *p)
{
    const cors_origin_t *o = &pattern->origin;
    const char *text = apr_pstrmemdup(p, o->host + 1, o->host_len - 2);
    char printed[INET6_ADDRSTRLEN] = "";
    unsigned char address[16];

    FUZZ_CHECK(!strchr(text, '.') && inet_pton(AF_INET6, text, address) == 1,
               "%s", text);
    inet_ntop(AF_INET6, address, printed, sizeof(printed));
    FUZZ_CHECK(strchr(printed, '.') || strcmp(printed, text) == 0,
               "%s, not %s", text, printed);
}

static void check_taken(const char *text, const cors_pattern_t *pattern,
                        apr_pool_t *p)
{
    const cors_origin_t *o = &pattern->origin;

    FUZZ_CHECK(strcmp(print(pattern, p), text) == 0, "'%s' from '%s'",
               print(pattern, p), text);
    if (!o->host) {
        return;
    }
    FUZZ_CHECK(!strpbrk(text, ", \t\r\n/?#@\\")
                   || strpbrk(text, "/") == o->scheme + o->scheme_len + 1,
               "'%s'", text);
    if (default_port(o)) {
        FUZZ_CHECK(o->port != default_port(o), "'%s'", text);
        check_ipv4(pattern, p);
    }
    if (o->host[0] == '[') {
        check_ipv6(pattern, p);
    }
    if (o->port == CORS_PORT_ANY) {
        check_well_formed(example(pattern, "a.", "", p), text);
        check_well_formed(example(pattern, "a.", ":65535", p), text);
    }
    else {
        const char *colon = strrchr(text, ':');

        check_well_formed(example(pattern, "a.", o->port ? colon : "", p),
                          text);
    }
}

/* The parser takes it, or the list does before it. */
static int is_taken(const char *word)
{
    cors_pattern_t ignored;

    return apr_cstr_casecmp(word, "inherit") == 0 || strcmp(word, "*") == 0
           || apr_cstr_casecmp(word, "none") == 0
           || cors_pattern_parse(word, &ignored) == CORS_PATTERN_OK;
}

/* Whether the advice ends in words, and not in an origin. */
static int is_prose(const char *advice)
{
    return strstr(advice, "write letters") || strstr(advice, "write a letter")
           || strstr(advice, "write that page's origin")
           || strstr(advice, "write the origin that it then has");
}

/* Whether the origins are examples for any text. */
static int is_example(const char *advice)
{
    return strstr(advice, " as in ") != NULL;
}

/* The bytes of the text that may make a host, in lower case, without dots,
 * escapes and digits: what a suggestion has to be made of. */
static const char *letters(const char *text, apr_pool_t *p)
{
    char *kept = apr_pstrdup(p, text);
    char *end = kept;

    for (; *text; text++) {
        if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')) {
            *end++ = (char)(*text | 0x20);
        }
    }
    *end = '\0';
    return kept;
}

static int is_ascii(const char *text)
{
    while (*text && !((unsigned char)*text & 0x80)) {
        text++;
    }
    return !*text;
}

/* A suggestion names no other host than the text: its letters are written
 * there, in this order.  Addresses have other digits, and IDN other letters.
 */
static void check_host(const char *text, const char *word, apr_pool_t *p)
{
    cors_pattern_t pattern;

    if (!is_ascii(text)
        || cors_pattern_parse(word, &pattern) != CORS_PATTERN_OK
        || !pattern.origin.host || pattern.origin.host[0] == '[') {
        return;
    }
    FUZZ_CHECK(strstr(letters(text, p),
                      letters(apr_pstrmemdup(p, pattern.origin.host,
                                             pattern.origin.host_len),
                              p)),
               "'%s' for '%s'", word, text);
}

/* Whether a host in the text begins with a dot, as for a cookie. */
static int has_first_dot(const char *text)
{
    const char *dot = text;

    while ((dot = strchr(dot, '.'))) {
        if (dot == text || strchr("/\\:;,@ \t", dot[-1])) {
            return 1;
        }
        dot++;
    }
    return 0;
}

/* A suggestion stands for all subdomains or ports only if the text has a
 * wildcard. */
static void check_width(const char *text, const char *word)
{
    FUZZ_CHECK(!strchr(word, '*') || strpbrk(text, "*+([")
                   || has_first_dot(text) || strlen(word) == 1,
               "'%s' for '%s'", word, text);
}

/* Whatever the advice says to write is taken, and is what the text means. */
static void check_advice(const char *text, const char *advice, apr_pool_t *p)
{
    static const char write[] = "write ";
    const char *to_write = strstr(advice, write);
    int example = is_example(advice);
    char *state;
    char *word;

    if (!to_write || (example && !strstr(to_write, "://"))) {
        return;
    }
    word = apr_strtok(apr_pstrdup(p, to_write + sizeof(write) - 1), " ",
                      &state);
    FUZZ_CHECK(word, "'%s' on '%s'", advice, text);
    for (; word; word = apr_strtok(NULL, " ", &state)) {
        if (example ? strstr(word, "://") != NULL : !is_prose(advice)) {
            FUZZ_CHECK(is_taken(word), "'%s' on '%s'", advice, text);
        }
        if (!example) {
            check_host(text, word, p);
            check_width(text, word);
        }
    }
}

static void check_refused(const char *text, cors_pattern_e error,
                          apr_pool_t *p)
{
    const char *advice = cors_advice_origin(text, error, p);

    FUZZ_CHECK(advice && *advice, "error %d of '%s'", error, text);
    check_advice(text, advice, p);
}

void fuzz_one(const char *bytes, size_t len, apr_pool_t *p)
{
    static const cors_pattern_t before = { { "-", "-", 1, 1, 77 }, 1, 0 };
    /* The argument ends at the first NUL, and so does its block. */
    const char *text = apr_pstrdup(p, apr_pstrmemdup(p, bytes, len));
    cors_pattern_t pattern = before;
    cors_pattern_e error = cors_pattern_parse(text, &pattern);

    if (error == CORS_PATTERN_OK) {
        check_taken(text, &pattern, p);
        return;
    }
    FUZZ_CHECK(pattern.origin.scheme == before.origin.scheme
                   && pattern.origin.port == before.origin.port,
               "written for '%s'", text);
    check_refused(text, error, p);
}
