/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/pattern.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>
#include <idn2.h>

#include "grammar/address.h"
#include "grammar/bytes.h"
#include "grammar/slip.h"

/* Whether browsers can decode the labels that begin with "xn--".  libidn2
 * disallows some characters that browsers accept, such as emoji, so neither
 * IDN2_DISALLOWED nor IDN2_UNASSIGNED is a reason to refuse a host. */
static int is_punycode(const char *host, size_t len)
{
    char text[CORS_HOST_MAX + 1];
    char *ascii = NULL;
    int rv;

    memcpy(text, host, len);
    text[len] = '\0';
    rv = idn2_to_ascii_8z(text, &ascii, IDN2_NONTRANSITIONAL);
    idn2_free(ascii);
    return rv == IDN2_OK || rv == IDN2_DISALLOWED || rv == IDN2_UNASSIGNED;
}

static cors_pattern_e check_byte(unsigned char c)
{
    if (CORS_IS(c, CORS_BYTE_HOST)) {
        return CORS_PATTERN_OK;
    }
    if (c == '*') {
        return CORS_PATTERN_WILDCARD;
    }
    if (CORS_IS(c, CORS_BYTE_UPPER)) {
        return CORS_PATTERN_CASE;
    }
    return c >= 0x80 ? CORS_PATTERN_IDN : CORS_PATTERN_HOST;
}

static cors_pattern_e check_labels(const char *host, size_t len)
{
    size_t start = 0;
    size_t i;
    int punycode = 0;

    for (i = 0; i <= len; i++) {
        if (i < len && host[i] != '.') {
            continue;
        }
        if (i == start) {
            return i == len && len ? CORS_PATTERN_DOT
                                   : CORS_PATTERN_EMPTY_LABEL;
        }
        if (i - start > CORS_LABEL_MAX) {
            return CORS_PATTERN_LABEL_LONG;
        }
        punycode |= i - start >= 4 && memcmp(host + start, "xn--", 4) == 0;
        start = i + 1;
    }
    return punycode && !is_punycode(host, len) ? CORS_PATTERN_PUNYCODE
                                               : CORS_PATTERN_OK;
}

/* Reads an address in its canonical form.  Returns 0 for every other form. */
static int is_canonical_ipv4(const char *host, size_t len,
                             unsigned int *address)
{
    char text[CORS_IPV4_ROOM];

    if (!cors_address_parse_ipv4(host, len, address)) {
        return 0;
    }
    cors_address_print_ipv4(*address, text);
    return strlen(text) == len && memcmp(text, host, len) == 0;
}

static cors_pattern_e check_ipv4(const char *host, size_t len)
{
    unsigned int address;

    if (is_canonical_ipv4(host, len, &address)) {
        return CORS_PATTERN_OK;
    }
    return cors_address_parse_ipv4(host, len, &address)
               ? CORS_PATTERN_ADDRESS_FORM
               : CORS_PATTERN_ADDRESS;
}

static cors_pattern_e check_name(const cors_pattern_t *pattern)
{
    const cors_origin_t *o = &pattern->origin;
    cors_pattern_e rv = CORS_PATTERN_OK;
    size_t i;

    for (i = 0; i < o->host_len && rv == CORS_PATTERN_OK; i++) {
        rv = check_byte((unsigned char)o->host[i]);
    }
    if (rv == CORS_PATTERN_OK
        && o->host_len + (pattern->subdomains ? 2 : 0) > CORS_HOST_MAX) {
        rv = CORS_PATTERN_HOST_LONG;
    }
    if (rv == CORS_PATTERN_OK) {
        rv = o->host[0] == '.' && !pattern->subdomains
                 ? CORS_PATTERN_FIRST_DOT
                 : check_labels(o->host, o->host_len);
    }
    if (rv == CORS_PATTERN_OK && cors_scheme_port(o->scheme, o->scheme_len)
        && cors_address_is_ipv4_like(o->host, o->host_len)) {
        rv = pattern->subdomains ? CORS_PATTERN_ADDRESS_WILD
                                 : check_ipv4(o->host, o->host_len);
    }
    return rv;
}

static cors_pattern_e check_ipv6(const cors_pattern_t *pattern)
{
    const cors_origin_t *o = &pattern->origin;
    unsigned char address[16];
    char lower[CORS_IPV6_ROOM + 8];
    char text[CORS_IPV6_ROOM];
    size_t i;

    if (pattern->subdomains) {
        return CORS_PATTERN_ADDRESS_WILD;
    }
    if (o->host_len >= sizeof(lower)) {
        return CORS_PATTERN_ADDRESS_IPV6;
    }
    for (i = 0; i < o->host_len; i++) {
        int upper = CORS_IS(o->host[i], CORS_BYTE_UPPER);

        lower[i] = (char)(upper ? o->host[i] + ('a' - 'A') : o->host[i]);
    }
    if (!cors_address_parse_ipv6(lower, o->host_len, address)) {
        return CORS_PATTERN_ADDRESS_IPV6;
    }
    cors_address_print_ipv6(address, text);
    return strlen(text) == o->host_len
                   && memcmp(text, o->host, o->host_len) == 0
               ? CORS_PATTERN_OK
               : CORS_PATTERN_ADDRESS_FORM;
}

static cors_pattern_e check_scheme(const char *scheme, size_t len)
{
    size_t i;

    if (len > CORS_SCHEME_MAX) {
        return CORS_PATTERN_SCHEME_LONG;
    }
    for (i = 0; i < len; i++) {
        if (scheme[i] == '*') {
            return CORS_PATTERN_WILDCARD;
        }
        if (CORS_IS(scheme[i], CORS_BYTE_UPPER)) {
            return CORS_PATTERN_CASE;
        }
        if (!CORS_IS(scheme[i], i ? CORS_BYTE_SCHEME : CORS_BYTE_LOWER)) {
            return CORS_PATTERN_SCHEME;
        }
    }
    return cors_slip_scheme(scheme, len);
}

static cors_pattern_e parse_port(const char *text, cors_pattern_t *pattern)
{
    cors_origin_t *o = &pattern->origin;

    if (strcmp(text, "*") == 0) {
        o->port = CORS_PORT_ANY;
        return CORS_PATTERN_OK;
    }
    if (strchr(text, ':')) {
        return CORS_PATTERN_PORTS;
    }
    if (strchr(text, '*')) {
        return CORS_PATTERN_WILDCARD;
    }
    o->port = cors_origin_port(text, strlen(text));
    if (!o->port) {
        return CORS_PATTERN_PORT;
    }
    return o->port == cors_scheme_port(o->scheme, o->scheme_len)
               ? CORS_PATTERN_PORT_DEFAULT
               : CORS_PATTERN_OK;
}

/* Parses the text after "://". */
static cors_pattern_e parse_host(const char *text, cors_pattern_t *pattern)
{
    cors_origin_t *o = &pattern->origin;
    cors_pattern_e rv;
    const char *end;

    if (strchr(text, '@')) {
        return CORS_PATTERN_USER;
    }
    if (strncmp(text, "*.", 2) == 0) {
        pattern->subdomains = 1;
        text += 2;
    }
    o->host = text;
    if (cors_slip_is_bare_ipv6(text)) {
        return CORS_PATTERN_BRACKETS;
    }
    end = text[0] == '[' ? strchr(text, ']') : NULL;
    end = end ? end + 1 : text + strcspn(text, ":");
    o->host_len = (size_t)(end - text);
    if (!o->host_len) {
        return pattern->subdomains ? CORS_PATTERN_WILDCARD
                                   : CORS_PATTERN_NO_HOST;
    }
    rv = text[0] == '[' ? check_ipv6(pattern) : check_name(pattern);
    if (rv != CORS_PATTERN_OK || !*end) {
        return rv;
    }
    return *end == ':' ? parse_port(end + 1, pattern) : CORS_PATTERN_PORT;
}

/* Whether anyone on the network path can impersonate the origin.  No network
 * serves the schemes of installed applications. */
static int is_insecure(const cors_origin_t *o)
{
    return o->scheme_len == 4 && memcmp(o->scheme, "http", 4) == 0
           && !cors_origin_is_loopback(o);
}

/* Parses a text that has neither comma nor blank and is not "null". */
static cors_pattern_e parse_origin(const char *text, cors_pattern_t *pattern)
{
    cors_origin_t *o = &pattern->origin;
    const char *end = strstr(text, "://");
    cors_pattern_e rv;

    if (!end || end == text) {
        return cors_slip_find(text, CORS_PATTERN_NO_SCHEME);
    }
    o->scheme = text;
    o->scheme_len = (size_t)(end - text);
    rv = check_scheme(text, o->scheme_len);
    if (rv == CORS_PATTERN_OK && strpbrk(end + 3, "/?#\\")) {
        rv = CORS_PATTERN_PATH;
    }
    if (rv == CORS_PATTERN_OK) {
        rv = parse_host(end + 3, pattern);
    }
    return rv == CORS_PATTERN_OK ? rv : cors_slip_find(text, rv);
}

cors_pattern_e cors_pattern_parse(const char *text, cors_pattern_t *pattern)
{
    cors_pattern_t found = { { 0 }, 0, 0 };
    cors_pattern_e rv;

    if (cors_slip_is_list(text)) {
        return CORS_PATTERN_COMMA;
    }
    if (strpbrk(text, " \t")) {
        return CORS_PATTERN_BLANK;
    }
    if (strcmp(text, "null") == 0) {
        *pattern = found;
        return CORS_PATTERN_OK;
    }
    if (apr_cstr_casecmp(text, "null") == 0) {
        return CORS_PATTERN_CASE;
    }
    rv = parse_origin(text, &found);
    if (rv == CORS_PATTERN_OK) {
        found.insecure = is_insecure(&found.origin) ? 1 : 0;
        *pattern = found;
    }
    return rv;
}
