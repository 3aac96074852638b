/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include <pthread.h>

#include "observe/slots.h"

/* Reads a configuration with these hosts; returns the number of each. */
static void read_hosts(cors_slots_t *slots, const apr_uint64_t *keys,
                       unsigned int count, unsigned int *numbers,
                       apr_pool_t *p)
{
    cors_slot_index_t *index = cors_slot_index_make(slots, count, p);
    unsigned int i;

    for (i = 0; i < count; i++) {
        numbers[i] = cors_slots_number(slots, index, keys[i]);
    }
}

static cors_counts_t *zeros(unsigned int number, apr_pool_t *p)
{
    return apr_pcalloc(p, number * sizeof(cors_counts_t));
}

/* A host keeps its slot wherever it stands in the configuration, and while it
 * is gone. */
static void keeps(void **state)
{
    static const apr_uint64_t first[] = { 1, 2, 3, 2 };
    static const apr_uint64_t second[] = { 4, 3, 1 };
    static const apr_uint64_t third[] = { 2, 4 };
    unsigned int numbers[4];
    cors_counts_t *a;
    cors_slots_t slots;

    cors_slots_init(&slots, *state);
    read_hosts(&slots, first, 4, numbers, *state);
    assert_int_equal(cors_slots_lacking(&slots), 3);
    assert_int_equal(numbers[1], numbers[3]);
    a = zeros(3, *state);
    cors_slots_extend(&slots, a, 3, *state);
    assert_ptr_equal(cors_slots_at(&slots, numbers[2]), a + 2);

    read_hosts(&slots, second, 3, numbers, *state);
    assert_int_equal(cors_slots_lacking(&slots), 1);
    assert_int_equal(numbers[1], 2);
    assert_int_equal(numbers[2], 0);
    cors_slots_extend(&slots, zeros(8, *state), 8, *state);
    assert_int_equal(cors_slots_lacking(&slots), 0);

    read_hosts(&slots, third, 2, numbers, *state);
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 3);
    assert_ptr_equal(cors_slots_at(&slots, 0), a);
}

/* Without memory for new hosts these have no numbers, and the others do. */
static void lacks(void **state)
{
    static const apr_uint64_t first[] = { 1, 2 };
    static const apr_uint64_t second[] = { 2, 3, 4 };
    unsigned int numbers[3];
    cors_slots_t slots;

    cors_slots_init(&slots, *state);
    read_hosts(&slots, first, 2, numbers, *state);
    cors_slots_extend(&slots, zeros(2, *state), 2, *state);
    read_hosts(&slots, second, 3, numbers, *state);
    cors_slots_cut(&slots);
    assert_non_null(cors_slots_at(&slots, numbers[0]));
    assert_null(cors_slots_at(&slots, numbers[1]));
    assert_null(cors_slots_at(&slots, numbers[2]));
    read_hosts(&slots, second, 3, numbers, *state);
    assert_int_equal(cors_slots_lacking(&slots), 2);
    cors_slots_extend(&slots, zeros(2, *state), 2, *state);
    assert_non_null(cors_slots_at(&slots, numbers[2]));
}

/* The sum has the numbers of hosts that are gone. */
static void sums(void **state)
{
    static const apr_uint64_t keys[] = { 7, 8, 9 };
    unsigned int numbers[3];
    cors_counts_t sum;
    cors_slots_t slots;
    unsigned int i;

    cors_slots_init(&slots, *state);
    read_hosts(&slots, keys, 2, numbers, *state);
    cors_slots_extend(&slots, zeros(2, *state), 2, *state);
    read_hosts(&slots, keys + 2, 1, numbers, *state);
    cors_slots_extend(&slots, zeros(4, *state), 4, *state);
    for (i = 0; i < 3; i++) {
        cors_counts_add(cors_slots_at(&slots, i), CORS_COUNT_refused);
    }
    cors_slots_sum(&slots, &sum);
    assert_int_equal(sum.of[CORS_COUNT_refused], 3);
    assert_int_equal(sum.of[CORS_COUNT_withheld], 0);
}

enum {
    THREADS = 4,
    TIMES = 2000000
};

static void *add_often(void *counts)
{
    int i;

    for (i = 0; i < TIMES; i++) {
        cors_counts_add(counts, CORS_COUNT_refused);
        /* The compiler might add them up otherwise. */
        __asm__ volatile("" ::: "memory");
    }
    return NULL;
}

/* Nothing is lost where several add at once. */
static void adds(void **state)
{
    cors_counts_t *counts = zeros(1, *state);
    pthread_t threads[THREADS];
    int i;

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, add_often, counts),
                         0);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(counts->of[CORS_COUNT_refused], THREADS * TIMES);
}

/* 50,000 hosts, each found again. */
static void many(void **state)
{
    const unsigned int count = 50000;
    apr_uint64_t *keys = apr_palloc(*state, count * sizeof(*keys));
    unsigned int *numbers = apr_palloc(*state, count * sizeof(*numbers));
    cors_slots_t slots;
    unsigned int i;

    for (i = 0; i < count; i++) {
        keys[i] = (apr_uint64_t)(i + 1) * 0x9e3779b97f4a7c15u;
    }
    cors_slots_init(&slots, *state);
    read_hosts(&slots, keys, count, numbers, *state);
    read_hosts(&slots, keys, count, numbers, *state);
    assert_int_equal(cors_slots_lacking(&slots), count);
    for (i = 0; i < count; i++) {
        assert_int_equal(numbers[i], i);
    }
}

/* Returns the row of a place, one without a name where there is none. */
static const cors_count_row_t *find_row(unsigned int place)
{
    static const cors_count_row_t none = { 0, "", "" };
    int i;

    for (i = 0; i < CORS_COUNT_ROWS; i++) {
        if ((unsigned int)cors_count_rows[i].count == place) {
            return &cors_count_rows[i];
        }
    }
    return &none;
}

/* Each number has a place of its own, and a name. */
static void names(void **state)
{
    unsigned int seen[CORS_COUNT_PLACES] = { 0 };
    const cors_count_row_t *row;
    int i;

    for (i = 0; i < CORS_COUNT_ROWS; i++) {
        row = &cors_count_rows[i];
        assert_non_null(row->kind);
        assert_non_null(row->word);
        assert_in_range(row->count, 0, CORS_COUNT_PLACES - 1);
        assert_int_equal(seen[row->count]++, 0);
    }
    row = find_row(CORS_COUNT_PLACE(1, CORS_HEADER_NOT_ALLOWED));
    assert_string_equal(row->kind, "preflight");
    assert_string_equal(row->word, "header-not-allowed");
    row = find_row(CORS_COUNT_PLACE(0, CORS_ORIGIN_MISSING));
    assert_string_equal(row->kind, "actual");
    assert_string_equal(row->word, "origin-missing");
    assert_string_equal(find_row(CORS_COUNT_withheld)->word, "withheld");
}

/* Every verdict that judging alone can come to is counted for both kinds of
 * requests.  An actual request names no method and no headers. */
static void verdicts(void **state)
{
    int verdict;

    for (verdict = 0; verdict < CORS_SAME_ORIGIN; verdict++) {
        const cors_count_row_t *preflight = find_row(
            CORS_COUNT_PLACE(1, verdict));
        const cors_count_row_t *actual = find_row(
            CORS_COUNT_PLACE(0, verdict));

        assert_string_equal(preflight->kind, "preflight");
        assert_string_equal(preflight->word, cors_verdict_word(verdict));
        if (verdict != CORS_HEADER_NOT_ALLOWED
            && verdict != CORS_HEADERS_MALFORMED) {
            assert_string_equal(actual->kind, "actual");
            assert_string_equal(actual->word, cors_verdict_word(verdict));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(keeps),   TEST(lacks),
                                        TEST(sums),    TEST(adds),
                                        TEST(many),    TEST(names),
                                        TEST(verdicts) };

    return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
