/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Sets in lists: their names, what they add to a list, in which order they are
 * looked up and asked, and what is said of those that can't tell. */

#include "lists.h"
#include "snapshots.h"

#define NOW 5

static void knows_names(void **state)
{
    static const struct {
        const char *name;
        int is_one;
    } rows[] = {
        { "a", 1 },   { "partners-2", 1 }, { "-", 1 },
        { "", 0 },    { "A", 0 },          { "a_b", 0 },
        { "a b", 0 }, { "@a", 0 },         { "a\xc3\xa4", 0 },
    };
    char *longest = apr_pcalloc(*state, CORS_SET_NAME_MAX + 2);
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        check_number(rows[i].name,
                     (unsigned long)cors_set_is_name(rows[i].name),
                     (unsigned long)rows[i].is_one, "whether it is a name");
    }
    memset(longest, 'a', CORS_SET_NAME_MAX);
    assert_true(cors_set_is_name(longest));
    longest[CORS_SET_NAME_MAX] = 'a';
    assert_false(cors_set_is_name(longest));
}

/* A list of the words, and of the sets named behind them. */
static cors_list_t *list_of(const char *text, const cors_set_t *a,
                            const cors_set_t *b, apr_pool_t *p)
{
    cors_list_t *list = origins(text, p);

    if (a) {
        assert_null(cors_set_add(list, a, apr_pstrcat(p, "@", a->name, NULL),
                                 NULL, p));
    }
    if (b) {
        assert_null(cors_set_add(list, b, apr_pstrcat(p, "@", b->name, NULL),
                                 NULL, p));
    }
    return list;
}

static void joins_a_list(void **state)
{
    cors_set_t *set = snapshot_set("a", "", *state);
    cors_list_t *list = list_of("https://a.example", set, NULL, *state);
    cors_list_t *any = origins("*", *state);
    cors_list_t *none = origins("none", *state);

    assert_int_equal(list->count, 2);
    assert_true(list->flags & CORS_WORD_SET);
    /* No response can name the one origin that the list writes. */
    assert_null(list->only);
    assert_string_equal(list->last->text, "@a");
    check_text("beside *", cors_set_add(any, set, "@a", NULL, *state),
               CORS_LIST_ALONE, "they stand alone");
    check_text("beside none", cors_set_add(none, set, "@a", NULL, *state),
               CORS_LIST_ALONE, "they stand alone");
    assert_null(any->sets);
    assert_null(none->sets);
    assert_int_equal(any->count, origins("*", *state)->count);
}

static void knows_doubles(void **state)
{
    cors_set_t *a = snapshot_set("a", "", *state);
    cors_list_t *list = list_of("", a, snapshot_set("b", "", *state), *state);
    const cors_word_t *first = list->sets->words[0];
    const cors_word_t *second = list->sets->next->words[0];

    assert_null(cors_set_find_other(list, first));
    assert_null(cors_set_find_other(list, second));
    assert_null(cors_set_add(list, a, "@a", NULL, *state));
    assert_ptr_equal(cors_set_find_other(list, list->last), first);
}

/* What a list says of an exact origin, or of a pattern's. */
static int find(const cors_list_t *list, apr_uint32_t now, const char *text,
                cors_set_hit_t *hit)
{
    cors_origin_t origin;

    assert_int_equal(cors_origin_parse(text, strlen(text), &origin), 0);
    return cors_set_find_exact(list, now, text, strlen(text), hit)
           || cors_set_find_pattern(list, now, &origin, text, strlen(text),
                                    hit);
}

/* A list is replaced after the look for exact origins. */
static void sees_one_list(void **state)
{
    static const char origin_text[] = "https://a.b.example";
    static const struct {
        const char *before, *after;
        int found;
        const char *reason;
    } rows[] = {
        { "https://*.b.example", "https://a.b.example", 1,
          "listed before and after" },
        { "https://*.b.example", "https://b.example", 0, "no longer listed" },
        { "https://b.example", "https://a.b.example", 1, "now listed" },
    };
    size_t len = strlen(origin_text);
    cors_origin_t origin;
    size_t i;

    assert_int_equal(cors_origin_parse(origin_text, len, &origin), 0);
    for (i = 0; i < COUNT(rows); i++) {
        cors_set_t *set = snapshot_set("a", rows[i].before, *state);
        cors_list_t *list = list_of("", snapshot_set("b", "", *state), set,
                                    *state);
        cors_set_hit_t hit;
        int found = cors_set_find_exact(list, NOW, origin_text, len, &hit);

        cors_halves_publish(
            &set->snapshot,
            image_of(rows[i].after, set->snapshot.size, *state));
        found = found
                || cors_set_find_pattern(list, NOW, &origin, origin_text, len,
                                         &hit);
        check_number("found", found, (unsigned long)rows[i].found,
                     rows[i].reason);
        assert_ptr_equal(hit.set, found ? set : NULL);
    }
}

/* A list that gets too old, or is read for the first time, after the look for
 * exact origins. */
static void sees_what_can_be_told(void **state)
{
    static const char text[] = "https://a.example";
    cors_set_t *set = snapshot_set("a", "https://b.example", *state);
    cors_list_t *list = list_of("", set, NULL, *state);
    cors_origin_t origin;
    cors_set_hit_t hit;

    assert_int_equal(cors_origin_parse(text, strlen(text), &origin), 0);
    assert_false(cors_set_find_exact(list, NOW, text, strlen(text), &hit));
    cors_halves_set_good_until(&set->snapshot, NOW - 1);
    assert_false(
        cors_set_find_pattern(list, NOW, &origin, text, strlen(text), &hit));
    assert_ptr_equal(hit.set, set);

    assert_false(cors_set_find_exact(list, NOW, text, strlen(text), &hit));
    assert_ptr_equal(hit.set, set);
    cors_halves_publish(&set->snapshot,
                        image_of(text, set->snapshot.size, *state));
    cors_halves_set_good_until(&set->snapshot, NOW);
    assert_true(
        cors_set_find_pattern(list, NOW, &origin, text, strlen(text), &hit));
    assert_ptr_equal(hit.word, list->sets->words[0]);
}

/* A hit is a word of the list, which outlives the image, with the flags of
 * what was found. */
static void returns_words_of_the_list(void **state)
{
    static const struct {
        const char *origin;
        unsigned int flags;
    } rows[] = {
        { "https://a.example", CORS_WORD_SET },
        { "http://a.example", CORS_WORD_SET | CORS_WORD_INSECURE },
        { "http://localhost", CORS_WORD_SET },
        { "https://x.b.example", CORS_WORD_SET },
        { "http://x.b.example", CORS_WORD_SET | CORS_WORD_INSECURE },
    };
    cors_set_t *set = snapshot_set(
        "a",
        "https://a.example http://a.example http://localhost "
        "https://*.b.example http://*.b.example",
        *state);
    cors_list_t *list = list_of("", set, NULL, *state);
    cors_set_hit_t hit;
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        assert_true(find(list, NOW, rows[i].origin, &hit));
        check_number(rows[i].origin, hit.word->flags, rows[i].flags, "flags");
        check_text(rows[i].origin, hit.word->text, "@a", "the word");
        assert_ptr_equal(hit.set, set);
    }
    assert_false(find(list, NOW, "https://b.example", &hit));
    assert_null(hit.word);
    assert_null(hit.set);
    /* The word in the list itself has no risk. */
    assert_int_equal(list->last->flags, CORS_WORD_SET);
}

/* The risks of a public suffix go with the word, too. */
static void knows_suffixes(void **state)
{
    cors_list_t *list = list_of("", snapshot_set("a", "", *state), NULL,
                                *state);
    const cors_word_t *const *words = list->sets->words;

    assert_int_equal(words[0]->flags, CORS_WORD_SET);
    assert_int_equal(words[CORS_IMAGE_INSECURE]->flags,
                     CORS_WORD_SET | CORS_WORD_INSECURE);
    assert_int_equal(words[CORS_IMAGE_SUFFIX]->flags,
                     CORS_WORD_SET | CORS_WORD_SUFFIX);
    assert_int_equal(words[CORS_IMAGE_RISKS]->flags,
                     CORS_WORD_SET | CORS_WORD_INSECURE | CORS_WORD_SUFFIX);
}

static void looks_at_the_nearest_first(void **state)
{
    cors_set_t *inner = snapshot_set("inner", "https://a.example", *state);
    cors_set_t *second = snapshot_set("second", "https://a.example", *state);
    cors_set_t *outer = snapshot_set(
        "outer", "https://a.example https://b.example", *state);
    cors_list_t *list = list_of("inherit", inner, second, *state);
    const cors_list_t *all = cors_list_merge(
        *state, list_of("", outer, NULL, *state), list);
    cors_set_hit_t hit;

    assert_true(find(all, NOW, "https://a.example", &hit));
    check_text("a", hit.set->name, "inner", "the first of the nearest");
    assert_true(find(all, NOW, "https://b.example", &hit));
    check_text("b", hit.set->name, "outer", "what is inherited");
    list = list_of("", second, inner, *state);
    assert_true(find(list, NOW, "https://a.example", &hit));
    check_text("turned", hit.set->name, "second", "in the order written");
    assert_false(find(list, NOW, "https://b.example", &hit));
}

/* A set without a list, or with one that is too old, can't tell; another set
 * can still allow the origin. */
static void tells_who_cannot_tell(void **state)
{
    cors_set_t *never = snapshot_set("never", NULL, *state);
    cors_set_t *old = snapshot_set("old", "https://a.example", *state);
    cors_set_t *good = snapshot_set("good", "https://b.example", *state);
    cors_set_hit_t hit;

    cors_halves_set_good_until(&good->snapshot, 100);
    assert_false(find(list_of("", never, good, *state), NOW,
                      "https://a.example", &hit));
    assert_null(hit.word);
    check_text("no list", hit.set->name, "never", "the first that can't");
    assert_true(find(list_of("", never, good, *state), NOW,
                     "https://b.example", &hit));
    check_text("another has it", hit.set->name, "good", "it decides");

    assert_true(
        find(list_of("", old, good, *state), 10, "https://a.example", &hit));
    assert_false(
        find(list_of("", old, good, *state), 11, "https://a.example", &hit));
    check_text("too old", hit.set->name, "old", "a second later");
    assert_false(
        find(list_of("", good, old, *state), 11, "https://a.example", &hit));
    check_text("behind another", hit.set->name, "old", "wherever it is");
    assert_false(
        find(list_of("", old, never, *state), 11, "https://a.example", &hit));
    check_text("both", hit.set->name, "old", "the first");
    assert_false(
        find(list_of("", good, NULL, *state), NOW, "https://a.example", &hit));
    assert_null(hit.set);
}

/* What the stub says, and what it was asked. */
static cors_found_e said[3];
static const cors_set_t *asked[8];
static unsigned int count;

static cors_found_e stub(const cors_set_t *set, const char *origin, size_t len)
{
    asked[count++] = set;
    return said[set->name[0] - 'a'];
}

static int ask(const cors_list_t *list, cors_ask_fn *fn, const char *text,
               cors_set_hit_t *hit)
{
    count = 0;
    hit->word = NULL;
    hit->set = NULL;
    return cors_set_ask(list, fn, text, strlen(text), hit);
}

static void asks_in_order(void **state)
{
    static const char a[] = "https://a.example";
    static const struct {
        cors_found_e a, b, c;
        unsigned int asked;
        const char *set;
        int found;
        const char *reason;
    } rows[] = {
        { CORS_FOUND_NO, CORS_FOUND_NO, CORS_FOUND_NO, 3, NULL, 0,
          "nobody has it" },
        { CORS_FOUND_YES, CORS_FOUND_YES, CORS_FOUND_YES, 1, "a", 1,
          "the nearest ends it" },
        { CORS_FOUND_NO, CORS_FOUND_YES, CORS_FOUND_UNKNOWN, 2, "b", 1,
          "the second" },
        { CORS_FOUND_UNKNOWN, CORS_FOUND_NO, CORS_FOUND_YES, 3, "c", 1,
          "a fault refuses nothing" },
        { CORS_FOUND_NO, CORS_FOUND_UNKNOWN, CORS_FOUND_NO, 3, "b", 0,
          "no is not unknown" },
        { CORS_FOUND_UNKNOWN, CORS_FOUND_NO, CORS_FOUND_UNKNOWN, 3, "a", 0,
          "the first that can't tell" },
    };
    cors_list_t *inner = list_of("inherit", lookup_set("a", *state),
                                 lookup_set("b", *state), *state);
    const cors_list_t *list = cors_list_merge(
        *state, list_of("", lookup_set("c", *state), NULL, *state), inner);
    cors_set_hit_t hit;
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        said[0] = rows[i].a;
        said[1] = rows[i].b;
        said[2] = rows[i].c;
        check_number("found", ask(list, stub, a, &hit) != 0,
                     (unsigned long)rows[i].found, rows[i].reason);
        check_number("asked", count, rows[i].asked, rows[i].reason);
        check_text("set", hit.set ? hit.set->name : NULL, rows[i].set,
                   rows[i].reason);
        check_text("word", hit.word ? hit.word->text + 1 : NULL,
                   rows[i].found ? rows[i].set : NULL, rows[i].reason);
    }
    assert_false(ask(list, NULL, a, &hit));
    check_text("nobody may ask", hit.set->name, "a", "then none can tell");
}

/* Snapshots are not asked, and look-up sets not looked up. */
static void keeps_the_kinds_apart(void **state)
{
    cors_list_t *list = list_of("",
                                snapshot_set("a", "https://a.example", *state),
                                lookup_set("b", *state), *state);
    cors_set_hit_t hit;

    said[0] = said[1] = CORS_FOUND_NO;
    assert_false(ask(list, stub, "https://x.example", &hit));
    check_number("asked", count, 1, "the look-up set");
    check_text("which", asked[0]->name, "b", "the look-up set");
    count = 0;
    assert_false(find(list, NOW, "https://x.example", &hit));
    assert_null(hit.set);
    check_number("asked", count, 0, "nobody is asked while snapshots do");
}

/* A look-up set has origins, no patterns: the risk is the origin's. */
static void knows_the_risk_of_an_answer(void **state)
{
    static const struct {
        const char *origin;
        unsigned int flags;
    } rows[] = {
        { "https://a.example", 0 },
        { "http://a.example", CORS_WORD_INSECURE },
        { "http://localhost:3000", 0 },
        { "http://a.localhost", 0 },
        { "http://127.1.2.3", 0 },
        { "http://[::1]", 0 },
        { "http://128.0.0.1", CORS_WORD_INSECURE },
        { "app://a.example", 0 },
        { "httq://a.example", 0 },
    };
    cors_list_t *list = list_of("", lookup_set("a", *state), NULL, *state);
    cors_set_hit_t hit;
    size_t i;

    said[0] = CORS_FOUND_YES;
    for (i = 0; i < COUNT(rows); i++) {
        assert_true(ask(list, stub, rows[i].origin, &hit));
        check_number(rows[i].origin, hit.word->flags,
                     CORS_WORD_SET | rows[i].flags, "flags");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(knows_names),           TEST(joins_a_list),
        TEST(knows_doubles),         TEST(returns_words_of_the_list),
        TEST(knows_suffixes),        TEST(looks_at_the_nearest_first),
        TEST(tells_who_cannot_tell), TEST(asks_in_order),
        TEST(sees_one_list),         TEST(sees_what_can_be_told),
        TEST(keeps_the_kinds_apart), TEST(knows_the_risk_of_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
