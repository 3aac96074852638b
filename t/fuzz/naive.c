/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "naive.h"

#include <string.h>
#include <strings.h>

#include <arpa/inet.h>

#include <apr_strings.h>

/* Bytes in a longer text. */
typedef struct span_t {
    const char *at;
    size_t len;
} span_t;

/* An origin or a pattern. */
typedef struct parts_t {
    span_t scheme;
    span_t host; /* with "*." and brackets */
    span_t port; /* empty if there is none */
} parts_t;

static parts_t split(const char *text)
{
    const char *sep = strstr(text, "://");
    const char *host = sep ? sep + 3 : text + strlen(text);
    const char *colon = strrchr(host, ':');
    const char *end = colon && !strchr(colon, ']') ? colon
                                                   : host + strlen(host);
    parts_t part = { { text, (size_t)(sep ? sep - text : host - text) },
                     { host, (size_t)(end - host) },
                     { end, strlen(end) } };

    return part;
}

static int is(span_t span, const char *text)
{
    return span.len == strlen(text) && memcmp(span.at, text, span.len) == 0;
}

static int same(span_t a, span_t b)
{
    return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static int ends_with(span_t span, span_t end)
{
    return span.len >= end.len
           && memcmp(span.at + span.len - end.len, end.at, end.len) == 0;
}

static int ends_with_text(span_t span, const char *text)
{
    span_t end = { text, strlen(text) };

    return ends_with(span, end);
}

static int is_wild(span_t host)
{
    return host.len > 2 && memcmp(host.at, "*.", 2) == 0;
}

static span_t after(span_t span, size_t bytes)
{
    span_t rest = { span.at + bytes, span.len - bytes };

    return rest;
}

static int is_below(span_t host, span_t pattern)
{
    return is_wild(pattern) && host.len >= pattern.len
           && ends_with(host, after(pattern, 1));
}

int naive_allows(const char *pattern, const char *origin)
{
    parts_t want = split(pattern);
    parts_t have = split(origin);

    return same(want.scheme, have.scheme)
           && (is(want.port, ":*") || same(want.port, have.port))
           && (same(want.host, have.host) || is_below(have.host, want.host));
}

/* A pattern read as an origin is as good as all that it stands for: it
 * stands below what they stand below, and has their port or any. */
int naive_covers(const char *wide, const char *narrow)
{
    return naive_allows(wide, narrow);
}

/* The host without what stands for its subdomains. */
static span_t base_host(const char *pattern)
{
    span_t host = split(pattern).host;

    return is_wild(host) ? after(host, 2) : host;
}

/* inet_pton() takes four decimal numbers without leading zeros. */
static int is_loopback(span_t host)
{
    char text[16] = "";
    unsigned char address[4];

    if (host.len < sizeof(text)) {
        memcpy(text, host.at, host.len);
    }
    return is(host, "localhost") || ends_with_text(host, ".localhost")
           || is(host, "[::1]")
           || (inet_pton(AF_INET, text, address) == 1 && address[0] == 127);
}

int naive_is_insecure(const char *pattern)
{
    return is(split(pattern).scheme, "http")
           && !is_loopback(base_host(pattern));
}

/* suffixes.txt, by hand. */
int naive_is_below_suffix(const char *pattern)
{
    span_t host = base_host(pattern);

    return is_wild(split(pattern).host)
           && (is(host, "com") || is(host, "io") || is(host, "github.io")
               || is(host, "ck")
               || (ends_with_text(host, ".ck") && !is(host, "www.ck")
                   && !memchr(host.at, '.', host.len - 3)));
}

static void push(apr_array_header_t *texts, span_t scheme, const char *label,
                 span_t host, const char *port)
{
    APR_ARRAY_PUSH(texts, const char *) = apr_psprintf(
        texts->pool, "%.*s://%s%.*s%s", (int)scheme.len, scheme.at, label,
        (int)host.len, host.at, port);
}

apr_array_header_t *naive_candidates(const char *pattern, apr_pool_t *p)
{
    static const char *const labels[] = { "", "a.", "a.b.", "a", "." };
    static const span_t other = { "app", 3 };
    apr_array_header_t *texts = apr_array_make(p, 32, sizeof(const char *));
    parts_t part = split(pattern);
    span_t host = base_host(pattern);
    const char *port = is(part.port, ":*") ? ":1" : part.port.at;
    size_t i;

    APR_ARRAY_PUSH(texts, const char *) = pattern;
    for (i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
        push(texts, part.scheme, labels[i], host, port);
        push(texts, part.scheme, labels[i], host, "");
        push(texts, part.scheme, labels[i], host, ":65535");
        push(texts, other, labels[i], host, port);
        push(texts, part.scheme, labels[i], after(host, host.len > 0), port);
    }
    return texts;
}

int naive_is_token(const char *text)
{
    static const char bytes[] = "!#$%&'*+-.^_`|~0123456789"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz";

    return *text && strspn(text, bytes) == strlen(text);
}

int naive_has(const apr_array_header_t *words, const char *text)
{
    int i;

    for (i = 0; i < words->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(words, i, const char *), text) == 0) {
            return 1;
        }
    }
    return 0;
}

int naive_has_in_any_case(const apr_array_header_t *words, const char *text)
{
    int i;

    for (i = 0; i < words->nelts; i++) {
        if (strcasecmp(APR_ARRAY_IDX(words, i, const char *), text) == 0) {
            return 1;
        }
    }
    return 0;
}

static const char *trim(const char *text, size_t len, apr_pool_t *p)
{
    while (len && strchr(" \t", text[len - 1])) {
        len--;
    }
    while (len && strchr(" \t", *text)) {
        text++;
        len--;
    }
    return apr_pstrmemdup(p, text, len);
}

apr_array_header_t *naive_elements(const char *value, apr_pool_t *p)
{
    apr_array_header_t *elements = apr_array_make(p, 16, sizeof(const char *));

    for (;;) {
        size_t len = strcspn(value, ",");
        const char *element = trim(value, len, p);

        if (*element) {
            APR_ARRAY_PUSH(elements, const char *) = element;
        }
        if (!value[len]) {
            return elements;
        }
        value += len + 1;
    }
}
