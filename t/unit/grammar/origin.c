/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/origin.h"

#define L50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
    const char *text;
    cors_origin_e expected;
    const char *reason;
} rows[] = {
    { "null", CORS_ORIGIN_OK, "opaque" },
    { "https://a.example", CORS_ORIGIN_OK, "usual" },
    { "http://a.example:8080", CORS_ORIGIN_OK, "with a port" },
    { "http://[::1]:8080", CORS_ORIGIN_OK, "IPv6" },
    { "moz-extension://1f-2e", CORS_ORIGIN_OK, "an extension" },
    { "https://" L50 "." L50 "." L50 "." L50 "." L50 ":65535",
      CORS_ORIGIN_HOST, "254 bytes of host" },
    { "https://" L50 "." L50 "." L50 "." L50 "."
      "aaaaaaaaaa:65535",
      CORS_ORIGIN_OK, "long" },
    { "", CORS_ORIGIN_LENGTH, "empty" },
    { "Null", CORS_ORIGIN_SCHEME, "case" },
    { "HTTPS://a.example", CORS_ORIGIN_SCHEME, "case" },
    { "1http://a", CORS_ORIGIN_SCHEME, "begins with a digit" },
    { "https:/a.example", CORS_ORIGIN_SCHEME, "one slash" },
    { "a.example", CORS_ORIGIN_SCHEME, "no scheme" },
    { "*", CORS_ORIGIN_SCHEME, "no origin" },
    { "https://", CORS_ORIGIN_HOST, "no host" },
    { "https://A.example", CORS_ORIGIN_HOST, "case" },
    { "https://a.example/", CORS_ORIGIN_HOST, "a slash" },
    { "https://a.example/x", CORS_ORIGIN_HOST, "a path" },
    { "https://a.example.", CORS_ORIGIN_HOST, "a dot at the end" },
    { "https://a..example", CORS_ORIGIN_HOST, "an empty label" },
    { "https://.a", CORS_ORIGIN_HOST, "an empty label" },
    { "https://u@a.example", CORS_ORIGIN_HOST, "a user" },
    { "https://a.example https://b.example", CORS_ORIGIN_HOST, "two" },
    { "https://a.example, https://b.example", CORS_ORIGIN_HOST, "two lines" },
    { " https://a.example", CORS_ORIGIN_SCHEME, "white space" },
    { "https://a.example ", CORS_ORIGIN_HOST, "white space" },
    { "https://*.example", CORS_ORIGIN_HOST, "a pattern" },
    { "https://b\xc3\xbc.example", CORS_ORIGIN_HOST, "not ASCII" },
    { "https://a%2eb", CORS_ORIGIN_HOST, "escapes" },
    { "http://[::1", CORS_ORIGIN_HOST, "open bracket" },
    { "http://[::g]", CORS_ORIGIN_HOST, "no address" },
    { "http://[::A]", CORS_ORIGIN_HOST, "case" },
    { "http://[]", CORS_ORIGIN_HOST, "no address" },
    { "http://[::1]x", CORS_ORIGIN_HOST, "more behind the address" },
    { "https://a:", CORS_ORIGIN_PORT, "empty port" },
    { "https://a:0", CORS_ORIGIN_PORT, "port 0" },
    { "https://a:080", CORS_ORIGIN_PORT, "leading zero" },
    { "https://a:65536", CORS_ORIGIN_PORT, "too high" },
    { "https://a:-1", CORS_ORIGIN_PORT, "sign" },
    { "https://a:1:2", CORS_ORIGIN_PORT, "two ports" },
};

static void parses(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        /* Exactly its bytes, for the sanitizers to watch. */
        size_t len = strlen(rows[i].text);
        char *text = test_malloc(len + 1);
        cors_origin_t o = { NULL, NULL, 0, 0, -1 };
        cors_origin_e rv;

        memcpy(text, rows[i].text, len);
        rv = cors_origin_parse(text, len, &o);
        if (rv != rows[i].expected) {
            fail_msg("'%s' is %d: %s", rows[i].text, rv, rows[i].reason);
        }
        assert_true(rv == CORS_ORIGIN_OK || o.port == -1);
        if (rv == CORS_ORIGIN_OK && o.host) {
            const char *back = o.port
                                   ? apr_psprintf(*state, "%.*s://%.*s:%d",
                                                  (int)o.scheme_len, o.scheme,
                                                  (int)o.host_len, o.host,
                                                  o.port)
                                   : apr_psprintf(*state, "%.*s://%.*s",
                                                  (int)o.scheme_len, o.scheme,
                                                  (int)o.host_len, o.host);

            assert_string_equal(back, rows[i].text);
        }
        test_free(text);
    }
}

static void does_not_read_long_values(void **state)
{
    char *value = apr_palloc(*state, CORS_ORIGIN_MAX + 1);

    memset(value, 'a', CORS_ORIGIN_MAX + 1); /* and no NUL at all */
    assert_int_equal(cors_origin_length(value), CORS_ORIGIN_MAX + 1);
    assert_int_equal(cors_origin_length("https://a"), 9);
    assert_int_equal(CORS_ORIGIN_MAX, 326);
}

static void knows_loopback(void **state)
{
    static const struct {
        const char *text;
        int expected;
    } hosts[] = {
        { "http://localhost", 1 },       { "http://a.localhost:1", 1 },
        { "http://127.0.0.1", 1 },       { "http://127.255.255.255", 1 },
        { "http://[::1]:8080", 1 },      { "http://notlocalhost", 0 },
        { "http://128.0.0.1", 0 },       { "http://126.255.255.255", 0 },
        { "http://127.a.example", 0 },   { "http://[::2]", 0 },
        { "http://[::ffff:7f00:1]", 0 },
    };
    size_t i;

    for (i = 0; i < COUNT(hosts); i++) {
        cors_origin_t o;

        assert_int_equal(
            cors_origin_parse(hosts[i].text, strlen(hosts[i].text), &o),
            CORS_ORIGIN_OK);
        if (!cors_origin_is_loopback(&o) != !hosts[i].expected) {
            fail_msg("%s", hosts[i].text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(parses),
                                        TEST(does_not_read_long_values),
                                        TEST(knows_loopback) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
