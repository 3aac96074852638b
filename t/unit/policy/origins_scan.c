/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Compiled lists of random origins and patterns against a scan of their words,
 * which compares texts alone.
 */

#include "lists.h"

static const char *const schemes[] = { "https", "http", "app" };
static const char *const hosts[] = {
    "example",     "a.example", "b.a.example", "ba.example",   "localhost",
    "a.localhost", "127.0.0.1", "[::1]",       "c.b.a.example"
};
static const char *const ports[] = { "", ":8443", ":3000" };

/* Some texts are no pattern, such as *.[::1], and some no origin. */
static const char *some_pattern(apr_pool_t *p)
{
    return apr_pstrcat(p, schemes[pick(COUNT(schemes))], "://",
                       pick(2) ? "*." : "", hosts[pick(COUNT(hosts))],
                       pick(3) ? ports[pick(COUNT(ports))] : ":*", NULL);
}

static const char *some_origin(apr_pool_t *p)
{
    return apr_pstrcat(p, schemes[pick(COUNT(schemes))], "://",
                       pick(4) ? "" : "x.", hosts[pick(COUNT(hosts))],
                       ports[pick(COUNT(ports))], NULL);
}

typedef struct parts_t {
    const char *host;
    const char *port;  /* with its colon, or "" */
    size_t scheme_len; /* with "://" */
    size_t host_len;
} parts_t;

static parts_t split(const char *text)
{
    parts_t parts;
    const char *colon;

    parts.scheme_len = strcspn(text, ":") + 3;
    parts.host = text + parts.scheme_len;
    colon = strrchr(parts.host, ':');
    parts.port = colon && !strchr(colon, ']') ? colon : "";
    parts.host_len = strlen(parts.host) - strlen(parts.port);
    return parts;
}

static int is_wild(const char *text)
{
    return strncmp(split(text).host, "*.", 2) == 0;
}

static int has_any_port(const char *text)
{
    return strcmp(split(text).port, ":*") == 0;
}

/* Whether the pattern allows the origin, or all that another pattern does: a
 * pattern stands below whatever its host stands below. */
static int allows(const char *pattern, const char *text)
{
    parts_t want = split(pattern);
    parts_t have = split(text);

    if (want.scheme_len != have.scheme_len
        || strncmp(pattern, text, want.scheme_len) != 0
        || (!has_any_port(pattern) && strcmp(want.port, have.port) != 0)) {
        return 0;
    }
    if (is_wild(pattern) && have.host_len >= want.host_len) {
        want.host++;
        want.host_len--;
        have.host += have.host_len - want.host_len;
        have.host_len = want.host_len;
    }
    return have.host_len == want.host_len
           && memcmp(have.host, want.host, want.host_len) == 0;
}

/* How narrow the pattern is: an origin, then a host with any port, then all
 * hosts below one, the longer before the shorter. */
static size_t narrowness(const char *pattern)
{
    return split(pattern).host_len
           + (is_wild(pattern)        ? 0
              : has_any_port(pattern) ? 1000
                                      : 2000);
}

/* The narrowest word of a leaf that allows the text, or NULL. */
static const char *scan(const cors_list_t *leaf, const char *text)
{
    const cors_word_t *word;
    const char *best = NULL;

    for (word = leaf->first; word; word = word->later) {
        if (!(word->flags & CORS_WORD_KEYWORD) && allows(word->text, text)
            && (!best || narrowness(word->text) > narrowness(best))) {
            best = word->text;
        }
    }
    return best;
}

static const cors_word_t *find(const cors_list_t *list,
                               const cors_origin_t *origin, const char *text)
{
    const cors_word_t *word = cors_origins_find_exact(list, text,
                                                      strlen(text));

    return word ? word : cors_origins_find_pattern(list, origin);
}

static cors_list_t *some_list(const char *first, apr_pool_t *p)
{
    cors_list_t *list = origins(first, p);
    unsigned int count = pick(7);

    while (count--) {
        add_origin(list, some_pattern(p), 0, p);
    }
    return list;
}

/* An exact origin of any leaf comes before the patterns of all.  Among
 * patterns the nearest leaf comes first, and its narrowest pattern.  Returns
 * whether the list allows the text. */
static int check_found(const cors_list_t *list, const char *text)
{
    const cors_list_t *leaf;
    const cors_word_t *word;
    const char *best = NULL;
    cors_origin_t origin;

    if (cors_origin_parse(text, strlen(text), &origin) != CORS_ORIGIN_OK) {
        return 0;
    }
    word = find(list, &origin, text);

    for (leaf = list; leaf; leaf = leaf->outer) {
        const char *here = scan(leaf, text);

        if (here && (!best || strcmp(here, text) == 0)) {
            best = here;
        }
    }
    check_number(text, word != NULL, best != NULL, "some word allows it");
    if (word && best) {
        assert_true(allows(word->text, text));
        check_number(text, narrowness(word->text), narrowness(best), best);
    }
    return word != NULL;
}

static void finds_what_a_scan_finds(void **state)
{
    unsigned int allowed = 0;
    int round;
    int i;

    for (round = 0; round < 3000; round++) {
        const cors_list_t *list;
        apr_pool_t *p;

        apr_pool_create(&p, *state);
        list = cors_list_merge(p, some_list("", p), some_list("inherit", p));
        for (i = 0; i < 20; i++) {
            allowed += check_found(list, some_origin(p)) != 0;
        }
        apr_pool_destroy(p);
    }
    assert_in_range(allowed, 3000, 57000);
}

/* Whether another word allows all that word does; of two equal ones, the first
 * one written. */
static int has_other(const cors_list_t *list, const cors_word_t *word)
{
    const cors_word_t *other;
    int before = 1;

    for (other = list->first; other; other = other->later) {
        before = before && other != word;
        if (other != word
            && (strcmp(other->text, word->text) == 0
                    ? before
                    : allows(other->text, word->text))) {
            return 1;
        }
    }
    return 0;
}

static void finds_what_covers_a_word(void **state)
{
    unsigned int covered = 0;
    int round;

    for (round = 0; round < 3000; round++) {
        const cors_list_t *list;
        const cors_word_t *word;
        apr_pool_t *p;

        apr_pool_create(&p, *state);
        list = some_list("", p);
        for (word = list->first; word; word = word->later) {
            const cors_word_t *other = cors_origins_find_other(list, word);

            check_number(word->text, other != NULL,
                         (unsigned long)has_other(list, word),
                         "another word allows as much");
            assert_true(!other
                        || (other != word && allows(other->text, word->text)));
            assert_ptr_equal(cors_origins_find_double(list, word), other);
            covered += other != NULL;
        }
        apr_pool_destroy(p);
    }
    assert_in_range(covered, 100, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(finds_what_a_scan_finds),
                                        TEST(finds_what_covers_a_word) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
