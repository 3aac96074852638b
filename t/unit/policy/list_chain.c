/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Chains of lists: merging, walking and what a chain knows of its leaves. */

#include "lists.h"

#include <pthread.h>

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

static void stops_early(void **state)
{
    static const struct {
        const char *stop;
        const char *words;
        int rv;
        const char *reason;
    } rows[] = {
        { "X-A", "X-A", 7, "the first word of all" },
        { "X-B", "X-A, X-B", 7, "the last of a leaf" },
        { "inherit", "X-A, X-B, inherit", 7, "the first of a leaf" },
        { "X-C", "X-A, X-B, inherit, X-C", 7, "within a leaf" },
        { "X-D", "X-A, X-B, inherit, X-C, X-D", 7, "the last word of all" },
        { NULL, "X-A, X-B, inherit, X-C, X-D", 0, "no word ends the walk" },
    };
    const cors_list_t *list = cors_list_merge(
        *state, names(CORS_NAMES_ALLOW_HEADERS, "X-A X-B", *state),
        names(CORS_NAMES_ALLOW_HEADERS, "inherit X-C X-D", *state));
    walk_t nothing = { { 0 }, NULL, *state };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        walk_t walk = { { 0 }, rows[i].stop, *state };
        int rv = cors_list_each(list, note_word, &walk, *state);

        check_number(rows[i].words, (unsigned long)rv,
                     (unsigned long)rows[i].rv, rows[i].reason);
        check_text("words", walk.joined.text, rows[i].words, rows[i].reason);
    }
    assert_int_equal(cors_list_each(NULL, note_word, &nothing, *state), 0);
    assert_null(nothing.joined.text);
    assert_int_equal(cors_list_leaves(NULL, *state)->nelts, 0);
}

/* The outermost leaf stands first, the nearest last. */
static void lists_leaves(void **state)
{
    const cors_list_t *base = origins("https://a.example", *state);
    const cors_list_t *add = cors_list_merge(
        *state, origins("inherit", *state), origins("inherit", *state));
    const cors_list_t *list = cors_list_merge(*state, base, add);
    const apr_array_header_t *leaves = cors_list_leaves(list, *state);

    assert_int_equal(leaves->nelts, 3);
    assert_ptr_equal(APR_ARRAY_IDX(leaves, 0, const cors_list_t *), base);
    assert_ptr_equal(APR_ARRAY_IDX(leaves, 1, const cors_list_t *),
                     list->outer);
    assert_ptr_equal(APR_ARRAY_IDX(leaves, 2, const cors_list_t *), list);
}

/* Merging makes nothing where one of the two is all that holds, and changes
 * neither. */
static void leaves_lists_alone(void **state)
{
    cors_list_t *base = origins("https://a.example", *state);
    cors_list_t *closed = origins("https://b.example", *state);
    cors_list_t *open = origins("inherit https://b.example", *state);
    cors_list_t base_before = *base;
    cors_list_t open_before = *open;
    const cors_list_t *list;

    assert_null(cors_list_merge(*state, NULL, NULL));
    assert_ptr_equal(cors_list_merge(*state, base, NULL), base);
    assert_ptr_equal(cors_list_merge(*state, NULL, open), open);
    assert_ptr_equal(cors_list_merge(*state, base, closed), closed);
    list = cors_list_merge(*state, base, open);
    assert_ptr_not_equal(list, open);
    assert_ptr_equal(list->outer, base);
    assert_memory_equal(base, &base_before, sizeof(*base));
    assert_memory_equal(open, &open_before, sizeof(*open));
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
        { "https://a.example", "inherit https://a.example2", NULL },
        { "https://a.example2", "inherit https://a.example", NULL },
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

static void sums_up_origins(void **state)
{
    static const unsigned int inherit = CORS_WORD_KEYWORD | CORS_WORD_INHERIT;
    const cors_list_t *a = origins("http://a.example", *state);
    const cors_list_t *b = origins("inherit", *state);
    const cors_list_t *c = origins("inherit https://*.b.example null", *state);
    const cors_list_t *ab = cors_list_merge(*state, a, b);
    const cors_list_t *abc = cors_list_merge(*state, ab, c);

    assert_int_equal(ab->count, 1);
    assert_ptr_equal(ab->only, a->first);
    assert_int_equal(ab->flags, inherit | CORS_WORD_INSECURE);
    assert_int_equal(abc->count, 3);
    assert_null(abc->only);
    assert_int_equal(abc->flags & ~(unsigned int)CORS_WORD_UNKNOWN,
                     inherit | CORS_WORD_INSECURE | CORS_WORD_NULL
                         | CORS_WORD_SUBDOMAIN);
}

static void bounds_values(void **state)
{
    static const struct {
        const char *base;
        const char *add;
        apr_size_t length;
        const char *reason;
    } rows[] = {
        { "X-A", NULL, 3, "one name" },
        { "X-A X-B", NULL, 8, "two and a separator" },
        { "X-A x-a", NULL, 3, "one name twice" },
        { "none", NULL, 0, "no name" },
        { "X-A", "inherit X-B", 8, "a separator between two leaves" },
        { "X-A", "inherit", 3, "nothing to separate" },
        { "none", "inherit X-B", 3, "none behind it" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *base = names(CORS_NAMES_ALLOW_HEADERS, rows[i].base,
                                        *state);
        const cors_list_t *add = rows[i].add ? names(CORS_NAMES_ALLOW_HEADERS,
                                                     rows[i].add, *state)
                                             : NULL;
        const cors_list_t *list = cors_list_merge(*state, base, add);

        check_number(rows[i].base, list->length, rows[i].length,
                     rows[i].reason);
    }
}

#define SECTIONS 60000

typedef struct chains_t {
    const cors_list_t *methods;
    const cors_list_t *origins;
} chains_t;

static int count_word(void *count, const cors_word_t *word)
{
    return ++*(int *)count < 0;
}

static int finds_methods(const cors_list_t *list, apr_pool_t *p)
{
    static const char last[] = "M59999";
    int count = 0;

    return cors_names_have_method(list, "M0", 2)
           && cors_names_have_method(list, last, sizeof(last) - 1)
           && !cors_names_have_method(list, "M", 1)
           && cors_list_leaves(list, p)->nelts == SECTIONS
           && cors_list_each(list, count_word, &count, p) == 0
           && count == 2 * SECTIONS - 1
           && strlen(cors_names_value(list, CORS_NAMES_METHODS, p)) > SECTIONS;
}

static int finds_origins(const cors_list_t *list)
{
    static const char first[] = "https://a.example";
    static const char below[] = "https://b.a.example";
    static const char none[] = "https://b.example";
    cors_origin_t origin;

    return cors_origins_find_exact(list, first, sizeof(first) - 1)
           && !cors_origins_find_exact(list, none, sizeof(none) - 1)
           && cors_origin_parse(below, sizeof(below) - 1, &origin)
                  == CORS_ORIGIN_OK
           && cors_origins_find_pattern(list, &origin);
}

static void *walk_long_chains(void *data)
{
    const chains_t *chains = data;
    apr_pool_t *p;
    int found;

    apr_pool_create(&p, NULL);
    found = finds_methods(chains->methods, p)
            && finds_origins(chains->origins);
    apr_pool_destroy(p);
    return found ? data : NULL;
}

static void *walk_in_small_stack(chains_t *chains)
{
    pthread_attr_t attributes;
    pthread_t thread;
    void *found = NULL;

    pthread_attr_init(&attributes);
    assert_int_equal(pthread_attr_setstacksize(&attributes, 64 * 1024), 0);
    assert_int_equal(
        pthread_create(&thread, &attributes, walk_long_chains, chains), 0);
    pthread_join(thread, &found);
    pthread_attr_destroy(&attributes);
    return found;
}

/* An .htaccess file can make a chain of any length: walking it takes no more
 * stack than a short one. */
static void takes_constant_stack(void **state)
{
    const cors_list_t *inherit = origins("inherit", *state);
    chains_t chains;
    int i;

    chains.methods = names(CORS_NAMES_METHODS, "M0", *state);
    chains.origins = origins("https://a.example https://*.a.example", *state);
    for (i = 1; i < SECTIONS; i++) {
        const char *text = apr_psprintf(*state, "inherit M%d", i);

        chains.methods = cors_list_merge(
            *state, chains.methods, names(CORS_NAMES_METHODS, text, *state));
        chains.origins = cors_list_merge(*state, chains.origins, inherit);
    }
    assert_true(cors_list_is_too_long(chains.methods));
    assert_non_null(walk_in_small_stack(&chains));
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(merges),
                                        TEST(merges_chains),
                                        TEST(stops_early),
                                        TEST(lists_leaves),
                                        TEST(leaves_lists_alone),
                                        TEST(knows_the_only_origin),
                                        TEST(sums_up_origins),
                                        TEST(bounds_values),
                                        TEST(takes_constant_stack) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
