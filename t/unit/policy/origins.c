/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

static void finds(void **state)
{
    static const struct {
        const char *list;
        const char *origin;
        const char *word;
    } rows[] = {
        { "https://a.example", "https://a.example", "https://a.example" },
        { "https://a.example", "http://a.example", NULL },
        { "https://a.example", "https://a.example:8443", NULL },
        { "https://a.example", "https://A.example", NULL },
        { "https://a.example:8443", "https://a.example:8443",
          "https://a.example:8443" },
        { "https://*.a.example", "https://b.a.example",
          "https://*.a.example" },
        { "https://*.a.example", "https://c.b.a.example",
          "https://*.a.example" },
        { "https://*.a.example", "https://a.example", NULL },
        { "https://*.a.example", "https://ba.example", NULL },
        { "https://*.a.example", "https://b.a.example:8443", NULL },
        { "https://*.a.example", "http://b.a.example", NULL },
        { "https://*.a.example:8443", "https://b.a.example:8443",
          "https://*.a.example:8443" },
        { "http://localhost:*", "http://localhost", "http://localhost:*" },
        { "http://localhost:*", "http://localhost:3000",
          "http://localhost:*" },
        { "http://localhost:*", "http://a.localhost:3000", NULL },
        { "http://localhost:*", "https://localhost:3000", NULL },
        { "https://*.a.example:*", "https://b.a.example:1",
          "https://*.a.example:*" },
        { "https://*.a.example:*", "https://a.example", NULL },
        { "http://[::1]:*", "http://[::1]:8080", "http://[::1]:*" },
        { "null https://a.example", "null", "null" },
        { "none", "https://a.example", NULL },
        { "https://*.example https://*.a.example", "https://b.a.example",
          "https://*.a.example" },
        { "https://*.a.example https://b.a.example:*", "https://b.a.example",
          "https://b.a.example:*" },
        { "https://*.a.example https://*.a.example:*", "https://b.a.example",
          "https://*.a.example" },
        { "https://*.a.example:* https://*.a.example:1",
          "https://b.a.example:1", "https://*.a.example:1" },
        { "https://*.a.example:* https://*.a.example:1",
          "https://b.a.example:2", "https://*.a.example:*" },
        /* one list with patterns of several kinds, in any order */
        { "https://*.example:* https://*.a.example http://localhost:*",
          "https://b.c.example:1", "https://*.example:*" },
        { "https://*.example:* https://*.a.example http://localhost:*",
          "https://b.a.example", "https://*.a.example" },
        { "http://localhost:* https://*.a.example https://*.example:*",
          "http://localhost:1", "http://localhost:*" },
        { "http://localhost:* https://*.a.example https://*.example:*",
          "https://b.example:1", "https://*.example:*" },
        { "https://*.a.example:1 https://*.b.example:2",
          "https://x.a.example:2", NULL },
        { "http://localhost:*", "null", NULL },
        { "null", "https://null", NULL },
        /* pairs that share one hash */
        { "https://h384989.e", "https://h409881.e", NULL },
        { "https://h341799.e", "https://h409881.e", NULL },
        { "https://*.gnqhrh.e", "https://x.vhudcz.e", NULL },
        { "https://*.h100001.e:21891", "https://x.h100001.e:25381", NULL },
        { "s200211://*.a.example:*", "s421659://x.a.example", NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const char *word = found(origins(rows[i].list, *state),
                                 rows[i].origin);

        assert_int_equal(word != NULL, rows[i].word != NULL);
        if (word) {
            assert_string_equal(word, rows[i].word);
        }
    }
}

/* Nearer sections first, then what they inherit. */
static void finds_in_chains(void **state)
{
    const cors_list_t *outer = origins("https://a.example https://*.a.example",
                                       *state);
    const cors_list_t *inner = origins("inherit https://b.example", *state);
    const cors_list_t *list = cors_list_merge(*state, outer, inner);

    assert_string_equal(found(list, "https://b.example"), "https://b.example");
    assert_string_equal(found(list, "https://a.example"), "https://a.example");
    assert_string_equal(found(list, "https://x.a.example"),
                        "https://*.a.example");
    assert_null(found(list, "https://c.example"));

    /* The nearer section's word is found, though the other is narrower. */
    outer = origins("https://*.a.example", *state);
    inner = origins("inherit https://*.example", *state);
    list = cors_list_merge(*state, outer, inner);
    assert_string_equal(found(list, "https://b.a.example"),
                        "https://*.example");
}

static void counts_origins(void **state)
{
    static const struct {
        const char *list;
        unsigned int count;
        const char *only;
        const char *reason;
    } rows[] = {
        { "", 0, NULL, "nothing is written" },
        { "*", 0, NULL, "a keyword" },
        { "none", 0, NULL, "a keyword" },
        { "inherit", 0, NULL, "a keyword" },
        { "https://a.example", 1, "https://a.example", "one origin" },
        { "inherit https://a.example", 1, "https://a.example",
          "one behind a keyword" },
        { "https://a.example https://a.example", 1, "https://a.example",
          "one, twice" },
        { "https://a.example https://b.example", 2, NULL, "two" },
        { "null", 1, NULL, "null names no site" },
        { "null null", 1, NULL, "null names no site" },
        { "null https://a.example", 2, NULL, "two" },
        { "https://*.a.example", 1, NULL, "a pattern" },
        { "https://*.a.example https://*.a.example", 1, NULL,
          "a pattern, twice" },
        { "https://*.a.example https://a.example", 2, NULL, "two" },
        { "http://localhost:*", 1, NULL, "a pattern" },
        { "http://localhost:* http://localhost:*", 1, NULL,
          "a pattern, twice" },
        { "http://localhost:* http://*.localhost:*", 2, NULL,
          "the host and all below it" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *list = origins(rows[i].list, *state);

        check_number(rows[i].list, list->count, rows[i].count, rows[i].reason);
        check_text(rows[i].list, list->only ? list->only->text : NULL,
                   rows[i].only, rows[i].reason);
    }
}

/* A word that is refused leaves the list as it was. */
static void refuses(void **state)
{
    static const struct {
        const char *list;
        const char *word;
        const char *message; /* NULL: any */
    } rows[] = {
        { "*", "https://a.example", CORS_LIST_ALONE },
        { "none", "https://a.example", CORS_LIST_ALONE },
        { "*", "null", CORS_LIST_ALONE },
        { "none", "https://*.a.example", CORS_LIST_ALONE },
        { "https://a.example", "*", CORS_LIST_ALONE },
        { "https://a.example", "none", CORS_LIST_ALONE },
        { "https://a.example", "https://b.example/", NULL },
        { "*", "https://b.example/", NULL },
        { "", "a.example", NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_list_t *list = origins(rows[i].list, *state);
        cors_list_t before = *list;
        const char *message = add_origin(list, rows[i].word, 0, *state);

        assert_non_null(message);
        if (rows[i].message) {
            assert_string_equal(message, rows[i].message);
        }
        assert_memory_equal(list, &before, sizeof(before));
    }
}

static void finds_what_covers_a_word(void **state)
{
    static const struct {
        const char *list;
        const char *word;
        const char *other;
    } rows[] = {
        { "https://a.example https://a.example", "https://a.example",
          "https://a.example" },
        { "https://*.example https://a.example", "https://a.example",
          "https://*.example" },
        { "https://*.example https://*.a.example", "https://*.a.example",
          "https://*.example" },
        { "https://a.example:* https://a.example", "https://a.example",
          "https://a.example:*" },
        { "https://*.a.example:* https://*.a.example", "https://*.a.example",
          "https://*.a.example:*" },
        { "https://a.example https://b.example", "https://b.example", NULL },
        { "https://*.a.example https://a.example", "https://a.example", NULL },
        { "https://*.a.example", "https://*.a.example", NULL },
        { "http://localhost:*", "http://localhost:*", NULL },
        { "https://*.a.example https://*.a.example", "https://*.a.example",
          "https://*.a.example" },
        { "http://localhost:* http://localhost:*", "http://localhost:*",
          "http://localhost:*" },
        { "http://*.localhost:* http://localhost:*", "http://localhost:*",
          NULL },
        { "https://*.example:* https://a.example:*", "https://a.example:*",
          "https://*.example:*" },
        { "https://*.example:8443 https://a.example:*", "https://a.example:*",
          NULL },
        { "https://*.example:8443 https://*.a.example", "https://*.a.example",
          NULL },
        { "https://*.example https://*.a.example:*", "https://*.a.example:*",
          NULL },
        { "http://*.example https://*.a.example", "https://*.a.example",
          NULL },
        { "https://*.example:* https://a.example:8443",
          "https://a.example:8443", "https://*.example:*" },
        { "https://*.a.example https://*.example", "https://*.example", NULL },
        { "null null", "null", "null" },
        { "http://localhost:* null", "null", NULL },
        { "https://*.example inherit", "inherit", NULL },
        { "*", "*", NULL },
        { "none", "none", NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *list = origins(rows[i].list, *state);
        const cors_word_t *other = cors_origins_find_other(list, list->last);

        assert_string_equal(list->last->text, rows[i].word);
        check_text(rows[i].list, other ? other->text : NULL, rows[i].other,
                   "another word allows all that the last does");
        assert_ptr_not_equal(other, list->last);
        assert_ptr_equal(cors_origins_find_double(list, list->last), other);
    }
}

static void flags_risks(void **state)
{
    static const struct {
        const char *origin;
        unsigned int flags;
    } rows[] = {
        { "https://a.example", 0 },
        { "http://a.example", CORS_WORD_INSECURE },
        { "http://localhost:3000", 0 },
        { "app://a.example", 0 },
        { "null", CORS_WORD_NULL },
        { "*", CORS_WORD_ANY },
        { "https://*.com", CORS_WORD_SUFFIX },
        { "http://*.com", CORS_WORD_SUFFIX | CORS_WORD_INSECURE },
        { "https://*.a.com", 0 },
    };
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_list_t list = { 0 };

        assert_null(cors_origins_add(&list, rows[i].origin, NULL, suffixes,
                                     *state, *state));
        assert_int_equal(list.flags & CORS_WORD_RISKS, rows[i].flags);
        assert_int_equal(list.last->flags & CORS_WORD_RISKS, rows[i].flags);
    }
}

/* What an .htaccess file allows is looked up later, but for insecure origins,
 * whose advice depends on the answer. */
static void leaves_suffixes_for_later(void **state)
{
    static const struct {
        const char *origin;
        unsigned int flags;
    } rows[] = {
        { "https://*.com", CORS_WORD_LATE },
        { "https://*.a.com:*", CORS_WORD_LATE },
        { "http://*.com", CORS_WORD_SUFFIX | CORS_WORD_INSECURE },
        { "http://*.a.com", CORS_WORD_INSECURE },
        { "https://a.com", 0 },
        { "https://a.com:*", 0 },
        { "null", CORS_WORD_NULL },
        { "*", CORS_WORD_ANY },
    };
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_list_t list = { .late = suffixes };

        assert_null(cors_origins_add(&list, rows[i].origin, NULL, suffixes,
                                     *state, *state));
        check_number(rows[i].origin, list.flags & CORS_WORD_RISKS,
                     rows[i].flags, "flags of the list");
        check_number(rows[i].origin, list.last->flags & CORS_WORD_RISKS,
                     rows[i].flags, "flags of the word");
    }
}

/* Without a list of suffixes a pattern may be below one. */
static void flags_what_is_not_known(void **state)
{
    static const struct {
        const char *origin;
        unsigned int flags;
    } rows[] = {
        { "https://*.a.com", CORS_WORD_UNKNOWN },
        { "https://*.com:*", CORS_WORD_UNKNOWN },
        { "http://*.a.com", CORS_WORD_UNKNOWN | CORS_WORD_INSECURE },
        { "https://a.com", 0 },
        { "https://a.com:*", 0 },
        { "http://a.com", CORS_WORD_INSECURE },
        { "null", CORS_WORD_NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *list = origins(rows[i].origin, *state);

        check_number(rows[i].origin, list->flags & CORS_WORD_RISKS,
                     rows[i].flags, "flags of the list");
        check_number(rows[i].origin, list->last->flags & CORS_WORD_RISKS,
                     rows[i].flags, "flags of the word");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(finds),
                                        TEST(finds_in_chains),
                                        TEST(counts_origins),
                                        TEST(refuses),
                                        TEST(finds_what_covers_a_word),
                                        TEST(flags_risks),
                                        TEST(leaves_suffixes_for_later),
                                        TEST(flags_what_is_not_known) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
