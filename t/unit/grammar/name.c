/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/name.h"

typedef struct row_t {
    const char *name;
    cors_name_e expected;
} row_t;

static void check_rows(cors_name_e (*check)(const char *name),
                       const row_t *rows, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (check(rows[i].name) != rows[i].expected) {
            fail_msg("'%s' is %d", rows[i].name, check(rows[i].name));
        }
    }
}

/* Fetch, "method", "forbidden method", "normalize a method". */
static void methods(void **state)
{
    static const row_t rows[] = {
        { "GET", CORS_NAME_OK },
        { "HEAD", CORS_NAME_OK },
        { "POST", CORS_NAME_OK },
        { "PUT", CORS_NAME_OK },
        { "DELETE", CORS_NAME_OK },
        { "OPTIONS", CORS_NAME_OK },
        { "PATCH", CORS_NAME_OK },
        { "Patch", CORS_NAME_OK },
        { "patch", CORS_NAME_OK },
        { "VERSION-CONTROL", CORS_NAME_OK },
        { "get", CORS_NAME_CASE },
        { "Head", CORS_NAME_CASE },
        { "posT", CORS_NAME_CASE },
        { "put", CORS_NAME_CASE },
        { "Delete", CORS_NAME_CASE },
        { "oPTIONS", CORS_NAME_CASE },
        { "CONNECT", CORS_NAME_FORBIDDEN },
        { "TRACE", CORS_NAME_FORBIDDEN },
        { "TRACK", CORS_NAME_FORBIDDEN },
        { "Trace", CORS_NAME_FORBIDDEN },
        { "connect", CORS_NAME_FORBIDDEN },
        { "track", CORS_NAME_FORBIDDEN },
        { "TRACER", CORS_NAME_OK },
        { "ALLOW", CORS_NAME_OK },
        { "", CORS_NAME_EMPTY },
        { "GET,PUT", CORS_NAME_COMMA },
        { "GET;PUT", CORS_NAME_COMMA },
        { "GET PUT", CORS_NAME_BLANK },
        { "GET\t", CORS_NAME_BLANK },
        { "G(T", CORS_NAME_BYTE },
        { "G\xc3\x89T", CORS_NAME_BYTE },
        { "G\177T", CORS_NAME_BYTE },
    };

    check_rows(cors_method_check, rows, COUNT(rows));
}

/* Fetch, "forbidden request-header", and the response headers of CORS. */
static void request_fields(void **state)
{
    static const row_t rows[] = {
        { "Accept-Charset", CORS_NAME_FORBIDDEN },
        { "Accept-Encoding", CORS_NAME_FORBIDDEN },
        { "Access-Control-Request-Headers", CORS_NAME_FORBIDDEN },
        { "Access-Control-Request-Method", CORS_NAME_FORBIDDEN },
        { "Connection", CORS_NAME_FORBIDDEN },
        { "Content-Length", CORS_NAME_FORBIDDEN },
        { "Cookie", CORS_NAME_FORBIDDEN },
        { "Cookie2", CORS_NAME_FORBIDDEN },
        { "Date", CORS_NAME_FORBIDDEN },
        { "DNT", CORS_NAME_FORBIDDEN },
        { "Expect", CORS_NAME_FORBIDDEN },
        { "Host", CORS_NAME_FORBIDDEN },
        { "Keep-Alive", CORS_NAME_FORBIDDEN },
        { "Origin", CORS_NAME_FORBIDDEN },
        { "Referer", CORS_NAME_FORBIDDEN },
        { "Set-Cookie", CORS_NAME_FORBIDDEN },
        { "TE", CORS_NAME_FORBIDDEN },
        { "Trailer", CORS_NAME_FORBIDDEN },
        { "Transfer-Encoding", CORS_NAME_FORBIDDEN },
        { "Upgrade", CORS_NAME_FORBIDDEN },
        { "Via", CORS_NAME_FORBIDDEN },
        { "Proxy-Authorization", CORS_NAME_FORBIDDEN },
        { "pROXY-x", CORS_NAME_FORBIDDEN },
        { "Sec-Fetch-Mode", CORS_NAME_FORBIDDEN },
        { "sec-", CORS_NAME_FORBIDDEN },
        { "hOST", CORS_NAME_FORBIDDEN },
        { "Access-Control-Allow-Origin", CORS_NAME_RESPONSE },
        { "access-control-max-age", CORS_NAME_RESPONSE },
        { "Access-Control-X", CORS_NAME_OK },
        { "Secret", CORS_NAME_OK },
        { "Proxy", CORS_NAME_OK },
        { "Authorization", CORS_NAME_OK },
        { "Content-Type", CORS_NAME_OK },
        { "User-Agent", CORS_NAME_OK },
        { "X-HTTP-Method-Override", CORS_NAME_OK },
        { "!#$%&'*+-.^_`|~", CORS_NAME_OK },
        { "X:Y", CORS_NAME_BYTE },
        { "X\tY", CORS_NAME_BLANK },
        { "X-A,", CORS_NAME_COMMA },
        { "", CORS_NAME_EMPTY },
    };

    check_rows(cors_request_field_check, rows, COUNT(rows));
}

/* Fetch, "forbidden response-header name". */
static void response_fields(void **state)
{
    static const row_t rows[] = {
        { "Set-Cookie", CORS_NAME_HIDDEN },
        { "set-cookie2", CORS_NAME_HIDDEN },
        { "Access-Control-Allow-Credentials", CORS_NAME_RESPONSE },
        { "Access-Control-Allow-Headers", CORS_NAME_RESPONSE },
        { "Access-Control-Allow-Methods", CORS_NAME_RESPONSE },
        { "Access-Control-Allow-Origin", CORS_NAME_RESPONSE },
        { "Access-Control-Allow-Private-Network", CORS_NAME_RESPONSE },
        { "Access-Control-Expose-Headers", CORS_NAME_RESPONSE },
        { "Access-Control-Max-Age", CORS_NAME_RESPONSE },
        { "ETag", CORS_NAME_OK },
        { "Location", CORS_NAME_OK },
        { "Set-Cookies", CORS_NAME_OK },
        { "E Tag", CORS_NAME_BLANK },
    };

    check_rows(cors_response_field_check, rows, COUNT(rows));
}

static void limits(void **state)
{
    char *name = apr_palloc(*state, 8192);

    memset(name, 'a', 8191);
    name[8190] = '\0';
    assert_int_equal(cors_request_field_check(name), CORS_NAME_OK);
    name[8190] = 'a';
    name[8191] = '\0';
    assert_int_equal(cors_request_field_check(name), CORS_NAME_LONG);
}

static void classes(void **state)
{
    static const char *const safelisted[] = {
        "Cache-Control", "Content-Language", "content-length", "Content-Type",
        "Expires",       "Last-Modified",    "PRAGMA"
    };
    static const char *const hop_by_hop[] = {
        "Connection", "Keep-Alive",        "TE",
        "Trailer",    "transfer-encoding", "Upgrade"
    };
    size_t i;

    for (i = 0; i < COUNT(safelisted); i++) {
        assert_true(cors_field_is_safelisted(safelisted[i]));
    }
    for (i = 0; i < COUNT(hop_by_hop); i++) {
        assert_true(cors_field_is_hop_by_hop(hop_by_hop[i]));
    }
    assert_false(cors_field_is_safelisted("ETag"));
    assert_false(cors_field_is_hop_by_hop("ETag"));
    assert_true(cors_field_is_access_control("Access-Control-Allow-Origin"));
    assert_true(cors_field_is_access_control("aCCESS-cONTROL-x"));
    assert_false(cors_field_is_access_control("Access-Contro"));
    assert_false(cors_field_is_access_control("Accept-Ranges"));
    assert_false(cors_field_is_access_control("Acc"));
    assert_false(cors_field_is_access_control(""));
}

/* Each kind by its own rules. */
static void kinds(void **state)
{
    assert_int_equal(cors_name_check("get", CORS_NAMES_METHODS),
                     CORS_NAME_CASE);
    assert_int_equal(cors_name_check("get", CORS_NAMES_ALLOW_HEADERS),
                     CORS_NAME_OK);
    assert_int_equal(cors_name_check("ALL", CORS_NAMES_METHODS),
                     CORS_NAME_ANY);
    assert_int_equal(cors_name_check("any", CORS_NAMES_ALLOW_HEADERS),
                     CORS_NAME_ANY);
    assert_int_equal(cors_name_check("All", CORS_NAMES_EXPOSE_HEADERS),
                     CORS_NAME_ANY);
    assert_int_equal(cors_name_check("X-All", CORS_NAMES_EXPOSE_HEADERS),
                     CORS_NAME_OK);
    assert_int_equal(cors_name_check("Cookie", CORS_NAMES_ALLOW_HEADERS),
                     CORS_NAME_FORBIDDEN);
    assert_int_equal(cors_name_check("Cookie", CORS_NAMES_EXPOSE_HEADERS),
                     CORS_NAME_OK);
    assert_int_equal(cors_name_check("Set-Cookie", CORS_NAMES_EXPOSE_HEADERS),
                     CORS_NAME_HIDDEN);
}

/* The first two letters are a short way, not the answer. */
static void compares_words(void **state)
{
    static const struct {
        const char *name;
        int is;
        const char *reason;
    } rows[] = {
        { "none", 1, "the word" },
        { "NONE", 1, "in any case" },
        { "nonE", 1, "in any case" },
        { "no", 0, "the beginning" },
        { "nones", 0, "more than the word" },
        { "nope", 0, "another word" },
        { "", 0, "nothing" },
        { "n", 0, "one letter" },
        { "\x0eone", 0, "a letter without a bit" },
        { "n\x0fne", 0, "a letter without a bit" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        check_number(rows[i].name,
                     (unsigned long)cors_name_is_same(rows[i].name, "none"),
                     (unsigned long)rows[i].is, rows[i].reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(methods), TEST(request_fields), TEST(response_fields),
        TEST(limits),  TEST(classes),        TEST(compares_words),
        TEST(kinds)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
