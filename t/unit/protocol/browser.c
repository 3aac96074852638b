/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "protocol/browser.h"

static apr_pool_t *pool;

/* "name: value|name: value" */
static apr_table_t *headers_of(const char *text)
{
    apr_table_t *table = apr_table_make(pool, 4);
    char *state;
    char *line = apr_strtok(apr_pstrdup(pool, text), "|", &state);

    for (; line; line = apr_strtok(NULL, "|", &state)) {
        char *value = strstr(line, ": ");

        if (value) {
            *value = '\0';
        }
        apr_table_addn(table, line, value ? value + 2 : "");
    }
    return table;
}

static const char *repeat(const char *text, int count)
{
    const char *result = "";

    while (count-- > 0) {
        result = apr_pstrcat(pool, result, text, NULL);
    }
    return result;
}

/* https://fetch.spec.whatwg.org/#concept-method-normalize */
static void normalizes(void **state)
{
    pool = *state;
    assert_string_equal(cors_browser_method("get", pool), "GET");
    assert_string_equal(cors_browser_method("dElete", pool), "DELETE");
    assert_string_equal(cors_browser_method("patch", pool), "patch");
    assert_string_equal(cors_browser_method("PUT", pool), "PUT");
}

static void asks(const char *method, const char *headers, const char *why,
                 const char *names)
{
    cors_page_t page = { "https://a.example", method, headers_of(headers), 0 };
    const char *found = cors_browser_preflights(&page, pool);

    if (!why) {
        assert_null(found);
    }
    else {
        assert_non_null(found);
        assert_non_null(strstr(found, why));
    }
    found = cors_browser_request_headers(&page, pool);
    if (!names) {
        assert_null(found);
    }
    else {
        assert_non_null(found);
        assert_string_equal(found, names);
    }
}

/* https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
static void preflights(void **state)
{
    static const struct {
        const char *method, *headers, *why, *names;
    } rows[] = {
        { "GET", "", NULL, NULL },
        { "HEAD", "", NULL, NULL },
        { "POST", "", NULL, NULL },
        { "PUT", "", "PUT", NULL },
        { "get", "", "get", NULL },
        { "GET", "X-B: 1|x-a: 2", "x-a", "x-a,x-b" },
        { "GET", "x-a: 1|X-A: 2", "x-a", "x-a" },
        { "GET", "Accept: text/html|Accept-Language: de, en;q=0.5", NULL,
          NULL },
        { "GET", "Accept: a(b)", "accept", "accept" },
        { "GET", "Accept: a\x01", "accept", "accept" },
        { "GET", "Accept: a\tb", NULL, NULL },
        { "GET", "Accept-Language: de_DE", "accept-language",
          "accept-language" },
        { "GET", "Content-Language: de", NULL, NULL },
        { "POST", "Content-Type", "application/json", "content-type" },
        { "POST", "Content-Type: application/json", "application/json",
          "content-type" },
        { "POST", "Content-Type: text/plain", NULL, NULL },
        { "POST", "Content-Type: Text/Plain; charset=utf-8", NULL, NULL },
        { "POST", "Content-Type: multipart/form-data; boundary=x", NULL,
          NULL },
        { "POST", "Content-Type: application/x-www-form-urlencoded", NULL,
          NULL },
        { "POST", "Content-Type: text/plainer", "text/plainer",
          "content-type" },
        { "POST", "Content-Type: text/plain; a=\"b\"", "text/plain",
          "content-type" },
        { "GET", "Range: bytes=0-", NULL, NULL },
        { "GET", "Range: bytes=0-99", NULL, NULL },
        { "GET", "Range: bytes=-99", "range", "range" },
        { "GET", "Range: bytes=0-9,20-", "range", "range" },
        { "GET", "Range: lines=0-9", "range", "range" },
        { "GET", "Range", "range", "range" },
        { "GET", "Cookie: a=1|Sec-X: 1", NULL, NULL },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        asks(rows[i].method, rows[i].headers, rows[i].why, rows[i].names);
    }
    asks("GET", apr_pstrcat(pool, "Accept: ", repeat("a", 128), NULL), NULL,
         NULL);
    asks("GET", apr_pstrcat(pool, "Accept: ", repeat("a", 129), NULL),
         "accept", "accept");
    /* Nine values of 128 bytes are more than 1024. */
    asks("GET",
         repeat(apr_pstrcat(pool, "Accept: ", repeat("a", 128), "|", NULL), 8),
         NULL, NULL);
    asks("GET",
         repeat(apr_pstrcat(pool, "Accept: ", repeat("a", 128), "|", NULL), 9),
         "accept", "accept");
}

#define ORIGIN      "Access-Control-Allow-Origin: "
#define CREDENTIALS "|Access-Control-Allow-Credentials: "
#define METHODS     "|Access-Control-Allow-Methods: "
#define HEADERS     "|Access-Control-Allow-Headers: "
#define APP         "https://a.example"

/* https://fetch.spec.whatwg.org/#concept-cors-check */
static void checks(void **state)
{
    static const struct {
        const char *response;
        int credentials;
        cors_browser_e expected;
    } rows[] = {
        { "Vary: Origin", 0, CORS_BROWSER_NO_ORIGIN },
        { ORIGIN APP, 0, CORS_BROWSER_ALLOWS },
        { ORIGIN "*", 0, CORS_BROWSER_ALLOWS },
        { ORIGIN "*", 1, CORS_BROWSER_ANY_ORIGIN },
        { ORIGIN "*" CREDENTIALS "true", 1, CORS_BROWSER_ANY_ORIGIN },
        { ORIGIN "https://b.example", 0, CORS_BROWSER_OTHER_ORIGIN },
        { ORIGIN APP, 1, CORS_BROWSER_NO_CREDENTIALS },
        { ORIGIN APP CREDENTIALS "True", 1, CORS_BROWSER_NO_CREDENTIALS },
        { ORIGIN APP CREDENTIALS "true", 1, CORS_BROWSER_ALLOWS },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        cors_page_t page = { APP, "GET", headers_of(""), rows[i].credentials };

        assert_int_equal(
            cors_browser_check(&page, headers_of(rows[i].response)),
            rows[i].expected);
    }
}

/* https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 */
static void checks_preflights(void **state)
{
    static const struct {
        const char *method, *headers, *response;
        int credentials, status;
        cors_browser_e expected;
        const char *name;
    } rows[] = {
        { "GET", "", "", 0, 204, CORS_BROWSER_NO_ORIGIN, NULL },
        { "GET", "", ORIGIN APP, 0, 204, CORS_BROWSER_ALLOWS, NULL },
        { "GET", "", ORIGIN APP, 0, 0, CORS_BROWSER_ALLOWS, NULL },
        { "GET", "", ORIGIN APP, 0, 403, CORS_BROWSER_NOT_OK, NULL },
        { "GET", "", ORIGIN APP, 0, 302, CORS_BROWSER_NOT_OK, NULL },
        { "PUT", "", ORIGIN APP, 0, 204, CORS_BROWSER_METHOD, NULL },
        { "PUT", "", ORIGIN APP METHODS "GET,PUT", 0, 204, CORS_BROWSER_ALLOWS,
          NULL },
        { "PUT", "", ORIGIN APP METHODS "put", 0, 204, CORS_BROWSER_METHOD,
          NULL },
        { "PUT", "", ORIGIN APP METHODS "*", 0, 204, CORS_BROWSER_ALLOWS,
          NULL },
        { "PUT", "", ORIGIN APP CREDENTIALS "true" METHODS "*", 1, 204,
          CORS_BROWSER_METHOD, NULL },
        { "GET", "X-A: 1|X-B: 1", ORIGIN APP HEADERS "x-B", 0, 204,
          CORS_BROWSER_HEADER, "x-a" },
        { "GET", "X-A: 1", ORIGIN APP HEADERS "*", 0, 204, CORS_BROWSER_ALLOWS,
          NULL },
        { "GET", "Authorization: 1", ORIGIN APP HEADERS "*", 0, 204,
          CORS_BROWSER_HEADER, "authorization" },
        { "GET", "Authorization: 1", ORIGIN APP HEADERS "*, Authorization", 0,
          204, CORS_BROWSER_ALLOWS, NULL },
        { "GET", "X-A: 1", ORIGIN APP CREDENTIALS "true" HEADERS "*", 1, 204,
          CORS_BROWSER_HEADER, "x-a" },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        cors_page_t page = { APP, rows[i].method, headers_of(rows[i].headers),
                             rows[i].credentials };
        const char *name = NULL;

        assert_int_equal(cors_browser_check_preflight(
                             &page, rows[i].status,
                             headers_of(rows[i].response), &name, pool),
                         rows[i].expected);
        if (rows[i].name) {
            assert_string_equal(name, rows[i].name);
        }
    }
}

/* https://html.spec.whatwg.org/#schemelessly-same-site, and what Chromium,
 * Firefox and WebKit say of *.localhost. */
static void finds_sites(void **state)
{
    static const struct {
        const char *page, *own, *expected;
    } rows[] = {
        { "https://a.example", "https://a.example", "same-origin" },
        { "https://app.example.com", "https://api.example.com", "same-site" },
        { "https://example.com", "https://a.b.example.com", "same-site" },
        { "https://a.b.example.com:1", "https://example.com", "same-site" },
        { "https://a.example:1", "https://a.example", "same-site" },
        { "https://a.xexample.com", "https://b.example.com", "cross-site" },
        { "https://example.com", "https://xexample.com", "cross-site" },
        { "https://xexample.com", "https://example.com", "cross-site" },
        { "http://app.example.com", "https://api.example.com", "cross-site" },
        { "httpx://a.example.com", "https://b.example.com", "cross-site" },
        { "https://a.example", "https://b.example", "cross-site" },
        { "https://a.example.com", "https://a.example.net", "cross-site" },
        { "https://a.github.io", "https://b.github.io", "cross-site" },
        { "https://github.io", "https://b.github.io", "cross-site" },
        { "https://x.a.github.io", "https://y.a.github.io", "same-site" },
        { "http://localhost:1", "http://localhost:2", "same-site" },
        { "http://app.localhost", "http://api.localhost", "cross-site" },
        { "http://a.b.localhost", "http://b.localhost", "same-site" },
        { "http://127.0.0.1:1", "http://127.0.0.1", "same-site" },
        { "http://127.0.0.1", "http://1.0.0.1", "cross-site" },
        { "http://[::1]:1", "http://[::1]", "same-site" },
        { "http://[a::1]", "http://[b::1]", "cross-site" },
        { "null", "https://a.example", "cross-site" },
        { "https://a.example/", "https://b.a.example", "cross-site" },
    };
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);
    size_t i;

    assert_non_null(suffixes);
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        assert_string_equal(
            cors_browser_site(rows[i].page, rows[i].own, suffixes),
            rows[i].expected);
    }
    assert_null(cors_browser_site("https://a.example.com",
                                  "https://b.example.com", NULL));
    assert_string_equal(
        cors_browser_site("https://a.example", "https://b.example", NULL),
        "cross-site");
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(normalizes), TEST(preflights),
                                        TEST(checks), TEST(checks_preflights),
                                        TEST(finds_sites) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
