/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/pattern.h"

static void accepts(void **state)
{
    static const struct {
        const char *text;
        int insecure;
        const char *reason;
    } rows[] = {
        { "https://app.example.com", 0, "an origin" },
        { "http://app.example.com", 1, "anyone on the way can speak" },
        { "http://localhost:3000", 0, "loopback" },
        { "http://app.localhost", 0, "loopback" },
        { "http://notlocalhost", 1, "not below localhost" },
        { "http://127.8.8.8", 0, "127.0.0.0/8 is loopback" },
        { "http://128.0.0.1", 1, "and 128 is not" },
        { "https://[::1]:8443", 0, "IPv6" },
        { "http://[::1]", 0, "loopback" },
        { "http://[::2]", 1, "not loopback" },
        { "http://[1:2::3]:80000", -1, "port" },
        { "app://host", 0, "no network serves an application's scheme" },
        { "capacitor://localhost", 0, "an application" },
        { "chrome-extension://abcdef", 0, "an extension" },
        { "moz-extension://1f-2e", 0, "an extension" },
        { "tauri://*.app.example", 0, "an application" },
        { "httpx://host", 0, "no http" },
        { "app://127.1", 0, "only special schemes have IPv4 addresses" },
        { "app://1.2.3", 0, "only special schemes have IPv4 addresses" },
        { "https://*.example.com", 0, "subdomains" },
        { "http://localhost:*", 0, "any port" },
        { "https://*.example.com:*", 0, "both" },
        { "https://xn--bcher-kva.example", 0, "Punycode" },
        { "https://xn--ls8h.la", 0, "browsers take emoji" },
        { "https://a_b.example", 0, "underscore" },
        { "null", 0, "the opaque origin" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_pattern_t pattern = { { 0 }, 0, 0 };
        cors_pattern_e rv = cors_pattern_parse(rows[i].text, &pattern);

        if (rows[i].insecure < 0) {
            assert_int_not_equal(rv, CORS_PATTERN_OK);
            continue;
        }
        if (rv != CORS_PATTERN_OK) {
            fail_msg("%s: %d, %s", rows[i].text, rv, rows[i].reason);
        }
        assert_int_equal(pattern.insecure, rows[i].insecure);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(accepts) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
