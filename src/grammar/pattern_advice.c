/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/pattern_advice.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>
#include <idn2.h>

#include "grammar/address.h"
#include "grammar/advice.h"
#include "grammar/bytes.h"

/* Longer texts are not worth repeating in a message. */
#define MENDED_MAX (2 * CORS_ORIGIN_MAX)

/* A text taken apart as far as it goes.  Each part is mended by itself, in
 * place or by another string. */
typedef struct parts_t {
    char *scheme;     /* "" if there is none */
    const char *wild; /* "*." or "" */
    char *host;
    const char *port; /* ":8080" or "" */
} parts_t;

static void lower(char *s)
{
    for (; *s; s++) {
        if (CORS_IS(*s, CORS_BYTE_UPPER)) {
            *s = (char)(*s + ('a' - 'A'));
        }
    }
}

static void split(const char *text, parts_t *part, apr_pool_t *p)
{
    const char *sep = strstr(text, "://");
    const char *rest = sep ? sep + 3 : text + strspn(text, "/");
    char *host = apr_pstrmemdup(p, rest, strcspn(rest, "/?#\\"));
    char *user = strrchr(host, '@');
    char *colon;

    part->scheme = apr_pstrmemdup(p, text, sep ? (apr_size_t)(sep - text) : 0);
    if (user) {
        host = user + 1;
    }
    part->wild = "";
    while (strncmp(host, "*.", 2) == 0) {
        part->wild = "*.";
        host += 2;
    }
    part->host = host;
    part->port = "";
    if (host[0] != '[' && strchr(host, ':') != strrchr(host, ':')) {
        part->host = apr_pstrcat(p, "[", host, "]", NULL);
        return;
    }
    colon = strchr(
        host[0] == '[' && strchr(host, ']') ? strchr(host, ']') : host, ':');
    if (colon) {
        part->port = apr_pstrdup(p, colon);
        *colon = '\0';
    }
}

/* Where a scheme is missing it is https, but for the machine itself, where
 * people develop without. */
static void mend_scheme(parts_t *part, apr_pool_t *p)
{
    apr_size_t len = strlen(part->host);
    int local = strncmp(part->host, "127.", 4) == 0
                || strcmp(part->host, "[::1]") == 0
                || (len >= 9 && !strcmp(part->host + len - 9, "localhost"));

    lower(part->scheme);
    if (!*part->scheme) {
        part->scheme = apr_pstrdup(p, local ? "http" : "https");
    }
}

static int is_ascii(const char *s)
{
    while (*s && !((unsigned char)*s & 0x80)) {
        s++;
    }
    return !*s;
}

static void mend_name(parts_t *part, apr_pool_t *p)
{
    apr_size_t len = strlen(part->host);
    char *ascii = NULL;

    while (len && part->host[len - 1] == '.') {
        part->host[--len] = '\0';
    }
    if (!is_ascii(part->host)
        && idn2_to_ascii_8z(part->host, &ascii, IDN2_NONTRANSITIONAL)
               == IDN2_OK) {
        part->host = apr_pstrdup(p, ascii);
    }
    idn2_free(ascii);
}

static void mend_address(parts_t *part, apr_pool_t *p)
{
    apr_size_t len = strlen(part->host);
    unsigned char ipv6[16];
    unsigned int ipv4;

    if (cors_address_parse_ipv6(part->host, len, ipv6)) {
        part->host = apr_palloc(p, CORS_IPV6_ROOM);
        cors_address_print_ipv6(ipv6, part->host);
    }
    else if (cors_scheme_port(part->scheme, strlen(part->scheme))
             && cors_address_is_ipv4_like(part->host, len)
             && cors_address_parse_ipv4(part->host, len, &ipv4)) {
        part->host = apr_palloc(p, CORS_IPV4_ROOM);
        cors_address_print_ipv4(ipv4, part->host);
    }
}

/* Drops leading zeros, an empty port and the scheme's own. */
static void mend_port(parts_t *part, apr_pool_t *p)
{
    const char *digits = part->port + (*part->port == ':');
    int port;

    if (strcmp(digits, "*") == 0) {
        return;
    }
    digits += strspn(digits, "0");
    port = cors_origin_port(digits, strlen(digits));
    if (!*part->port || !part->port[1]
        || (port
            && port == cors_scheme_port(part->scheme, strlen(part->scheme)))) {
        part->port = "";
    }
    else {
        part->port = apr_pstrcat(p, ":", digits, NULL);
    }
}

/* The text with all that can be mended mended, or NULL if that is still no
 * pattern. */
static const char *mend(const char *text, apr_pool_t *p)
{
    cors_pattern_t ignored;
    const char *mended;
    parts_t part;

    if (strlen(text) > MENDED_MAX) {
        return NULL;
    }
    if (apr_cstr_casecmp(text, "null") == 0) {
        return "null";
    }
    split(text, &part, p);
    lower(part.host);
    mend_name(&part, p);
    mend_scheme(&part, p);
    mend_address(&part, p);
    mend_port(&part, p);
    mended = apr_pstrcat(p, part.scheme, "://", part.wild, part.host,
                         part.port, NULL);
    return cors_pattern_parse(mended, &ignored) == CORS_PATTERN_OK ? mended
                                                                   : NULL;
}

/* The first byte that can stand in no scheme, or in no host. */
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

/* What each error means.  The sentences of the second kind already ask for
 * what is then shown. */
static const char *explain(const char *text, cors_pattern_e error, int *asks,
                           apr_pool_t *p)
{
    *asks = 0;
    switch (error) {
    case CORS_PATTERN_NO_SCHEME:
        return "a scheme is missing";
    case CORS_PATTERN_SCHEME:
        return apr_pstrcat(p, "a scheme has no ", stray_byte(text, 1, p),
                           ": it is a letter, then letters, digits, +, - "
                           "or .",
                           NULL);
    case CORS_PATTERN_SCHEME_LONG:
        return "a scheme has at most 64 bytes";
    case CORS_PATTERN_FILE:
        return "browsers send null for file URLs: serve the page by http or "
               "https, and write the origin that it then has";
    case CORS_PATTERN_NO_HOST:
        return "a host is missing";
    case CORS_PATTERN_PATH:
        return "an origin has no path";
    case CORS_PATTERN_USER:
        return "an origin has no user information";
    case CORS_PATTERN_CASE:
        return "browsers send it in lower case";
    case CORS_PATTERN_WILDCARD:
        return "* may only stand for whole labels at the left of a host "
               "name, or for the port";
    case CORS_PATTERN_HOST:
        return apr_pstrcat(p, "a host has no ", stray_byte(text, 0, p),
                           ": it is letters, digits, -, . and _", NULL);
    case CORS_PATTERN_IDN:
        *asks = 1;
        return "write the host in its ASCII form";
    case CORS_PATTERN_PUNYCODE:
        return "a label that begins with xn-- is not valid Punycode";
    case CORS_PATTERN_DOT:
        *asks = 1;
        return "write it without the dot at the end";
    case CORS_PATTERN_EMPTY_LABEL:
        return "a label is empty: one of two dots is too many";
    case CORS_PATTERN_LABEL_LONG:
        return "a label of a host has at most 63 bytes";
    case CORS_PATTERN_HOST_LONG:
        return "a host has at most 253 bytes";
    case CORS_PATTERN_ADDRESS:
        return "that is not an address";
    case CORS_PATTERN_ADDRESS_FORM:
        *asks = 1;
        return "write the address in its canonical form";
    case CORS_PATTERN_BRACKETS:
        return "an IPv6 address stands in brackets";
    case CORS_PATTERN_ADDRESS_WILD:
        return "an address has no subdomains";
    case CORS_PATTERN_PORT:
        return "a port is 1 to 65535 without leading zeros";
    case CORS_PATTERN_PORT_DEFAULT:
        return "browsers leave the default port out";
    case CORS_PATTERN_COMMA:
    case CORS_PATTERN_BLANK:
    case CORS_PATTERN_OK:
        break;
    }
    return "that is not an origin";
}

/* Whether what was mended can be trusted to be what was meant. */
static int can_mend(cors_pattern_e error)
{
    return error != CORS_PATTERN_FILE && error != CORS_PATTERN_ADDRESS
           && error != CORS_PATTERN_ADDRESS_WILD
           && error != CORS_PATTERN_EMPTY_LABEL;
}

/* An origin among others, which "none" can't be. */
static const char *mend_origin(const char *word, int kind, apr_pool_t *p)
{
    cors_pattern_t ignored;
    cors_pattern_e error = cors_pattern_parse(word, &ignored);

    if (error == CORS_PATTERN_OK) {
        return word;
    }
    return can_mend(error) && apr_cstr_casecmp(word, "none") != 0
               ? mend(word, p)
               : NULL;
}

const char *cors_advice_origin(const char *text, cors_pattern_e error,
                               apr_pool_t *p)
{
    const char *mended = can_mend(error) ? mend(text, p) : NULL;
    const char *what;
    int asks;

    if (error == CORS_PATTERN_COMMA) {
        return cors_advice_commas(text, mend_origin, 0, p);
    }
    if (error == CORS_PATTERN_BLANK) {
        return cors_advice_separate(
            "an origin has no blank, and quotes make one "
            "argument of several",
            text, mend_origin, 0, p);
    }
    what = explain(text, error, &asks, p);
    if (!mended) {
        return error == CORS_PATTERN_WILDCARD
                   ? apr_pstrcat(p, what,
                                 ", as in https://*.example.com or "
                                 "http://localhost:*",
                                 NULL)
                   : what;
    }
    return apr_pstrcat(p, what, asks ? ": " : ": write ", mended, NULL);
}
