/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/advice.h"

static const char *mend_word(const char *word, int kind, apr_pool_t *p)
{
    assert_int_equal(kind, 7);
    return strcmp(word, "bad") == 0 ? NULL
                                    : apr_pstrcat(p, "<", word, ">", NULL);
}

static void separates(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        { "a,b", "no: write <a> <b>" },
        { ",a,, b\t", "no: write <a> <b>" },
        { "a,Inherit", "no: write <a> Inherit" },
        { ";a;; b;", "no: write <a> <b>" },
        { "a,bad", "no" },
        { ",", "no" },
        { "", "no" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        assert_string_equal(
            cors_advice_separate("no", rows[i].text, mend_word, 7, *state),
            rows[i].expected);
    }
    assert_string_equal(cors_advice_commas("a,b", mend_word, 7, *state),
                        "arguments are separated by spaces, not commas: "
                        "write <a> <b>");
    assert_string_equal(cors_advice_commas("a;b", mend_word, 7, *state),
                        "arguments are separated by spaces, not semicolons: "
                        "write <a> <b>");
}

static void shows_bytes(void **state)
{
    assert_string_equal(cors_advice_byte('(', *state), "'('");
    assert_string_equal(cors_advice_byte(' ', *state), "0x20");
    assert_string_equal(cors_advice_byte('\x7f', *state), "0x7f");
    assert_string_equal(cors_advice_byte('\xc3', *state), "0xc3");
    assert_string_equal(cors_advice_byte('\0', *state), "0x00");
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(separates), TEST(shows_bytes) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
