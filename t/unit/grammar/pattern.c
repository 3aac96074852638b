/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/pattern_advice.h"
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

#define WILD                                                         \
    "* may only stand for whole labels at the left of a host name, " \
    "or for the port"
#define AS_IN ", as in https://*.example.com or http://localhost:*"
#define L64   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define L62   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void advises(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } rows[] = {
        { "https://app.example.com/",
          "an origin has no path: write https://app.example.com" },
        { "https://app.example.com/p?q#f",
          "an origin has no path: write https://app.example.com" },
        { "https://App.Example.COM",
          "browsers send it in lower case: write https://app.example.com" },
        { "https://app.example.com:443",
          "browsers leave the default port out: write "
          "https://app.example.com" },
        { "http://a.example:80",
          "browsers leave the default port out: write http://a.example" },
        { "app.example.com",
          "a scheme is missing: write https://app.example.com" },
        { "localhost:3000",
          "a scheme is missing: write http://localhost:3000" },
        { "https://b\xc3\xbc"
          "cher.example",
          "write the host in its ASCII form: https://xn--bcher-kva.example" },
        { "https://user@app.example.com",
          "an origin has no user information: write "
          "https://app.example.com" },
        { "https://*.*.example.com", WILD ": write https://*.example.com" },
        { "https://*example.com", WILD AS_IN },
        { "https://app.*", WILD AS_IN },
        { "https://*", WILD AS_IN },
        { "*://a.example", WILD AS_IN },
        { "https://*.127.0.0.1", "an address has no subdomains" },
        { "https://1.2.3", "that is not an address" },
        { "https://a..example",
          "a label is empty: one of two dots is too many" },
        { "http://0x7f.1",
          "write the address in its canonical form: http://127.0.0.1" },
        { "http://[0:0:0:0:0:0:0:1]",
          "write the address in its canonical form: http://[::1]" },
        { "http://[::FFFF:1.2.3.4]",
          "write the address in its canonical form: "
          "http://[::ffff:102:304]" },
        { "http://[1:0:0:2:0:0:0:3]",
          "write the address in its canonical form: http://[1:0:0:2::3]" },
        { "http://::1",
          "an IPv6 address stands in brackets: write http://[::1]" },
        { "https://a:0", "a port is 1 to 65535 without leading zeros" },
        { "https://a:65536", "a port is 1 to 65535 without leading zeros" },
        { "https://a:08080", "a port is 1 to 65535 without leading zeros: "
                             "write https://a:8080" },
        { "https://a:", "a port is 1 to 65535 without leading zeros: write "
                        "https://a" },
        { "https://a.example,", "arguments are separated by spaces, not "
                                "commas: write https://a.example" },
        { "https://a.example,https://b.example",
          "arguments are separated by "
          "spaces, not commas: write https://a.example https://b.example" },
        { "a.example,HTTPS://b.example/,inherit",
          "arguments are separated by spaces, not commas: write "
          "https://a.example https://b.example inherit" },
        { "https://a.example,none",
          "arguments are separated by spaces, not commas" },
        { "https://a.example,*",
          "arguments are separated by spaces, not commas" },
        { "https://a.example https://1.2.3",
          "an origin has no blank, and quotes make one argument of several" },
        { "file:///x",
          "browsers send null for file URLs: serve the page by "
          "http or https, and write the origin that it then has" },
        { "https://app.example.com.",
          "write it without the dot at the end: https://app.example.com" },
        { "https://a%20b",
          "a host has no '%': it is letters, digits, -, . and _" },
        { "https://a]b",
          "a host has no ']': it is letters, digits, -, . and _" },
        { "https://*.a[b:1",
          "a host has no '[': it is letters, digits, -, . and _" },
        { "https://xn--zzzzzz.example",
          "a label that begins with xn-- is not valid Punycode" },
        { "https://" L64, "a label of a host has at most 63 bytes" },
        { "https://" L62 "." L62 "." L62 "." L62 ".aa",
          "a host has at most 253 bytes" },
        { "a" L64 "://h", "a scheme has at most 64 bytes" },
        { "HTTPS://User@App.Example.COM:0443/x",
          "browsers send it in lower case: write https://app.example.com" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_pattern_t pattern;
        cors_pattern_e rv = cors_pattern_parse(rows[i].text, &pattern);

        if (rv == CORS_PATTERN_OK) {
            fail_msg("%s: accepted", rows[i].text);
        }
        assert_string_equal(cors_advice_origin(rows[i].text, rv, *state),
                            rows[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(accepts), TEST(advises) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
