/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "observe/top.h"

static cors_top_t *make_top(apr_pool_t *p)
{
    cors_top_t *top = apr_pcalloc(p, sizeof(*top));

    cors_top_init(top, APR_UINT64_C(0x0123456789abcdef));
    return top;
}

/* No two refusals come in one microsecond. */
static void add(cors_top_t *top, const char *origin, int seconds)
{
    static apr_time_t microseconds;

    microseconds = (microseconds + 7) % APR_USEC_PER_SEC;
    cors_top_add(top, origin, strlen(origin),
                 apr_time_from_sec(seconds) + microseconds);
}

static const cors_refused_t *find(const apr_array_header_t *all,
                                  const char *origin)
{
    int i;

    for (i = 0; i < all->nelts; i++) {
        const cors_refused_t *refused = &APR_ARRAY_IDX(all, i, cors_refused_t);

        if (strcmp(refused->origin, origin) == 0) {
            return refused;
        }
    }
    return NULL;
}

static cors_number_t count_of(const apr_array_header_t *all,
                              const char *origin)
{
    const cors_refused_t *refused = find(all, origin);

    return refused ? refused->count : 0;
}

static cors_number_t last_of(const apr_array_header_t *all, const char *origin)
{
    const cors_refused_t *refused = find(all, origin);

    return refused ? refused->last : 0;
}

/* Texts of all lengths, counted and sorted. */
static void counts(void **state)
{
    static const char *const origins[] = { "null", "a://b", "http://a",
                                           "https://app.example.com" };
    cors_top_t *top = make_top(*state);
    const apr_array_header_t *all;
    char longest[CORS_ORIGIN_MAX + 1];
    size_t i, j;

    memset(longest, 'a', CORS_ORIGIN_MAX);
    longest[CORS_ORIGIN_MAX] = '\0';
    assert_int_equal(cors_top_read(top, *state)->nelts, 0);
    for (i = 0; i < COUNT(origins); i++) {
        for (j = 0; j <= i; j++) {
            add(top, origins[i], 1000 + (int)i);
        }
    }
    for (j = 0; j < 9; j++) {
        add(top, longest, 77);
    }
    all = cors_top_read(top, *state);
    assert_int_equal(all->nelts, COUNT(origins) + 1);
    assert_string_equal(APR_ARRAY_IDX(all, 0, cors_refused_t).origin, longest);
    assert_int_equal(APR_ARRAY_IDX(all, 0, cors_refused_t).count, 9);
    assert_int_equal(APR_ARRAY_IDX(all, 0, cors_refused_t).last, 77);
    for (i = 0; i < COUNT(origins); i++) {
        assert_int_equal(count_of(all, origins[i]), i + 1);
        assert_int_equal(last_of(all, origins[i]), 1000 + i);
        assert_string_equal(
            APR_ARRAY_IDX(all, COUNT(origins) - i, cors_refused_t).origin,
            origins[i]);
    }
}

/* Ten that come 1,000 times each stay among 100,000 that come once, whether
 * they come before, after or between these. */
static void survives(void **state)
{
    enum {
        REAL = 10,
        TIMES = 1000,
        FLOOD = 100000
    };
    static const int begins[] = { 0, 25000, FLOOD - 10000 };
    unsigned int run;

    for (run = 0; run < COUNT(begins); run++) {
        cors_top_t *top = make_top(*state);
        const apr_array_header_t *all;
        int real = 0;
        char text[64];
        int i;

        for (i = 0; i < FLOOD; i++) {
            apr_snprintf(text, sizeof(text), "https://made-up-%d.example", i);
            add(top, text, 1);
            if (i >= begins[run] && real < REAL * TIMES) {
                apr_snprintf(text, sizeof(text), "https://real-%d.example",
                             real++ % REAL);
                add(top, text, 2);
            }
        }
        all = cors_top_read(top, *state);
        assert_in_range(all->nelts, REAL, CORS_TOP_SHOWN);
        for (i = 0; i < REAL; i++) {
            apr_snprintf(text, sizeof(text), "https://real-%d.example", i);
            /* Before one is admitted, some of its refusals pass. */
            assert_in_range(count_of(all, text), TIMES / 2, TIMES);
            assert_ptr_equal(
                find(all, APR_ARRAY_IDX(all, i, cors_refused_t).origin),
                &APR_ARRAY_IDX(all, i, cors_refused_t));
            assert_memory_equal(APR_ARRAY_IDX(all, i, cors_refused_t).origin,
                                "https://real-", 13);
        }
    }
}

/* A text that two processes have written at once is not shown, and whole again
 * after a while. */
static void mends(void **state)
{
    static const char origin[] = "https://app.example.com";
    cors_top_t *top = make_top(*state);
    size_t i;

    add(top, origin, 1);
    for (i = 0; i < CORS_TOP_PAIRS; i++) {
        top->details[i][0].text[1] ^= 1;
        top->details[i][1].text[1] ^= 1;
    }
    assert_int_equal(cors_top_read(top, *state)->nelts, 0);
    for (i = 0; i < 1024; i++) {
        add(top, origin, 2);
    }
    assert_int_equal(count_of(cors_top_read(top, *state), origin), 1025);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(counts), TEST(survives),
                                        TEST(mends) };

    return cmocka_run_group_tests_name("top", tests, NULL, NULL);
}
