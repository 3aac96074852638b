/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/set.h"

#include <string.h>

#include <apr_strings.h>

int cors_set_is_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return len > 0 && !name[len] && len <= CORS_SET_NAME_MAX;
}

/* Returns the word with the flags of the risks. */
static const cors_word_t *risky_word(const cors_word_t *word,
                                     unsigned int risks, apr_pool_t *p)
{
    cors_word_t *copy = apr_pmemdup(p, word, sizeof(*word));

    if (risks & CORS_IMAGE_INSECURE) {
        copy->flags |= CORS_WORD_INSECURE;
    }
    if (risks & CORS_IMAGE_SUFFIX) {
        copy->flags |= CORS_WORD_SUFFIX;
    }
    return copy;
}

const char *cors_set_add(cors_list_t *list, const cors_set_t *set,
                         const char *text, const cors_line_t *at,
                         apr_pool_t *p)
{
    cors_set_use_t *use;
    cors_set_use_t **last = &list->sets;
    cors_word_t *word;
    unsigned int risks;

    if (list->any || list->none) {
        return CORS_LIST_ALONE;
    }
    word = cors_list_append(list, text, strlen(text), at, p);
    word->flags = CORS_WORD_SET;
    use = apr_palloc(p, sizeof(*use));
    use->next = NULL;
    use->set = set;
    use->words[0] = word;
    for (risks = 1; risks <= CORS_IMAGE_RISKS; risks++) {
        use->words[risks] = risky_word(word, risks, p);
    }
    while (*last) {
        last = &(*last)->next;
    }
    *last = use;
    list->flags |= CORS_WORD_SET;
    list->count++;
    list->only = NULL;
    return NULL;
}

unsigned int cors_set_count(const cors_list_t *leaf)
{
    const cors_set_use_t *use;
    unsigned int count = 0;

    for (use = leaf->sets; use; use = use->next) {
        count++;
    }
    return count;
}

/* Notes what a set has said.  Returns whether it has the origin. */
static int note_answer(const cors_set_use_t *use, cors_found_e found,
                       unsigned int risks, cors_set_hit_t *hit)
{
    if (found == CORS_FOUND_YES) {
        hit->word = use->words[risks];
        hit->set = use->set;
        return 1;
    }
    if (found == CORS_FOUND_UNKNOWN && !hit->set) {
        hit->set = use->set;
    }
    return 0;
}

/* The look-ups are functions of this file, so that a second caller does not
 * keep them from being inlined where a request is judged: 10 to 30
 * instructions. */
static inline int find_exact(const cors_list_t *list, apr_uint32_t now,
                             const char *text, size_t len, cors_set_hit_t *hit)
{
    const cors_set_use_t *use;

    hit->word = NULL;
    hit->set = NULL;
    hit->gens = 0;
    for (; list; list = list->outer) {
        for (use = list->sets; use; use = use->next) {
            cors_seen_t seen = { 0, 0 };
            cors_found_e found = CORS_FOUND_NO;

            if (!use->set->is_lookup) {
                found = cors_halves_find_exact(&use->set->snapshot, now, text,
                                               len, &seen);
            }
            hit->gens += seen.gen;
            if (note_answer(use, found, seen.risks, hit)) {
                return 1;
            }
        }
    }
    return 0;
}

static inline int find_pattern(const cors_list_t *list, apr_uint32_t now,
                               const cors_origin_t *origin,
                               cors_set_hit_t *hit)
{
    const cors_set_use_t *use;

    hit->gens = 0;
    for (; list; list = list->outer) {
        for (use = list->sets; use; use = use->next) {
            cors_seen_t seen = { 0, 0 };
            cors_found_e found = CORS_FOUND_NO;

            if (!use->set->is_lookup) {
                found = cors_halves_find_pattern(&use->set->snapshot, now,
                                                 origin, &seen);
            }
            hit->gens += seen.gen;
            if (note_answer(use, found, seen.risks, hit)) {
                return 1;
            }
        }
    }
    return 0;
}

/* If a list is replaced between the two looks, an origin that has a pattern in
 * the old list and is exact in the new one is in both, and neither look sees
 * it.  Then both are repeated.  A further round needs a further list, and no
 * list is replaced twice a second. */
static inline int find_pattern_of(const cors_list_t *list, apr_uint32_t now,
                                  const cors_origin_t *origin,
                                  const char *text, size_t len,
                                  cors_set_hit_t *hit)
{
    for (;;) {
        apr_uint32_t gens = hit->gens;

        if (find_pattern(list, now, origin, hit)) {
            return 1;
        }
        if (hit->gens == gens) {
            return 0;
        }
        if (find_exact(list, now, text, len, hit)) {
            return 1;
        }
    }
}

int cors_set_find_exact(const cors_list_t *list, apr_uint32_t now,
                        const char *text, size_t len, cors_set_hit_t *hit)
{
    return find_exact(list, now, text, len, hit);
}

int cors_set_find_pattern(const cors_list_t *list, apr_uint32_t now,
                          const cors_origin_t *origin, const char *text,
                          size_t len, cors_set_hit_t *hit)
{
    return find_pattern_of(list, now, origin, text, len, hit);
}

/* Nobody has parsed the origins of a look-up set, so the risk is that of the
 * origin itself. */
static unsigned int risks_of(const char *text, size_t len)
{
    cors_origin_t origin;

    return cors_origin_parse(text, len, &origin) == CORS_ORIGIN_OK
                   && origin.scheme_len == 4
                   && memcmp(origin.scheme, "http", 4) == 0
                   && !cors_origin_is_loopback(&origin)
               ? CORS_IMAGE_INSECURE
               : 0;
}

static inline int ask_sets(const cors_list_t *list, cors_ask_fn *ask,
                           const char *text, size_t len, cors_set_hit_t *hit)
{
    const cors_set_use_t *use;

    for (; list; list = list->outer) {
        for (use = list->sets; use; use = use->next) {
            if (use->set->is_lookup
                && note_answer(
                    use, ask ? ask(use->set, text, len) : CORS_FOUND_UNKNOWN,
                    risks_of(text, len), hit)) {
                return 1;
            }
        }
    }
    return 0;
}

int cors_set_ask(const cors_list_t *list, cors_ask_fn *ask, const char *text,
                 size_t len, cors_set_hit_t *hit)
{
    return ask_sets(list, ask, text, len, hit);
}

__attribute__((noinline)) int cors_set_has(const cors_list_t *list,
                                           apr_uint32_t now, cors_ask_fn *ask,
                                           const char *text, size_t len,
                                           cors_set_hit_t *hit)
{
    cors_origin_t origin;

    if (find_exact(list, now, text, len, hit)) {
        return 1;
    }
    return cors_origin_parse(text, len, &origin) == CORS_ORIGIN_OK
           && origin.host
           && (find_pattern_of(list, now, &origin, text, len, hit)
               || ask_sets(list, ask, text, len, hit));
}

cors_found_e cors_set_perhaps(const cors_set_t *set, const char *origin,
                              size_t len)
{
    return CORS_FOUND_YES;
}

const char *cors_set_find_row(const cors_set_t *set, apr_uint32_t now,
                              const char *text, size_t len, apr_pool_t *p)
{
    char row[CORS_IMAGE_PATTERN_MAX];
    cors_origin_t origin;
    cors_seen_t seen;

    if (set->is_lookup
        || cors_halves_find_exact(&set->snapshot, now, text, len, &seen)
               == CORS_FOUND_YES) {
        return apr_pstrmemdup(p, text, len);
    }
    return cors_origin_parse(text, len, &origin) == CORS_ORIGIN_OK
                   && origin.host
                   && cors_halves_read_pattern(&set->snapshot, now, &origin,
                                               &seen, row)
                          == CORS_FOUND_YES
               ? apr_pstrdup(p, row)
               : NULL;
}

const cors_word_t *cors_set_find_other(const cors_list_t *leaf,
                                       const cors_word_t *word)
{
    const cors_set_use_t *use;

    for (use = leaf->sets; use && use->words[0] != word; use = use->next) {
        if (strcmp(use->words[0]->text, word->text) == 0) {
            return use->words[0];
        }
    }
    return NULL;
}
