/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

/* The word of the list that allows the origin, NULL if none does. */
static const char *found(const cors_list_t *list, const char *text)
{
    const cors_word_t *word = cors_origins_find_exact(list, text,
                                                      strlen(text));
    cors_origin_t origin;

    if (!word
        && cors_origin_parse(text, strlen(text), &origin) == CORS_ORIGIN_OK) {
        word = cors_origins_find_pattern(list, &origin);
    }
    return word ? word->text : NULL;
}

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
          "https://*.a.example:*" },
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
}

/* Patterns of all lengths, at hosts as long as any can be: lengths that are
 * equal modulo 64 must not be taken for each other. */
static void finds_at_every_length(void **state)
{
    char host[CORS_HOST_MAX + 1];
    size_t len;

    memset(host, 'a', sizeof(host));
    for (len = 1; len < CORS_HOST_MAX - 2; len++) {
        const char *end;
        cors_list_t *list;
        size_t i;

        for (i = 0; i < CORS_HOST_MAX; i++) {
            host[i] = i % 2 ? '.' : 'a';
        }
        host[CORS_HOST_MAX] = '\0';
        end = host + CORS_HOST_MAX - len;
        if (*end == '.') {
            continue;
        }
        list = origins(apr_psprintf(*state, "https://*.%s", end), *state);
        assert_non_null(found(list, apr_psprintf(*state, "https://%s", host)));
        assert_null(found(list, apr_psprintf(*state, "https://%s", end)));
        if (end - host > 1) {
            host[CORS_HOST_MAX - 1] = 'b';
            assert_null(found(list, apr_psprintf(*state, "https://%s", host)));
        }
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
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *list = origins(rows[i].list, *state);
        const cors_word_t *other = cors_origins_find_other(list, list->last);

        assert_string_equal(list->last->text, rows[i].word);
        assert_int_equal(other != NULL, rows[i].other != NULL);
        if (other) {
            assert_string_equal(other->text, rows[i].other);
            assert_ptr_not_equal(other, list->last);
        }
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

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(finds), TEST(finds_in_chains),
                                        TEST(finds_at_every_length),
                                        TEST(finds_what_covers_a_word),
                                        TEST(flags_risks) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
