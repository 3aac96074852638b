/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/token.h"

static void tokens(void **state)
{
    static const struct {
        const char *text;
        int expected;
    } rows[] = {
        { "!#$%&'*+-.^_`|~09azAZ", 1 },
        { "", 0 },
        { "a b", 0 },
        { "a:", 0 },
        { "a\x7f", 0 },
        { "\xc3\xa9", 0 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        assert_int_equal(cors_token_is(rows[i].text, strlen(rows[i].text)),
                         rows[i].expected);
    }
    assert_true(cors_token_equal("X-Name", "x-nAME", 6));
    assert_false(cors_token_equal("X-Name", "X-Nams", 6));
}

/* Elements are separated by "|" in what is expected, one that is no token
 * begins with "!" and ends the scan. */
static void scans(void **state)
{
    static const struct {
        const char *value;
        const char *expected;
    } rows[] = {
        { "", "" },
        { " \t, ,,\t", "" },
        { "x-a", "x-a|" },
        { "x-a,x-b", "x-a|x-b|" },
        { " x-a\t,\t, x-b ,", "x-a|x-b|" },
        { "X-A,x y", "X-A|!x y|" },
        { "x-a;q=1, x-b", "!x-a;q=1|" },
        { "\"x\"", "!\"x\"|" },
        { "x-a,\x01 ,x", "x-a|!\x01|" },
        { "x\xc3\xa9", "!x\xc3\xa9|" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_scan_t scan = { rows[i].value, NULL, 0, 0 };
        const char *found = "";
        cors_scan_e rv;

        while ((rv = cors_scan_next(&scan)) != CORS_SCAN_END) {
            found = apr_psprintf(*state, "%s%s%.*s|", found,
                                 rv == CORS_SCAN_BAD ? "!" : "", (int)scan.len,
                                 scan.name);
            if (rv == CORS_SCAN_BAD) {
                break;
            }
        }
        assert_string_equal(found, rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(tokens), TEST(scans) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
