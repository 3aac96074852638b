/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "protocol/browser.h"

#include <stdlib.h>
#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "grammar/address.h"
#include "grammar/name.h"
#include "grammar/origin.h"
#include "grammar/token.h"

/* https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
#define VALUE_MAX  128
#define VALUES_MAX 1024

typedef struct header_t {
    const char *name; /* in lower case */
    const char *value;
} header_t;

const char *cors_browser_method(const char *method, apr_pool_t *p)
{
    char *upper;
    char *c;

    if (cors_method_check(method) != CORS_NAME_CASE) {
        return method;
    }
    upper = apr_pstrdup(p, method);
    for (c = upper; *c; c++) {
        *c = (char)(*c & ~0x20);
    }
    return upper;
}

/* Whether the last len bytes of the host are whole labels. */
static int are_labels(const cors_origin_t *origin, size_t len)
{
    return len == origin->host_len
           || origin->host[origin->host_len - 1 - len] == '.';
}

/* Returns how many bytes at the end of both hosts are the same labels. */
static size_t common_labels(const cors_origin_t *a, const cors_origin_t *b)
{
    const char *a_end = a->host + a->host_len;
    const char *b_end = b->host + b->host_len;
    size_t same = 0;
    size_t len;

    for (len = 1; len <= a->host_len && len <= b->host_len
                  && *(a_end - len) == *(b_end - len);
         len++) {
        if (are_labels(a, len) && are_labels(b, len)) {
            same = len;
        }
    }
    return same;
}

static int is_same_scheme(const cors_origin_t *a, const cors_origin_t *b)
{
    return a->scheme_len == b->scheme_len
           && memcmp(a->scheme, b->scheme, a->scheme_len) == 0;
}

static int is_address(const cors_origin_t *origin)
{
    return *origin->host == '['
           || cors_address_is_ipv4_like(origin->host, origin->host_len);
}

/* Whether hosts below the labels that both have belong to one owner.  Without
 * a rule, a top-level domain is a public suffix. */
static cors_suffix_e is_public(const cors_origin_t *a, size_t common,
                               const cors_suffixes_t *suffixes)
{
    const char *labels = a->host + a->host_len - common;

    return memchr(labels, '.', common)
               ? cors_suffix_is(suffixes, labels, common)
               : CORS_SUFFIX_YES;
}

const char *cors_browser_site(const char *page, const char *own,
                              const cors_suffixes_t *suffixes)
{
    cors_origin_t a;
    cors_origin_t b;
    size_t common;

    if (strcmp(page, own) == 0) {
        return "same-origin";
    }
    if (cors_origin_parse(page, strlen(page), &a) != CORS_ORIGIN_OK || !a.host
        || cors_origin_parse(own, strlen(own), &b) != CORS_ORIGIN_OK || !b.host
        || !is_same_scheme(&a, &b)) {
        return "cross-site";
    }
    common = common_labels(&a, &b);
    if (common == a.host_len && common == b.host_len) {
        return "same-site";
    }
    if (is_address(&a) || is_address(&b)) {
        return "cross-site";
    }
    switch (is_public(&a, common, suffixes)) {
    case CORS_SUFFIX_YES:
        return "cross-site";
    case CORS_SUFFIX_NO:
        return "same-site";
    default:
        return NULL;
    }
}

/* https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte */
static int has_unsafe_byte(const char *value)
{
    static const char unsafe[] = "\"():<>?@[\\]{}\x7f";

    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;

        if ((c < 0x20 && c != '\t') || strchr(unsafe, c)) {
            return 1;
        }
    }
    return 0;
}

/* https://fetch.spec.whatwg.org/#cors-safelisted-request-header: the bytes of
 * a language. */
static int is_language(const char *value)
{
    static const char bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz"
                                "0123456789 *,-.;=";

    return !value[strspn(value, bytes)];
}

/* The types that a form can send. */
static int is_form_type(const char *value)
{
    static const char *const types[] = { "application/x-www-form-urlencoded",
                                         "multipart/form-data", "text/plain" };
    size_t len = strcspn(value, "; \t");
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
        if (len == strlen(types[i])
            && apr_cstr_casecmpn(value, types[i], len) == 0) {
            return 1;
        }
    }
    return 0;
}

/* "bytes=0-" and "bytes=0-99". */
static int is_simple_range(const char *value)
{
    static const char unit[] = "bytes=";
    static const char digits[] = "0123456789";
    size_t first;

    if (strncmp(value, unit, sizeof(unit) - 1) != 0) {
        return 0;
    }
    value += sizeof(unit) - 1;
    first = strspn(value, digits);
    return first > 0 && value[first] == '-'
           && !value[first + 1 + strspn(value + first + 1, digits)];
}

/* Whether the header needs no permission.  Of a value that is not known, the
 * names that nearly always have such a value pass. */
static int is_safelisted(const header_t *header)
{
    const char *name = header->name;
    const char *value = header->value;

    if (strlen(value) > VALUE_MAX) {
        return 0;
    }
    if (strcmp(name, "accept") == 0) {
        return !has_unsafe_byte(value);
    }
    if (strcmp(name, "accept-language") == 0
        || strcmp(name, "content-language") == 0) {
        return is_language(value);
    }
    if (strcmp(name, "content-type") == 0) {
        return !has_unsafe_byte(value) && is_form_type(value);
    }
    return strcmp(name, "range") == 0 && is_simple_range(value);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const header_t *)a)->name, ((const header_t *)b)->name);
}

static int add_header(void *data, const char *name, const char *value)
{
    apr_array_header_t *headers = data;
    char *lower = apr_pstrdup(headers->pool, name);
    header_t *header;

    if (cors_request_field_check(name) == CORS_NAME_FORBIDDEN) {
        return 1;
    }
    header = apr_array_push(headers);
    header->value = value;
    header->name = lower;
    for (; *lower; lower++) {
        *lower = (char)cors_token_lower[(unsigned char)*lower];
    }
    return 1;
}

/* Returns the headers that need to be allowed, as header_t, sorted by name.
 * Many safelisted ones with long values are no longer safe together. */
static apr_array_header_t *unsafe_headers(const cors_page_t *page,
                                          apr_pool_t *p)
{
    apr_array_header_t *all = apr_array_make(p, 4, sizeof(header_t));
    apr_array_header_t *unsafe = apr_array_make(p, 4, sizeof(header_t));
    size_t length = 0;
    int i;

    apr_table_do(add_header, all, page->headers, NULL);
    for (i = 0; i < all->nelts; i++) {
        const header_t *header = &APR_ARRAY_IDX(all, i, header_t);

        if (is_safelisted(header)) {
            length += strlen(header->value);
        }
        else {
            APR_ARRAY_PUSH(unsafe, header_t) = *header;
        }
    }
    if (length > VALUES_MAX) {
        unsafe = all;
    }
    if (unsafe->nelts > 0) {
        qsort(unsafe->elts, (size_t)unsafe->nelts, sizeof(header_t), by_name);
    }
    return unsafe;
}

const char *cors_browser_request_headers(const cors_page_t *page,
                                         apr_pool_t *p)
{
    const apr_array_header_t *unsafe = unsafe_headers(page, p);
    const char *value = NULL;
    const char *last = "";
    int i;

    for (i = 0; i < unsafe->nelts; i++) {
        const char *name = APR_ARRAY_IDX(unsafe, i, header_t).name;

        if (strcmp(name, last) != 0) {
            value = value ? apr_pstrcat(p, value, ",", name, NULL) : name;
        }
        last = name;
    }
    return value;
}

static const char *why_header(const header_t *header, apr_pool_t *p)
{
    if (strcmp(header->name, "content-type") != 0) {
        return apr_psprintf(p, "no form can set the header %s", header->name);
    }
    return *header->value
               ? apr_psprintf(p, "no form can send the Content-Type %s",
                              header->value)
               : "no form can send a Content-Type such as application/json";
}

const char *cors_browser_preflights(const cors_page_t *page, apr_pool_t *p)
{
    const apr_array_header_t *unsafe;

    if (!cors_method_is_safelisted(page->method, strlen(page->method))) {
        return apr_psprintf(p, "no form can send the method %s", page->method);
    }
    unsafe = unsafe_headers(page, p);
    return unsafe->nelts ? why_header(&APR_ARRAY_IDX(unsafe, 0, header_t), p)
                         : NULL;
}

cors_browser_e cors_browser_check(const cors_page_t *page,
                                  const apr_table_t *response)
{
    const char *origin = apr_table_get(response,
                                       "Access-Control-Allow-Origin");
    const char *credentials = apr_table_get(
        response, "Access-Control-Allow-Credentials");

    if (!origin) {
        return CORS_BROWSER_NO_ORIGIN;
    }
    if (strcmp(origin, "*") == 0) {
        return page->credentials ? CORS_BROWSER_ANY_ORIGIN
                                 : CORS_BROWSER_ALLOWS;
    }
    if (strcmp(origin, page->origin) != 0) {
        return CORS_BROWSER_OTHER_ORIGIN;
    }
    return page->credentials
                   && !(credentials && strcmp(credentials, "true") == 0)
               ? CORS_BROWSER_NO_CREDENTIALS
               : CORS_BROWSER_ALLOWS;
}

/* Whether the list has the name; methods are compared byte for byte. */
static int lists(const char *list, const char *name, int any_case)
{
    size_t len = strlen(name);
    cors_scan_t scan = { list, NULL, 0, 0 };

    while (list && cors_scan_next(&scan) != CORS_SCAN_END) {
        if (scan.len == len
            && (any_case ? apr_cstr_casecmpn(scan.name, name, len) == 0
                         : memcmp(scan.name, name, len) == 0)) {
            return 1;
        }
    }
    return 0;
}

/* "*" means itself where credentials are sent. */
static int lists_any(const char *list, const cors_page_t *page)
{
    return !page->credentials && lists(list, "*", 0);
}

static const char *missing_header(const cors_page_t *page, const char *list,
                                  apr_pool_t *p)
{
    const apr_array_header_t *unsafe = unsafe_headers(page, p);
    int i;

    for (i = 0; i < unsafe->nelts; i++) {
        const char *name = APR_ARRAY_IDX(unsafe, i, header_t).name;

        if (!lists(list, name, 1)
            && (!lists_any(list, page)
                || strcmp(name, "authorization") == 0)) {
            return name;
        }
    }
    return NULL;
}

cors_browser_e cors_browser_check_preflight(const cors_page_t *page,
                                            int status,
                                            const apr_table_t *response,
                                            const char **name, apr_pool_t *p)
{
    const char *methods = apr_table_get(response,
                                        "Access-Control-Allow-Methods");
    cors_browser_e result = cors_browser_check(page, response);

    if (result != CORS_BROWSER_ALLOWS) {
        return result;
    }
    if (status && (status < 200 || status > 299)) {
        return CORS_BROWSER_NOT_OK;
    }
    if (!cors_method_is_safelisted(page->method, strlen(page->method))
        && !lists(methods, page->method, 0) && !lists_any(methods, page)) {
        return CORS_BROWSER_METHOD;
    }
    *name = missing_header(
        page, apr_table_get(response, "Access-Control-Allow-Headers"), p);
    return *name ? CORS_BROWSER_HEADER : CORS_BROWSER_ALLOWS;
}
