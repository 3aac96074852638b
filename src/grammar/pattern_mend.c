/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/pattern_mend.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>
#include <idn2.h>

#include "grammar/address.h"
#include "grammar/bytes.h"
#include "grammar/regex.h"
#include "grammar/slip.h"

/* Texts longer than this are not corrected: the corrected one would be no
 * origin either. */
#define MENDED_MAX (2 * CORS_ORIGIN_MAX)

/* The parts of a text, as far as it has them.  Each part is corrected by
 * itself, in place or by another string. */
typedef struct parts_t {
    char *scheme;     /* "" if there is none */
    const char *wild; /* "*." or "" */
    char *host;
    const char *port; /* ":8080" or "" */
} parts_t;

static void lower_case(char *s)
{
    for (; *s; s++) {
        if (CORS_IS(*s, CORS_BYTE_UPPER)) {
            *s = (char)(*s + ('a' - 'A'));
        }
    }
}

static int is_ipv6(const char *host)
{
    return cors_address_parse_ipv6(host, strlen(host), NULL);
}

/* Puts brackets around an IPv6 address that has none.  What follows the last
 * colon may be a port.  If it may also be a piece of the address, as in
 * ::1:3000, nobody can tell which is meant, and there is no host. */
static void split_ipv6(char *text, parts_t *part, apr_pool_t *p)
{
    const char *port = strrchr(text, ':');
    char *before;

    lower_case(text);
    before = apr_psprintf(p, "[%.*s]", (int)(port - text), text);
    part->host = apr_pstrcat(p, "[", text, "]", NULL);
    if (is_ipv6(before)
        && (strcmp(port, ":*") == 0
            || cors_origin_port(port + 1, strlen(port + 1)))) {
        part->host = is_ipv6(part->host) ? apr_pstrdup(p, "") : before;
        part->port = port;
    }
}

/* Returns the last of several equal ports, with its colon; otherwise ports. */
static const char *drop_twins(const char *ports)
{
    const char *last = strrchr(ports, ':');
    size_t len = strlen(last + 1);
    const char *s;

    for (s = ports; s < last; s += strcspn(s, ":")) {
        s++;
        if (*s != ':'
            && (strcspn(s, ":") != len || memcmp(s, last + 1, len) != 0)) {
            return ports;
        }
    }
    return last;
}

/* Whether the host is one of a cookie for all subdomains, as .example.com. A
 * single label behind the dot is hardly meant. */
static int is_cookie_domain(const char *host)
{
    const char *dot = host[0] == '.' ? strchr(host + 1, '.') : NULL;

    return dot && dot[1] && dot[1] != ':';
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
    if (!*part->wild && is_cookie_domain(host)) {
        part->wild = "*.";
        host++;
    }
    part->host = host;
    part->port = "";
    if (cors_slip_is_bare_ipv6(host)) {
        split_ipv6(host, part, p);
        return;
    }
    colon = strchr(
        host[0] == '[' && strchr(host, ']') ? strchr(host, ']') : host, ':');
    if (colon) {
        part->port = drop_twins(apr_pstrdup(p, colon));
        *colon = '\0';
    }
}

/* The port without leading zeros, or 0. */
static int read_port(const parts_t *part)
{
    const char *digits = part->port + (*part->port == ':');

    digits += strspn(digits, "0");
    return cors_origin_port(digits, strlen(digits));
}

/* Supplies a missing scheme: that of a default port.  Otherwise http for the
 * machine itself, where people develop without TLS, and https for every other
 * host. */
static void mend_scheme(parts_t *part, apr_pool_t *p)
{
    cors_origin_t origin = { "http", part->host, 4, strlen(part->host), 0 };
    int port = read_port(part);

    lower_case(part->scheme);
    if (!*part->scheme) {
        int is_http = port == cors_scheme_port("http", 4)
                      || (port != cors_scheme_port("https", 5)
                          && cors_origin_is_loopback(&origin));

        part->scheme = apr_pstrdup(p, is_http ? "http" : "https");
    }
}

static int is_ascii(const char *s)
{
    while (*s && !((unsigned char)*s & 0x80)) {
        s++;
    }
    return !*s;
}

static void mend_host_name(parts_t *part, apr_pool_t *p)
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

/* Drops leading zeros, an empty port and the default port. */
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

/* Corrects every part at once.  Returns NULL if the result is no pattern, or
 * if the path is a URL, which may be a second origin. */
static const char *mend_parts(const char *text, apr_pool_t *p)
{
    cors_pattern_t ignored;
    const char *mended;
    parts_t part;

    if (cors_slip_has_url_path(text)) {
        return NULL;
    }
    split(text, &part, p);
    lower_case(part.host);
    mend_host_name(&part, p);
    mend_scheme(&part, p);
    mend_address(&part, p);
    mend_port(&part, p);
    mended = apr_pstrcat(p, part.scheme, "://", part.wild, part.host,
                         part.port, NULL);
    return cors_pattern_parse(mended, &ignored) == CORS_PATTERN_OK ? mended
                                                                   : NULL;
}

/* Whether the host before any port or path is an IPv4 address to browsers, but
 * not in its canonical form. */
static int is_odd_ipv4(const char *text)
{
    apr_size_t len = strcspn(text, ":/");
    unsigned int address;
    char printed[CORS_IPV4_ROOM];

    if (strchr(text, ':') != strrchr(text, ':')
        || !cors_address_is_ipv4_like(text, len)
        || !cors_address_parse_ipv4(text, len, &address)) {
        return 0;
    }
    cors_address_print_ipv4(address, printed);
    return strlen(printed) != len || memcmp(text, printed, len) != 0;
}

/* Without a scheme, a user name is more likely a mail address, and a short
 * address a number of something else. */
static const char *mend_bare(const char *text, apr_pool_t *p)
{
    return strchr(text, '@') || is_odd_ipv4(text) ? NULL : mend_parts(text, p);
}

/* Corrects a text that may need it. */
static const char *mend_text(const char *text, apr_pool_t *p)
{
    cors_pattern_t ignored;
    cors_pattern_e error = cors_pattern_parse(text, &ignored);

    return error == CORS_PATTERN_OK ? text : cors_pattern_mend(text, error, p);
}

/* Puts scheme and "://" before rest, and corrects the result. */
static const char *mend_rest(const char *scheme, const char *rest,
                             apr_pool_t *p)
{
    return mend_text(apr_pstrcat(p, scheme, "://", rest, NULL), p);
}

/* A host without a dot is hardly the whole of an origin that another follows,
 * as in http://www.https://a.example. */
static const char *mend_joined(const char *text, apr_pool_t *p)
{
    const char *place = cors_slip_second(text);
    const char *second = mend_text(place, p);
    const char *first = mend_text(
        apr_pstrmemdup(p, text, (apr_size_t)(place - text)), p);

    return first && cors_slip_has_likely_host(first) && second
                   && cors_slip_has_likely_host(second)
               ? apr_pstrcat(p, first, " ", second, NULL)
               : NULL;
}

/* Takes http and https for granted, and no other scheme.  Drops the second
 * scheme of https://https://a; two different ones leave open which is meant.
 */
static const char *mend_slashes(const char *text, apr_pool_t *p)
{
    apr_size_t scheme = cors_slip_web_scheme(text);
    const char *rest = text + scheme + cors_slip_separator(text + scheme);

    if (!scheme) {
        return NULL;
    }
    while (cors_slip_is_twice(rest)) {
        if (cors_slip_web_scheme(rest) != scheme) {
            return NULL;
        }
        rest += scheme + cors_slip_separator(rest + scheme);
    }
    return mend_rest(scheme == 5 ? "https" : "http", rest, p);
}

/* Returns the http or https origin of the host: most often its page opens the
 * WebSocket. */
static const char *mend_socket(const char *text, apr_pool_t *p)
{
    const char *colon = strchr(text, ':');

    return mend_rest(colon - text == 3 ? "https" : "http",
                     colon + cors_slip_separator(colon), p);
}

static const char *mend_blob(const char *text, apr_pool_t *p)
{
    const char *url = strchr(text, ':') + 1;
    apr_size_t scheme = cors_slip_web_scheme(url);

    return scheme && strncmp(url + scheme, "://", 3) == 0
               ? mend_rest(scheme == 5 ? "https" : "http", url + scheme + 3, p)
               : NULL;
}

const char *cors_pattern_mend(const char *text, cors_pattern_e error,
                              apr_pool_t *p)
{
    if (strlen(text) > MENDED_MAX) {
        return NULL;
    }
    if (apr_cstr_casecmp(text, "null") == 0) {
        return "null";
    }
    switch (error) {
    case CORS_PATTERN_ANY_WORD:
        return "*";
    case CORS_PATTERN_NO_SCHEME:
        return mend_bare(text, p);
    case CORS_PATTERN_BEFORE:
        return cors_slip_may_drop(text)
                   ? mend_text(cors_slip_late_scheme(text), p)
                   : NULL;
    case CORS_PATTERN_JOINED:
        return mend_joined(text, p);
    case CORS_PATTERN_SLASHES:
        return mend_slashes(text, p);
    case CORS_PATTERN_SOCKET:
        return mend_socket(text, p);
    case CORS_PATTERN_BLOB:
        return mend_blob(text, p);
    case CORS_PATTERN_REGEX:
        return cors_regex_mend(text, p);
    case CORS_PATTERN_PATH:
    case CORS_PATTERN_USER:
    case CORS_PATTERN_CASE:
    case CORS_PATTERN_WILDCARD:
    case CORS_PATTERN_IDN:
    case CORS_PATTERN_DOT:
    case CORS_PATTERN_FIRST_DOT:
    case CORS_PATTERN_ADDRESS_FORM:
    case CORS_PATTERN_BRACKETS:
    case CORS_PATTERN_PORT:
    case CORS_PATTERN_PORTS:
    case CORS_PATTERN_PORT_DEFAULT:
        return mend_parts(text, p);
    default:
        return NULL;
    }
}
