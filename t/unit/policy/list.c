/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include <pthread.h>

static void tells_keywords(void **state)
{
    static const struct {
        const char *before;
        const char *word;
        int taken;
        const char *message;
    } rows[] = {
        { "", "*", 1, NULL },
        { "", "none", 1, NULL },
        { "", "NONE", 1, NULL },
        { "", "Inherit", 1, NULL },
        { "", "nonesuch", 0, NULL },
        { "", "**", 0, NULL },
        { "X-A", "*", 1, CORS_LIST_ALONE },
        { "X-A", "none", 1, CORS_LIST_ALONE },
        { "X-A", "inherit", 1, NULL },
        { "*", "none", 1, CORS_LIST_ALONE },
        { "none", "*", 1, CORS_LIST_ALONE },
        { "none", "inherit", 1, CORS_LIST_ALONE },
        { "Authorization", "*", 1, NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_list_t *list = names(CORS_NAMES_ALLOW_HEADERS, rows[i].before,
                                  *state);
        const char *message = NULL;

        assert_int_equal(
            cors_list_keyword(list, rows[i].word, NULL, *state, &message),
            rows[i].taken);
        assert_ptr_equal(message, rows[i].message);
    }
}

typedef struct walk_t {
    cors_joined_t joined;
    const char *stop; /* the word that ends the walk, or NULL */
    apr_pool_t *p;
} walk_t;

static int note_word(void *data, const cors_word_t *word)
{
    walk_t *walk = data;

    cors_joined_add(&walk->joined, word->text, word->len, walk->p);
    return walk->stop && strcmp(word->text, walk->stop) == 0 ? 7 : 0;
}

static const char *all_words(const cors_list_t *list, apr_pool_t *p)
{
    walk_t walk = { { 0 }, NULL, p };

    cors_list_each(list, note_word, &walk, p);
    return walk.joined.text ? walk.joined.text : "";
}

static void merges(void **state)
{
    static const struct {
        const char *base;
        const char *add;
        const char *words;
        int open;
        int any;
    } rows[] = {
        { NULL, "X-A", "X-A", 0, 0 },
        { "X-A", NULL, "X-A", 0, 0 },
        { "X-A", "X-B", "X-B", 0, 0 },
        { "X-A", "inherit X-B", "X-A, inherit, X-B", 0, 0 },
        { "inherit X-A", "inherit X-B", "inherit, X-A, inherit, X-B", 1, 0 },
        { "*", "inherit X-B", "*, inherit, X-B", 0, 1 },
        { "X-A", "*", "*", 0, 1 },
        { NULL, "inherit", "inherit", 1, 0 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *base = rows[i].base
                                      ? names(CORS_NAMES_ALLOW_HEADERS,
                                              rows[i].base, *state)
                                      : NULL;
        const cors_list_t *add = rows[i].add ? names(CORS_NAMES_ALLOW_HEADERS,
                                                     rows[i].add, *state)
                                             : NULL;
        const cors_list_t *list = cors_list_merge(*state, base, add);

        assert_string_equal(all_words(list, *state), rows[i].words);
        assert_int_equal(list->open, rows[i].open);
        assert_int_equal(list->any != NULL, rows[i].any);
    }
}

/* Sections that httpd has merged with each other first. */
static void merges_chains(void **state)
{
    const cors_list_t *a = names(CORS_NAMES_ALLOW_HEADERS, "Authorization",
                                 *state);
    const cors_list_t *b = names(CORS_NAMES_ALLOW_HEADERS, "inherit X-B",
                                 *state);
    const cors_list_t *c = names(CORS_NAMES_ALLOW_HEADERS, "inherit X-C",
                                 *state);
    const cors_list_t *bc = cors_list_merge(*state, b, c);
    const cors_list_t *abc = cors_list_merge(*state, a, bc);
    walk_t walk = { { 0 }, "X-B", *state };

    assert_string_equal(all_words(abc, *state),
                        "Authorization, inherit, X-B, inherit, X-C");
    assert_true(abc->authorization);
    assert_false(abc->open);
    assert_true(bc->open);
    assert_false(bc->authorization);
    assert_int_equal(cors_list_leaves(abc, *state)->nelts, 3);
    assert_ptr_equal(
        cors_names_find_other(a, CORS_NAMES_ALLOW_HEADERS, a->first), NULL);
    assert_int_equal(cors_list_each(abc, note_word, &walk, *state), 7);
    assert_string_equal(walk.joined.text, "Authorization, inherit, X-B");
}

static void knows_the_only_origin(void **state)
{
    static const struct {
        const char *base;
        const char *add;
        const char *only;
    } rows[] = {
        { "https://a.example", NULL, "https://a.example" },
        { "https://a.example https://a.example", NULL, "https://a.example" },
        { "https://a.example https://b.example", NULL, NULL },
        { "https://*.a.example", NULL, NULL },
        { "http://localhost:*", NULL, NULL },
        { "null", NULL, NULL },
        { "*", NULL, NULL },
        { "none", NULL, NULL },
        { "https://a.example", "inherit", "https://a.example" },
        { "https://a.example", "inherit https://a.example",
          "https://a.example" },
        { "https://a.example", "inherit https://b.example", NULL },
        { "https://*.a.example", "inherit https://b.example", NULL },
        { "none", "inherit https://b.example", "https://b.example" },
        { "https://a.example", "https://b.example", "https://b.example" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *base = origins(rows[i].base, *state);
        const cors_list_t *add = rows[i].add ? origins(rows[i].add, *state)
                                             : NULL;
        const cors_list_t *list = cors_list_merge(*state, base, add);

        assert_int_equal(list->only != NULL, rows[i].only != NULL);
        if (list->only) {
            assert_string_equal(list->only->text, rows[i].only);
        }
    }
}

/* Thousands of words in one table, each found. */
static void grows_tables(void **state)
{
    cors_list_t *list = apr_pcalloc(*state, sizeof(*list));
    int i;

    for (i = 0; i < 5000; i++) {
        const char *name = apr_psprintf(*state, "X-%d", i);

        assert_null(add_name(list, name, CORS_NAMES_METHODS, *state));
    }
    assert_int_equal(list->words.count, 5000);
    assert_true(list->words.mask >= 4095);
    for (i = 0; i < 5000; i++) {
        const char *name = apr_psprintf(*state, "X-%d", i);

        assert_true(cors_names_have_method(list, name, strlen(name)));
    }
    assert_false(cors_names_have_method(list, "X-5000", 6));
}

#define SECTIONS 60000

typedef struct chain_t {
    const cors_list_t *list;
    int found; /* all that was looked for */
} chain_t;

static void *walk_long_chain(void *data)
{
    chain_t *chain = data;
    const cors_list_t *list = chain->list;
    static char last[] = "M59999";
    apr_pool_t *p;

    apr_pool_create(&p, NULL);
    chain->found = cors_names_have_method(list, "M0", 2)
                   && cors_names_have_method(list, last, sizeof(last) - 1)
                   && !cors_names_have_method(list, "M", 1)
                   && cors_list_leaves(list, p)->nelts == SECTIONS
                   && strlen(cors_names_value(list, CORS_NAMES_METHODS, p))
                          > SECTIONS;
    apr_pool_destroy(p);
    return NULL;
}

/* An .htaccess file can make a chain of any length: walking it takes no more
 * stack than a short one. */
static void takes_constant_stack(void **state)
{
    const cors_list_t *list = names(CORS_NAMES_METHODS, "M0", *state);
    pthread_attr_t attributes;
    pthread_t thread;
    chain_t chain = { NULL, 0 };
    int i;

    for (i = 1; i < SECTIONS; i++) {
        const char *text = apr_psprintf(*state, "inherit M%d", i);

        list = cors_list_merge(*state, list,
                               names(CORS_NAMES_METHODS, text, *state));
    }
    assert_true(cors_list_is_too_long(list));
    chain.list = list;
    pthread_attr_init(&attributes);
    assert_int_equal(pthread_attr_setstacksize(&attributes, 64 * 1024), 0);
    assert_int_equal(
        pthread_create(&thread, &attributes, walk_long_chain, &chain), 0);
    pthread_join(thread, NULL);
    assert_true(chain.found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_keywords), TEST(merges),
        TEST(merges_chains),  TEST(knows_the_only_origin),
        TEST(grows_tables),   TEST(takes_constant_stack)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
