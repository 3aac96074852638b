/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The compiled allow-list against a scan of its words.  The input is a
 * scenario; each of its patterns, and its Origin, makes origins to ask for. */

#include "fuzz.h"

#include <string.h>

#include "naive.h"
#include "policy/origins.h"
#include "scenario.h"

static int is_keyword(const cors_word_t *word)
{
    return (word->flags & CORS_WORD_KEYWORD) != 0;
}

/* Whether one of the words allows the origin, which may be anything. */
static int is_allowed(const apr_array_header_t *words, const char *text)
{
    cors_origin_t origin;
    int i;

    if (cors_origin_parse(text, strlen(text), &origin) != CORS_ORIGIN_OK) {
        return 0;
    }
    for (i = 0; i < words->nelts; i++) {
        if (naive_allows(APR_ARRAY_IDX(words, i, const char *), text)) {
            return 1;
        }
    }
    return 0;
}

static const cors_word_t *find(const cors_list_t *list, const char *text)
{
    const cors_word_t *word = cors_origins_find_exact(list, text,
                                                      strlen(text));
    cors_origin_t origin;

    if (!word
        && cors_origin_parse(text, strlen(text), &origin) == CORS_ORIGIN_OK) {
        word = cors_origins_find_pattern(list, &origin);
    }
    return word;
}

static void check_origin(const cors_list_t *list,
                         const apr_array_header_t *words, const char *text)
{
    const cors_word_t *word = find(list, text);

    FUZZ_CHECK((word != NULL) == is_allowed(words, text), "'%s' is found: %d",
               text, word != NULL);
    FUZZ_CHECK(!word || naive_allows(word->text, text), "'%s' by '%s'", text,
               word->text);
}

static void check_all(const scenario_t *scenario, apr_pool_t *p)
{
    const cors_list_t *list = scenario_policy(scenario, p)->origins;
    const apr_array_header_t *words = scenario_words(scenario, LIST_ORIGINS,
                                                     p);
    int step = words ? 1 + words->nelts / 10 : 1; /* enough of long lists */
    int i, j;

    for (i = 0; list && i < words->nelts; i += step) {
        const apr_array_header_t *texts = naive_candidates(
            APR_ARRAY_IDX(words, i, const char *), p);

        for (j = 0; j < texts->nelts; j++) {
            check_origin(list, words, APR_ARRAY_IDX(texts, j, const char *));
        }
    }
    if (list && scenario->facts.origin) {
        check_origin(list, words, scenario->facts.origin);
    }
}

/* Whether the list has another word that allows all that word does; of two
 * equal ones, the first. */
static int has_other(const cors_list_t *list, const cors_word_t *word)
{
    const cors_word_t *other;
    int before = 1;

    for (other = list->first; other; other = other->later) {
        before &= other != word;
        if (other == word || is_keyword(other)) {
            continue;
        }
        if (strcmp(other->text, word->text) == 0
                ? before
                : naive_covers(other->text, word->text)) {
            return 1;
        }
    }
    return 0;
}

static void check_others(const cors_list_t *list)
{
    const cors_word_t *word;

    for (word = list->first; word; word = word->later) {
        const cors_word_t *other = cors_origins_find_other(list, word);
        int expected = !is_keyword(word) && has_other(list, word);

        FUZZ_CHECK((other != NULL) == expected, "'%s': '%s'", word->text,
                   other ? other->text : "");
        FUZZ_CHECK(
            !other || (other != word && naive_covers(other->text, word->text)),
            "'%s': '%s'", word->text, other->text);
    }
}

/* "*" and "none" stand alone. */
static void check_alone(const cors_list_t *list,
                        const apr_array_header_t *words)
{
    int any = naive_has(words, "*");
    int none = naive_has_in_any_case(words, "none");

    FUZZ_CHECK(words->nelts == 1 || (!any && !none), "%d words", words->nelts);
    FUZZ_CHECK((list->any != NULL) == any && list->none == none, "%d %d", any, none);
}

/* What makes an origin a risk is in its word, and in its list. */
static void check_flags(const cors_list_t *list)
{
    const cors_word_t *word;

    for (word = list->first; word; word = word->later) {
        const char *text = word->text;
        int null = strcmp(text, "null") == 0;
        int any = strcmp(text, "*") == 0;
        int insecure = !is_keyword(word) && !null && naive_is_insecure(text);
        unsigned int risks = (null ? CORS_WORD_NULL : 0)
                             | (any ? CORS_WORD_ANY : 0)
                             | (insecure ? CORS_WORD_INSECURE : 0)
                             | (naive_is_below_suffix(text) ? CORS_WORD_SUFFIX
                                                            : 0);

        FUZZ_CHECK((word->flags & CORS_WORD_RISKS) == risks, "'%s': %x, %x",
                   text, word->flags, risks);
        FUZZ_CHECK((list->flags & risks) == risks, "'%s'", text);
    }
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    const scenario_t *scenario = scenario_read(text, len, p);
    const section_t *sections = (const void *)scenario->sections->elts;
    int i;

    check_all(scenario, p);
    for (i = 0; i < scenario->sections->nelts; i++) {
        const cors_list_t *list = sections[i].lists[LIST_ORIGINS];

        if (list) {
            check_others(list);
            check_alone(list, sections[i].words[LIST_ORIGINS]);
            check_flags(list);
        }
    }
}
