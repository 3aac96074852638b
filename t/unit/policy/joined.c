/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "policy/joined.h"

static void joins(void **state)
{
    static const struct {
        const char *pieces[4];
        const char *text;
        const char *reason;
    } rows[] = {
        { { "A" }, "A", "nothing stands before the first piece" },
        { { "A", "B" }, "A, B", "a separator stands between two" },
        { { "A", "B", "C" }, "A, B, C", "and between any two" },
        { { "A, B", "C" }, "A, B, C", "a piece may hold separators" },
        { { "" }, "", "an empty piece makes a text" },
        { { "", "A" }, "A", "there is no byte before the second piece" },
        { { "A", "" }, "A, ", "nothing is left out behind a separator" },
    };
    size_t i, j;

    for (i = 0; i < COUNT(rows); i++) {
        cors_joined_t joined = { 0 };

        for (j = 0; j < COUNT(rows[i].pieces) && rows[i].pieces[j]; j++) {
            cors_joined_add(&joined, rows[i].pieces[j],
                            strlen(rows[i].pieces[j]), *state);
        }
        check_text(rows[i].pieces[0], joined.text, rows[i].text,
                   rows[i].reason);
        check_number(rows[i].pieces[0], joined.len, strlen(rows[i].text),
                     rows[i].reason);
    }
}

/* A piece is bytes: neither its NUL bytes nor what follows it count. */
static void takes_len_bytes(void **state)
{
    cors_joined_t joined = { 0 };

    assert_null(joined.text);
    cors_joined_add(&joined, "ABC", 1, *state);
    assert_string_equal(joined.text, "A");
    cors_joined_add(&joined, "B\0C", 3, *state);
    assert_int_equal(joined.len, 6);
    assert_memory_equal(joined.text, "A, B\0C", 7);
    cors_joined_add(&joined, "DE", 1, *state);
    assert_memory_equal(joined.text, "A, B\0C, D", 10);
}

/* Makes a pool whose memory is full of bytes that are not 0. */
static apr_pool_t *make_dirty_pool(apr_pool_t *parent)
{
    apr_pool_t *p;
    int i;

    apr_pool_create(&p, parent);
    for (i = 0; i < 200; i++) {
        memset(apr_palloc(p, 1000), 0xff, 1000);
    }
    apr_pool_clear(p);
    return p;
}

/* Adds count pieces of len bytes each, and looks at all of the text after
 * each.  Returns how often the room has changed. */
static int add_pieces(int count, apr_size_t len, apr_pool_t *p)
{
    cors_joined_t joined = { 0 };
    char *expected = apr_pcalloc(p, (apr_size_t)count * (len + 2) + 1);
    apr_size_t end = 0;
    int grown = 0;
    int i;

    for (i = 0; i < count; i++) {
        const char *before = joined.text;
        char *piece = apr_pcalloc(p, len + 1);

        memset(piece, 'a' + i % 26, len);
        memcpy(expected + end, ", ", i ? 2 : 0);
        end += i ? 2 : 0;
        memcpy(expected + end, piece, len);
        end += len;
        cors_joined_add(&joined, piece, len, p);
        grown += joined.text != before;
        assert_int_equal(joined.len, end);
        assert_true(joined.room > joined.len);
        assert_memory_equal(joined.text, expected, end + 1);
    }
    return grown;
}

static void grows(void **state)
{
    static const struct {
        apr_size_t len;
        const char *reason;
        int count;
        int at_most;
    } rows[] = {
        { 61, "the first room is as long as it needs", 1, 1 },
        { 62, "and a byte longer", 1, 1 },
        { 100000, "a long first piece", 1, 1 },
        { 1, "64 bytes double to 8,192", 2000, 8 },
        { 7, "pieces whose length is odd", 2000, 10 },
        { 3000, "pieces longer than the first room", 20, 6 },
    };
    apr_pool_t *dirty = make_dirty_pool(*state);
    size_t i, len;

    for (i = 0; i < COUNT(rows); i++) {
        int grown = add_pieces(rows[i].count, rows[i].len, dirty);

        if (grown < 1 || grown > rows[i].at_most) {
            fail_msg("%d rooms: %s", grown, rows[i].reason);
        }
    }
    for (len = 1; len < 200; len++) {
        add_pieces(8, len, dirty);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(joins), TEST(takes_len_bytes),
                                        TEST(grows) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
