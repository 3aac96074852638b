/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(tells_keywords),
                                        TEST(keeps_keywords_alone),
                                        TEST(appends_in_order),
                                        TEST(tables_grow) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
