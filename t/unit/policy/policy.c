/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include "policy/policy.h"

/* Two lines that are not the same. */
static const cors_line_t *line(int n)
{
    static const char lines[8] = "lines";

    return (const cors_line_t *)(lines + n);
}

static const char age[] = "600";

/* The value n of a scalar of the kind. */
#define VALUE_WORDS(type, n) ((type)(n))
#define VALUE_AGE(type, n)   ((n) ? age : NULL)

/* A policy with every scalar set to the value, from the line n. */
static cors_policy_t *full(int value, int n, apr_pool_t *p)
{
    cors_policy_t *policy = apr_pcalloc(p, sizeof(*policy));

    policy->named = 1;
#define X(kind, type, name, directive, words, help) \
    policy->name = VALUE_##kind(type, value);       \
    policy->name##_set = 1;                         \
    policy->name##_at = line(n);
    CORS_SCALARS(X)
#undef X
#define X(name, directive, help) \
    policy->name = apr_pcalloc(p, sizeof(cors_list_t));
    CORS_LISTS(X)
#undef X
    return policy;
}

/* Where the nearer section says nothing, the enclosing one's word holds. */
static void inherits_what_is_not_named(void **state)
{
    const cors_policy_t *base = full(1, 1, *state);
    cors_policy_t add = { 0 };
    cors_policy_t merged;

    cors_policy_merge(*state, base, &add, &merged);
#define X(kind, type, name, directive, words, help)    \
    assert_true(merged.name == VALUE_##kind(type, 1)); \
    assert_true(merged.name##_set);                    \
    assert_ptr_equal(merged.name##_at, line(1));
    CORS_SCALARS(X)
#undef X
#define X(name, directive, help) assert_ptr_equal(merged.name, base->name);
    CORS_LISTS(X)
#undef X
    assert_true(merged.named);
}

/* Where it says something, its default included, that holds. */
static void replaces_what_is_named(void **state)
{
    const cors_policy_t *base = full(1, 1, *state);
    const cors_policy_t *add = full(0, 2, *state);
    cors_policy_t merged;

    cors_policy_merge(*state, base, add, &merged);
#define X(kind, type, name, directive, words, help)    \
    assert_true(merged.name == VALUE_##kind(type, 0)); \
    assert_true(merged.name##_set);                    \
    assert_ptr_equal(merged.name##_at, line(2));
    CORS_SCALARS(X)
#undef X
#define X(name, directive, help) assert_ptr_equal(merged.name, add->name);
    CORS_LISTS(X)
#undef X
}

static void adds_up_what_is_unsafe(void **state)
{
    cors_policy_t base = { 0 };
    cors_policy_t add = { 0 };
    cors_policy_t merged;

    base.unsafe = CORS_UNSAFE_NULL_ORIGIN | CORS_UNSAFE_INSECURE_ORIGINS;
    base.unsafe_at[CORS_UNSAFE_NULL_ORIGIN_NUMBER] = line(1);
    base.unsafe_at[CORS_UNSAFE_INSECURE_ORIGINS_NUMBER] = line(1);
    add.unsafe = CORS_UNSAFE_PUBLIC_SUFFIXES | CORS_UNSAFE_NULL_ORIGIN;
    add.unsafe_at[CORS_UNSAFE_PUBLIC_SUFFIXES_NUMBER] = line(2);
    add.unsafe_at[CORS_UNSAFE_NULL_ORIGIN_NUMBER] = line(2);
    cors_policy_merge(*state, &base, &add, &merged);
    assert_int_equal(merged.unsafe, 7);
    assert_ptr_equal(merged.unsafe_at[CORS_UNSAFE_INSECURE_ORIGINS_NUMBER],
                     line(1));
    assert_ptr_equal(merged.unsafe_at[CORS_UNSAFE_PUBLIC_SUFFIXES_NUMBER],
                     line(2));
    assert_ptr_equal(merged.unsafe_at[CORS_UNSAFE_NULL_ORIGIN_NUMBER],
                     line(2));
    assert_string_equal(cors_unsafe_words[CORS_UNSAFE_NULL_ORIGIN_NUMBER],
                        "null-origin");
    assert_null(cors_unsafe_words[CORS_UNSAFE_COUNT]);
}

static void holds_where_origins_are_named(void **state)
{
    cors_policy_t policy = { 0 };

    assert_false(cors_policy_holds(&policy));
    policy.origins = origins("none", *state);
    assert_true(cors_policy_holds(&policy));
    policy.engine = CORS_ENGINE_DETECTION_ONLY;
    assert_true(cors_policy_holds(&policy));
    policy.engine = CORS_ENGINE_OFF;
    assert_false(cors_policy_holds(&policy));
}

static void has_a_static_origin(void **state)
{
    cors_policy_t policy = { 0 };

    policy.origins = origins("https://a.example", *state);
    assert_null(cors_policy_static_origin(&policy));
    policy.static_origin = CORS_SWITCH_ON;
    assert_ptr_equal(cors_policy_static_origin(&policy),
                     policy.origins->first);
    policy.origins = origins("https://a.example https://b.example", *state);
    assert_null(cors_policy_static_origin(&policy));
    policy.origins = origins("*", *state);
    assert_null(cors_policy_static_origin(&policy));
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(inherits_what_is_not_named),
                                        TEST(replaces_what_is_named),
                                        TEST(adds_up_what_is_unsafe),
                                        TEST(holds_where_origins_are_named),
                                        TEST(has_a_static_origin) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
