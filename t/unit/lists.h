/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Lists of origins and names, made of words in one text. */

#ifndef LISTS_H
#define LISTS_H

#include "unit.h"

#include "policy/names.h"
#include "policy/origins.h"

/* Adds one word.  Returns NULL or what is wrong with it. */
typedef const char *add_word_fn(cors_list_t *list, const char *word, int kind,
                                apr_pool_t *p);

static inline cors_list_t *words(add_word_fn *add, int kind, const char *text,
                                 apr_pool_t *p)
{
    cors_list_t *list = apr_pcalloc(p, sizeof(*list));
    char *state;
    char *word = apr_strtok(apr_pstrdup(p, text), " ", &state);

    for (; word; word = apr_strtok(NULL, " ", &state)) {
        assert_null(add(list, word, kind, p));
    }
    return list;
}

static inline const char *add_origin(cors_list_t *list, const char *word,
                                     int kind, apr_pool_t *p)
{
    return cors_origins_add(list, word, NULL, NULL, p, p);
}

static inline const char *add_name(cors_list_t *list, const char *word,
                                   int kind, apr_pool_t *p)
{
    return cors_names_add(list, (cors_name_kind_e)kind, word, NULL, p, p);
}

static inline cors_list_t *origins(const char *text, apr_pool_t *p)
{
    return words(add_origin, 0, text, p);
}

/* The word of the list that allows the origin, NULL if none does. */
static inline const char *found(const cors_list_t *list, const char *text)
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

static inline cors_list_t *names(cors_name_kind_e kind, const char *text,
                                 apr_pool_t *p)
{
    return words(add_name, (int)kind, text, p);
}

#endif
