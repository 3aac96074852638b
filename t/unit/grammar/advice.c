/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/advice.h"

static const char *mend_word(const char *word, int kind, apr_pool_t *p)
{
    assert_int_equal(kind, 7);
    return strcmp(word, "bad") == 0 ? NULL
                                    : apr_pstrcat(p, "<", word, ">", NULL);
}

static void mends(void **state)
{
    static const struct {
        const char *text;
        const char *separators;
        const char *expected;
    } rows[] = {
        { "a,b", ",;", "<a> <b>" },
        { ",a,, b\t", ",;", "<a> <b>" },
        { "a,Inherit", ",;", "<a> Inherit" },
        { ";a;; b;", ",;", "<a> <b>" },
        { "a b, c", ",;", "<a b> <c>" },
        { " a \tb", " \t", "<a> <b>" },
        { "a,bad", ",;", NULL },
        { "bad,a", ",;", NULL },
        { " , ", ",;", NULL },
        { ",", ",;", NULL },
        { "", ",;", NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        check_text(rows[i].text,
                   cors_advice_mend(rows[i].text, rows[i].separators,
                                    mend_word, 7, *state),
                   rows[i].expected, rows[i].separators);
    }
}

static void tells_what_stands_alone(void **state)
{
    static const struct {
        const char *words;
        const char *beside;
        int may;
    } rows[] = {
        { "*", NULL, 1 },
        { "none", NULL, 1 },
        { "a b", NULL, 1 },
        { "a *", NULL, 0 },
        { "None a", NULL, 0 },
        { "inherit *", NULL, 0 },
        { "* Beside", "beside", 1 },
        { "beside *", "beside", 1 },
        { "* beside a", "beside", 0 },
        { "* *", "beside", 0 },
        { "none beside", "beside", 0 },
        { "beside a", "beside", 1 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        if (cors_advice_may_be_list(rows[i].words, rows[i].beside, *state)
            != rows[i].may) {
            fail_msg("%s", rows[i].words);
        }
    }
}

static void writes(void **state)
{
    assert_string_equal(cors_advice_write("no", "a b", *state),
                        "no: write a b");
    assert_string_equal(cors_advice_write("no", NULL, *state), "no");
    assert_string_equal(cors_advice_commas("a,b", "a b", *state),
                        "arguments are separated by spaces, not commas: "
                        "write a b");
    assert_string_equal(cors_advice_commas("a;b", NULL, *state),
                        "arguments are separated by spaces, not semicolons");
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
    const struct CMUnitTest tests[] = { TEST(mends),
                                        TEST(tells_what_stands_alone),
                                        TEST(writes), TEST(shows_bytes) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
