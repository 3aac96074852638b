/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "policy/joined.h"

static void puts_a_comma_between(void **state)
{
    cors_joined_t joined = { 0 };

    assert_null(joined.text);
    cors_joined_add(&joined, "X-A, and more", 3, *state);
    assert_string_equal(joined.text, "X-A");
    cors_joined_add(&joined, "X-B", 3, *state);
    assert_string_equal(joined.text, "X-A, X-B");
    assert_int_equal(joined.len, 8);
}

/* Whatever the lengths, what was there stays there. */
static void grows(void **state)
{
    cors_joined_t joined = { 0 };
    apr_size_t len = 0;
    int i;

    for (i = 0; i < 3000; i++) {
        const char *piece = apr_psprintf(*state, "x%0*d", i % 7 + 1, i);
        apr_size_t before = joined.len;

        cors_joined_add(&joined, piece, strlen(piece), *state);
        len += strlen(piece) + (i ? 2 : 0);
        assert_int_equal(joined.len, len);
        assert_string_equal(joined.text + before + (i ? 2 : 0), piece);
        assert_true(joined.room > joined.len);
    }
    assert_memory_equal(joined.text, "x0, x01, x002, ", 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(puts_a_comma_between),
                                        TEST(grows) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
