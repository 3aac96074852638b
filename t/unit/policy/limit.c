/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Ceilings: what they cover, whom they let through, and how they add up. */

#include "lists.h"

#include "policy/limit.h"

static const cors_limit_t *ceiling(const char *text, const cors_limit_t *outer,
                                   apr_pool_t *p)
{
    cors_limit_t *limit = cors_limit_make(outer, p);
    char *state;
    char *word = apr_strtok(apr_pstrdup(p, text), " ", &state);

    for (; word; word = apr_strtok(NULL, " ", &state)) {
        assert_true(cors_limit_takes(word));
        assert_null(cors_limit_add(limit, word, NULL, NULL, p, p));
    }
    return limit;
}

static int is_within(const cors_limit_t *limits, const char *origin)
{
    return !cors_limit_find_outside(limits, origin, strlen(origin));
}

/* A pattern in a ceiling and one of a policy: all combinations of subdomains
 * and ports. */
static void covers_patterns(void **state)
{
    static const struct {
        const char *ceiling, *word;
        int covers;
    } rows[] = {
        { "https://a.example", "https://a.example", 1 },
        { "https://a.example", "https://b.example", 0 },
        { "https://a.example", "http://a.example", 0 },
        { "https://a.example", "https://a.example:*", 0 },
        { "https://a.example", "https://*.a.example", 0 },
        { "https://a.example:8443", "https://a.example", 0 },
        { "https://a.example:*", "https://a.example", 1 },
        { "https://a.example:*", "https://a.example:8443", 1 },
        { "https://a.example:*", "https://a.example:*", 1 },
        { "https://a.example:*", "https://b.a.example:*", 0 },
        { "https://a.example:*", "https://*.a.example:*", 0 },
        { "https://*.a.example", "https://a.example", 0 },
        { "https://*.a.example", "https://b.a.example", 1 },
        { "https://*.a.example", "https://b.a.example:8443", 0 },
        { "https://*.a.example", "https://b.a.example:*", 0 },
        { "https://*.a.example", "https://*.a.example", 1 },
        { "https://*.a.example", "https://*.b.a.example", 1 },
        { "https://*.a.example", "https://*.c.b.a.example", 1 },
        { "https://*.a.example", "https://*.ba.example", 0 },
        { "https://*.a.example", "https://*.example", 0 },
        { "https://*.a.example", "http://*.a.example", 0 },
        { "https://*.a.example", "https://*.a.example:*", 0 },
        { "https://*.a.example:8443", "https://*.b.a.example:8443", 1 },
        { "https://*.a.example:8443", "https://*.b.a.example", 0 },
        { "https://*.a.example:*", "https://*.a.example", 1 },
        { "https://*.a.example:*", "https://*.a.example:8443", 1 },
        { "https://*.a.example:*", "https://*.b.a.example:*", 1 },
        { "https://*.a.example:*", "https://b.a.example:*", 1 },
        { "https://*.a.example:*", "https://a.example:*", 0 },
        { "https://*.b.a.example", "https://*.a.example", 0 },
        { "https://b.example https://*.a.example", "https://*.b.a.example",
          1 },
        { "https://b.example https://*.a.example", "https://b.example", 1 },
        { "https://b.example https://*.a.example", "https://c.example", 0 },
        { "https://*.a.example", "*", 0 },
        { "https://*.a.example https://b.example", "null", 0 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *list = origins(rows[i].word, *state);

        check_number(rows[i].ceiling,
                     (unsigned long)cors_limit_covers(
                         ceiling(rows[i].ceiling, NULL, *state), list->first),
                     (unsigned long)rows[i].covers, rows[i].word);
    }
}

static void lets_origins_through(void **state)
{
    static const struct {
        const char *ceiling, *origin;
        int within;
    } rows[] = {
        { "https://*.a.example", "https://b.a.example", 1 },
        { "https://*.a.example", "https://c.b.a.example", 1 },
        { "https://*.a.example", "https://a.example", 0 },
        { "https://*.a.example", "https://ba.example", 0 },
        { "https://*.a.example", "http://b.a.example", 0 },
        { "https://*.a.example", "https://b.a.example:8443", 0 },
        { "https://*.a.example", "https://b.a.example.evil.example", 0 },
        { "https://*.a.example:8443", "https://b.a.example:8443", 1 },
        { "https://*.a.example:8443", "https://b.a.example", 0 },
        { "https://*.a.example:*", "https://b.a.example:1", 1 },
        { "https://a.example:*", "https://a.example", 1 },
        { "https://a.example https://*.b.example", "https://a.example", 1 },
        { "https://a.example https://*.b.example", "https://x.b.example", 1 },
        { "https://a.example https://*.b.example", "https://x.a.example", 0 },
        { "https://*.a.example", "null", 0 },
        { "https://*.a.example https://b.example", "null", 0 },
        { "https://*.a.example https://b.example", "*", 0 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        check_number(
            rows[i].ceiling,
            (unsigned long)is_within(ceiling(rows[i].ceiling, NULL, *state),
                                     rows[i].origin),
            (unsigned long)rows[i].within, rows[i].origin);
    }
}

static void takes_no_keywords(void **state)
{
    assert_false(cors_limit_takes("*"));
    assert_false(cors_limit_takes("null"));
    assert_false(cors_limit_takes("None"));
    assert_false(cors_limit_takes("INHERIT"));
    assert_true(cors_limit_takes("https://a.example"));
}

/* The nearest ceiling outside of which the origin is. */
static void adds_up(void **state)
{
    const cors_limit_t *outer = ceiling("https://*.a.example", NULL, *state);
    const cors_limit_t *inner = ceiling(
        "https://*.b.a.example https://x.example", NULL, *state);
    const cors_limit_t *both = cors_limit_merge(*state, outer, inner);
    const char *wide = "https://c.a.example";

    assert_true(is_within(both, "https://c.b.a.example"));
    assert_false(is_within(both, "https://x.example"));
    assert_false(is_within(both, wide));
    assert_ptr_equal(cors_limit_find_outside(both, wide, strlen(wide))->list,
                     inner->list);
    assert_ptr_equal(
        cors_limit_find_outside(both, "https://x.example", 17)->list,
        outer->list);
    assert_null(inner->outer);
    assert_ptr_equal(cors_limit_merge(*state, NULL, inner), inner);
    assert_ptr_equal(cors_limit_merge(*state, outer, NULL), outer);
    assert_true(is_within(NULL, "https://x.example"));
}

/* A look-up set that has one origin, and can't tell of another. */
static cors_found_e ask(const cors_set_t *set, const char *origin, size_t len)
{
    return strcmp(origin, "https://in-set.example") == 0 ? CORS_FOUND_YES
           : strcmp(origin, "https://perhaps.example") == 0
               ? CORS_FOUND_UNKNOWN
               : CORS_FOUND_NO;
}

/* A ceiling has what its sets have; one that can't tell has nothing. */
static void looks_into_sets(void **state)
{
    static const struct {
        const char *origin;
        int within, outer; /* of the ceiling with the set; of the outer one */
        int is_unknown;
    } rows[] = {
        { "https://in-set.example", 1, 1, 0 },
        { "https://a.own.example", 1, 1, 0 },
        { "https://own.example", 0, 1, 0 },
        { "https://perhaps.example", 0, 1, 1 },
        { "https://a.own.example:1", 0, 0, 0 },
        { "https://other.test", 0, 0, 0 },
        { "null", 0, 0, 0 },
    };
    static const char own[] = "https://*.own.example";
    static const cors_set_t set = { .name = "shops", .is_lookup = 1 };
    const cors_limit_t *outer = ceiling("https://*.example", NULL, *state);
    cors_limit_t *limit = cors_limit_make(outer, *state);
    const cors_set_t *unknown;
    size_t i;

    assert_null(cors_limit_add(limit, own, NULL, NULL, *state, *state));
    assert_null(cors_set_add(cors_limit_list_for_set(limit), &set, "@shops",
                             NULL, *state));
    for (i = 0; i < COUNT(rows); i++) {
        const char *text = rows[i].origin;
        size_t len = strlen(text);

        check_number(
            text,
            !cors_limit_find_outside_sets(limit, 0, ask, text, len, &unknown),
            (unsigned long)(rows[i].within && rows[i].outer), "within both");
        check_number(text, unknown == &set, (unsigned long)rows[i].is_unknown,
                     "unknown");
        check_number(text, is_within(outer, text),
                     (unsigned long)rows[i].outer, "the outer one");
    }
    assert_ptr_equal(cors_limit_find_outside_sets(limit, 0, NULL,
                                                  "https://in-set.example", 22,
                                                  &unknown),
                     limit);
    assert_ptr_equal(unknown, &set);
    assert_null(cors_limit_find_outside_sets(
        limit, 0, cors_set_perhaps, "https://x.example", 17, &unknown));
    /* A set in the outer ceiling does not widen the inner one. */
    limit->outer = NULL;
    assert_ptr_equal(
        cors_limit_find_outside_sets(
            cors_limit_merge(*state, limit,
                             ceiling("https://x.example", NULL, *state)),
            0, ask, "https://in-set.example", 22, &unknown)
            ->outer,
        limit);
    /* What a set's ceiling does not list is not covered by it. */
    assert_false(
        cors_limit_covers(limit, origins("https://b.example", *state)->first));
}

#define LEVELS 5

/* Merges neighbours until one is left, in a random order. */
static const cors_limit_t *merge_all(const cors_limit_t **all, apr_pool_t *p)
{
    unsigned int count, i;

    for (count = LEVELS; count > 1; count--) {
        unsigned int first = pick(count - 1);

        all[first] = cors_limit_merge(p, all[first], all[first + 1]);
        for (i = first + 1; i + 1 < count; i++) {
            all[i] = all[i + 1];
        }
    }
    return all[0];
}

/* No order of merging loses a ceiling, doubles one, or writes to one. */
static void is_associative(void **state)
{
    int round;

    for (round = 0; round < 200; round++) {
        const cors_limit_t *made[LEVELS];
        const cors_limit_t *all[LEVELS];
        const cors_limit_t *merged;
        int i;

        for (i = 0; i < LEVELS; i++) {
            made[i] = pick(3) ? ceiling("https://*.a.example", NULL, *state)
                              : NULL;
            all[i] = made[i];
        }
        merged = merge_all(all, *state);
        for (i = LEVELS - 1; i >= 0; i--) {
            if (made[i]) {
                assert_non_null(merged);
                assert_ptr_equal(merged->list, made[i]->list);
                assert_null(made[i]->outer);
                merged = merged->outer;
            }
        }
        assert_null(merged);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(covers_patterns),   TEST(lets_origins_through),
        TEST(takes_no_keywords), TEST(adds_up),
        TEST(looks_into_sets),   TEST(is_associative)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
