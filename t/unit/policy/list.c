/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include <pthread.h>

/* Lines that are not the same. */
static const cors_line_t *line(size_t n)
{
    static const char lines[8] = "lines";

    return (const cors_line_t *)(lines + n);
}

#define FLAGS_ANY     (CORS_WORD_KEYWORD | CORS_WORD_ANY)
#define FLAGS_NONE    CORS_WORD_KEYWORD
#define FLAGS_INHERIT (CORS_WORD_KEYWORD | CORS_WORD_INHERIT)

static void tells_keywords(void **state)
{
    static const struct {
        const char *arg;
        unsigned int flags; /* 0: no keyword */
        const char *reason;
    } rows[] = {
        { "*", FLAGS_ANY, "any" },
        { "none", FLAGS_NONE, "as the manual writes it" },
        { "NONE", FLAGS_NONE, "in any case" },
        { "nOnE", FLAGS_NONE, "in any case" },
        { "inherit", FLAGS_INHERIT, "as the manual writes it" },
        { "Inherit", FLAGS_INHERIT, "in any case" },
        { "INHERIT", FLAGS_INHERIT, "in any case" },
        { "", 0, "nothing" },
        { "**", 0, "one * is the keyword" },
        { "*.", 0, "the beginning of a pattern" },
        { "non", 0, "too short" },
        { "none.", 0, "too long" },
        { "inherits", 0, "too long" },
        { "inheri", 0, "too short" },
        { " inherit", 0, "blanks count" },
        { "\xc4\xb1nherit", 0, "a dotless i is no ASCII letter" },
        { "null", 0, "an origin" },
        { "any", 0, "no word of the configuration" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_list_t list = { 0 };
        const char *message = "untouched";
        int taken = cors_list_keyword(&list, rows[i].arg, line(1), *state,
                                      &message);

        check_number(rows[i].arg, taken, rows[i].flags != 0, rows[i].reason);
        check_text(rows[i].arg, message, taken ? NULL : "untouched",
                   rows[i].reason);
        check_number(rows[i].arg, list.flags, rows[i].flags, rows[i].reason);
        check_number(rows[i].arg, list.first != NULL, taken, rows[i].reason);
        if (list.first) {
            assert_ptr_equal(list.first->at, line(1));
            check_text(rows[i].arg, list.first->text, rows[i].arg,
                       "a word is kept as it was written");
            check_number(rows[i].arg, list.first->flags, rows[i].flags,
                         rows[i].reason);
        }
        assert_ptr_equal(list.any,
                         rows[i].flags == FLAGS_ANY ? list.first : NULL);
        assert_int_equal(list.none, rows[i].flags == FLAGS_NONE);
        assert_int_equal(list.open, rows[i].flags == FLAGS_INHERIT);
    }
}

static void keeps_keywords_alone(void **state)
{
    static const struct {
        const char *before;
        const char *arg;
        int refused;
        const char *reason;
    } rows[] = {
        { "X-A", "*", 1, "* says more than X-A" },
        { "X-A", "none", 1, "none says less" },
        { "X-A", "inherit", 0, "inherit adds to others" },
        { "*", "*", 1, "twice" },
        { "*", "none", 1, "all and none" },
        { "*", "inherit", 1, "nothing could be added to *" },
        { "none", "none", 1, "twice" },
        { "none", "*", 1, "none and all" },
        { "none", "inherit", 1, "none, and then some" },
        { "inherit", "inherit", 0, "twice, without harm" },
        { "inherit", "*", 1, "* leaves nothing to inherit" },
        { "inherit", "none", 1, "some, and then none" },
        { "inherit X-A", "inherit", 0, "twice, without harm" },
        { "Authorization", "*", 0, "* does not cover it" },
        { "AUTHORIZATION", "*", 0, "names have no case" },
        { "Authorization", "none", 1, "none says less" },
        { "Authorization", "inherit", 0, "inherit adds to others" },
        { "Authorization X-A", "*", 1, "* covers X-A" },
        { "X-A Authorization", "*", 1, "* covers X-A" },
        { "inherit Authorization", "*", 1, "* leaves nothing to inherit" },
        { "* Authorization", "*", 1, "twice" },
        { "* Authorization", "inherit", 1, "nothing could be added to *" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_list_t *list = names(CORS_NAMES_ALLOW_HEADERS, rows[i].before,
                                  *state);
        cors_list_t before = *list;
        const char *message = NULL;

        assert_int_equal(
            cors_list_keyword(list, rows[i].arg, NULL, *state, &message), 1);
        check_text(rows[i].before, message,
                   rows[i].refused ? CORS_LIST_ALONE : NULL, rows[i].reason);
        if (rows[i].refused) {
            assert_memory_equal(list, &before, sizeof(before));
            assert_null(list->last->later);
        }
        else {
            assert_string_equal(list->last->text, rows[i].arg);
        }
    }
}

static void appends_in_order(void **state)
{
    static const char *const texts[] = { "b", "a", "", "b" };
    char *longest = apr_pcalloc(*state, CORS_NAME_MAX + 1);
    cors_list_t list = { 0 };
    const cors_word_t *word;
    size_t i;

    for (i = 0; i < COUNT(texts); i++) {
        word = cors_list_append(&list, texts[i], strlen(texts[i]), line(i),
                                *state);
        assert_ptr_equal(list.last, word);
        assert_null(list.last->later);
    }
    for (i = 0, word = list.first; word; i++, word = word->later) {
        assert_ptr_equal(word->text, texts[i]);
        assert_int_equal(word->len, strlen(texts[i]));
        assert_ptr_equal(word->at, line(i));
        assert_int_equal(word->flags, 0);
    }
    assert_int_equal(i, COUNT(texts));
    assert_null(cors_table_bucket(&list.words, 0));
    assert_int_equal(list.words.count, 0);

    memset(longest, 'a', CORS_NAME_MAX);
    word = cors_list_append(&list, longest, CORS_NAME_MAX, NULL, *state);
    assert_int_equal(word->len, CORS_NAME_MAX);
}

typedef unsigned int (*hash_fn)(unsigned int i);

static unsigned int hash_same(unsigned int i)
{
    return 0xdeadbeefu;
}

static unsigned int hash_next(unsigned int i)
{
    return i;
}

/* The lower bits, of which a table looks at some, are all the same. */
static unsigned int hash_high(unsigned int i)
{
    return i << 20 | 5;
}

static unsigned int hash_spread(unsigned int i)
{
    return i * 2654435761u;
}

/* How often the table has the word in its bucket. */
static int count_in_bucket(const cors_table_t *table, const cors_word_t *have)
{
    const cors_word_t *word = cors_table_bucket(table, have->hash);
    int found = 0;

    for (; word; word = word->next) {
        found += word == have;
        assert_int_equal(word->hash & table->mask, have->hash & table->mask);
    }
    return found;
}

static int count_all(const cors_table_t *table)
{
    const cors_word_t *word;
    unsigned int i;
    int found = 0;

    for (i = 0; table->buckets && i <= table->mask; i++) {
        for (word = table->buckets[i]; word; word = word->next) {
            found++;
        }
    }
    return found;
}

static void tables_grow(void **state)
{
    static const struct {
        hash_fn hash;
        unsigned int count;
        unsigned int buckets;
        const char *reason;
    } rows[] = {
        { hash_next, 1, 8, "one word" },
        { hash_next, 8, 8, "as many words as buckets" },
        { hash_next, 9, 16, "one more doubles them" },
        { hash_next, 16, 16, "full again" },
        { hash_next, 17, 32, "doubled again" },
        { hash_next, 5000, 8192, "a list of thousands" },
        { hash_spread, 5000, 8192, "the hashes of words" },
        { hash_same, 1000, 1024, "all collide" },
        { hash_high, 1000, 1024, "all share a bucket" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_word_t *words = apr_pcalloc(*state,
                                         rows[i].count * sizeof(*words));
        cors_table_t table = { 0 };
        unsigned int j;

        for (j = 0; j < rows[i].count; j++) {
            cors_table_insert(&table, &words[j], rows[i].hash(j), *state);
            check_number("words", table.count, j + 1, rows[i].reason);
        }
        check_number("buckets", table.mask + 1, rows[i].buckets,
                     rows[i].reason);
        check_number("words", (unsigned long)count_all(&table), rows[i].count,
                     rows[i].reason);
        for (j = 0; j < rows[i].count; j++) {
            check_number("hash", words[j].hash, rows[i].hash(j),
                         rows[i].reason);
            check_number("word",
                         (unsigned long)count_in_bucket(&table, &words[j]), 1,
                         rows[i].reason);
        }
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
    const struct CMUnitTest tests[] = { TEST(tells_keywords),
                                        TEST(keeps_keywords_alone),
                                        TEST(appends_in_order),
                                        TEST(tables_grow),
                                        TEST(merges),
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
