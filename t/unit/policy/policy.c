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
#define VALUE_PHRASE         VALUE_WORDS
#define VALUE_PAGE           VALUE_WORDS
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

/* Two policies with the same values from the same lines, and the same lists.
 */
static void check_same(const cors_policy_t *a, const cors_policy_t *b,
                       const char *reason)
{
    int i;

    check_number("named", a->named, b->named, reason);
    check_number("CorsAllowUnsafe", a->unsafe, b->unsafe, reason);
    for (i = 0; i < CORS_UNSAFE_COUNT; i++) {
        assert_ptr_equal(a->unsafe_at[i], b->unsafe_at[i]);
    }
#define X(kind, type, name, directive, words, help)                \
    check_number(directive, a->name == b->name, 1, reason);        \
    check_number(directive, a->name##_set, b->name##_set, reason); \
    check_number(directive, a->name##_at == b->name##_at, 1, reason);
    CORS_SCALARS(X)
#undef X
#define X(name, directive, help) \
    check_number(directive, a->name == b->name, 1, reason);
    CORS_LISTS(X)
#undef X
}

/* One directive in the nearer section changes that value and no other,
 * whether the enclosing one has it or not. */
static void changes_one_value(void **state)
{
    cors_policy_t bases[2] = { { 0 }, *full(1, 1, *state) };
    cors_policy_t merged;
    size_t i;

    for (i = 0; i < COUNT(bases); i++) {
        const cors_policy_t *base = &bases[i];

#define X(kind, type, name, directive, words, help)     \
    {                                                   \
        cors_policy_t expected = *base;                 \
        cors_policy_t add = { 0 };                      \
                                                        \
        add.name##_set = 1;                             \
        add.name##_at = line(2);                        \
        expected.name = VALUE_##kind(type, 0);          \
        expected.name##_set = 1;                        \
        expected.name##_at = line(2);                   \
        cors_policy_merge(*state, base, &add, &merged); \
        check_same(&merged, &expected, directive);      \
    }
        CORS_SCALARS(X)
#undef X
#define X(name, directive, help)                            \
    {                                                       \
        cors_policy_t expected = *base;                     \
        cors_policy_t add = { 0 };                          \
                                                            \
        expected.name = add.name = origins("none", *state); \
        cors_policy_merge(*state, base, &add, &merged);     \
        check_same(&merged, &expected, directive);          \
    }
        CORS_LISTS(X)
#undef X
    }
}

/* A list that inherits is laid over the enclosing section's, one that does
 * not takes its place. */
static void links_lists(void **state)
{
    const cors_policy_t *base = full(1, 1, *state);
    cors_policy_t add = { 0 };
    cors_policy_t merged;

#define X(name, directive, help) add.name = origins("inherit", *state);
    CORS_LISTS(X)
#undef X
    cors_policy_merge(*state, base, &add, &merged);
#define X(name, directive, help)                      \
    assert_ptr_equal(merged.name->outer, base->name); \
    assert_ptr_equal(merged.name->first, add.name->first);
    CORS_LISTS(X)
#undef X
}

static void notes_that_something_is_named(void **state)
{
    static const struct {
        unsigned int base;
        unsigned int add;
        unsigned int merged;
    } rows[] = { { 0, 0, 0 }, { 0, 1, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_policy_t base = { 0 };
        cors_policy_t add = { 0 };
        cors_policy_t merged;

        base.named = rows[i].base;
        add.named = rows[i].add;
        cors_policy_merge(*state, &base, &add, &merged);
        assert_int_equal(merged.named, rows[i].merged);
    }
}

/* A policy of which each directive is there or not, at random. */
static cors_policy_t *some_policy(apr_pool_t *p)
{
    static const char *const lists[] = { "none", "inherit",
                                         "inherit https://a.example",
                                         "https://b.example" };
    cors_policy_t *policy = apr_pcalloc(p, sizeof(*policy));
    int i;

    policy->named = pick(2);
    policy->unsafe = pick(1 << CORS_UNSAFE_COUNT);
    for (i = 0; i < CORS_UNSAFE_COUNT; i++) {
        policy->unsafe_at[i] = policy->unsafe >> i & 1 ? line((int)pick(8))
                                                       : NULL;
    }
#define X(kind, type, name, directive, words, help) \
    if (pick(2)) {                                  \
        policy->name = VALUE_##kind(type, pick(2)); \
        policy->name##_set = 1;                     \
        policy->name##_at = line((int)pick(8));     \
    }
    CORS_SCALARS(X)
#undef X
#define X(name, directive, help) \
    policy->name = pick(2) ? origins(lists[pick(COUNT(lists))], p) : NULL;
    CORS_LISTS(X)
#undef X
    return policy;
}

/* Lists that two ways of merging have made are two chains of equal leaves. */
static void check_same_list(const cors_list_t *a, const cors_list_t *b)
{
    for (; a && b; a = a->outer, b = b->outer) {
        assert_ptr_equal(a->first, b->first);
        assert_ptr_equal(a->any, b->any);
        assert_ptr_equal(a->only, b->only);
        assert_int_equal(a->count, b->count);
        assert_int_equal(a->length, b->length);
        assert_int_equal(a->flags, b->flags);
        assert_int_equal(a->open, b->open);
    }
    assert_null(a);
    assert_null(b);
}

static void merge_is_associative(void **state)
{
    int round;

    for (round = 0; round < 3000; round++) {
        cors_policy_t ab, bc, ab_c, a_bc;
        const cors_policy_t *a, *b, *c;
        apr_pool_t *p;

        apr_pool_create(&p, *state);
        a = some_policy(p);
        b = some_policy(p);
        c = some_policy(p);
        cors_policy_merge(p, a, b, &ab);
        cors_policy_merge(p, &ab, c, &ab_c);
        cors_policy_merge(p, b, c, &bc);
        cors_policy_merge(p, a, &bc, &a_bc);
#define X(name, directive, help)           \
    check_same_list(ab_c.name, a_bc.name); \
    ab_c.name = a_bc.name = NULL;
        CORS_LISTS(X)
#undef X
        check_same(&ab_c, &a_bc, "associative");
        apr_pool_destroy(p);
    }
}

/* Each word of CorsAllowUnsafe is a bit of its own, found by its number. */
static void knows_the_words_of_unsafe(void **state)
{
    unsigned int all = 0;

#define X(value, word)                                            \
    assert_int_equal(value, 1 << value##_NUMBER);                 \
    assert_string_equal(cors_unsafe_words[value##_NUMBER], word); \
    assert_int_equal(all &(value), 0);                            \
    all |= (value);
    CORS_UNSAFES(X)
#undef X
    assert_int_equal(all, (1 << CORS_UNSAFE_COUNT) - 1);
    assert_null(cors_unsafe_words[CORS_UNSAFE_COUNT]);
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
    /* Two sections can put "*" and an origin into one chain. */
    policy.origins = cors_list_merge(
        *state, origins("*", *state),
        origins("inherit https://b.example", *state));
    assert_null(cors_policy_static_origin(&policy));
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(inherits_what_is_not_named),
                                        TEST(replaces_what_is_named),
                                        TEST(changes_one_value),
                                        TEST(links_lists),
                                        TEST(notes_that_something_is_named),
                                        TEST(merge_is_associative),
                                        TEST(knows_the_words_of_unsafe),
                                        TEST(adds_up_what_is_unsafe),
                                        TEST(holds_where_origins_are_named),
                                        TEST(has_a_static_origin) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
