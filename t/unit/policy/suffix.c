/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "policy/suffix.h"

static void tells_suffixes(void **state)
{
    /* The list: com, io, github.io, *.ck and !www.ck. */
    static const struct {
        const char *host;
        cors_suffix_e is;
        const char *reason;
    } rows[] = {
        { "com", CORS_SUFFIX_YES, "a rule" },
        { "github.io", CORS_SUFFIX_YES, "a rule of two labels" },
        { "example.com", CORS_SUFFIX_NO, "below a suffix" },
        { "a.github.io", CORS_SUFFIX_NO, "below a suffix" },
        { "co.ck", CORS_SUFFIX_YES, "a wildcard rule" },
        { "www.ck", CORS_SUFFIX_NO, "an exception to it" },
        { "localhost", CORS_SUFFIX_NO, "no rule speaks of it" },
        { "corp.internal", CORS_SUFFIX_NO, "nor of this" },
        { "internal", CORS_SUFFIX_NO, "the default rule would" },
    };
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);
    size_t i;

    assert_non_null(suffixes);
    for (i = 0; i < COUNT(rows); i++) {
        cors_suffix_e is = cors_suffix_is(suffixes, rows[i].host,
                                          strlen(rows[i].host), *state);

        if (is != rows[i].is) {
            fail_msg("%s: %s", rows[i].host, rows[i].reason);
        }
    }
}

/* The length counts, not the end of the text. */
static void reads_no_further(void **state)
{
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);

    assert_int_equal(cors_suffix_is(suffixes, "com:8443", 3, *state),
                     CORS_SUFFIX_YES);
}

static void says_when_it_cannot_tell(void **state)
{
    assert_null(cors_suffixes_read("t/fuzz/no-such-file.txt", *state));
    assert_null(cors_suffixes_read("/dev/null", *state));
    assert_int_equal(cors_suffix_is(NULL, "com", 3, *state),
                     CORS_SUFFIX_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(tells_suffixes),
                                        TEST(reads_no_further),
                                        TEST(says_when_it_cannot_tell) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
