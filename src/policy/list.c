/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/list.h"

#include <string.h>

#include <apr_cstr.h>

/* Most lists have a handful of words. */
#define FIRST_BUCKETS 8

cors_word_t *cors_list_append(cors_list_t *list, const char *text,
                              apr_size_t len, const void *at, apr_pool_t *p)
{
    cors_word_t *word = apr_pcalloc(p, sizeof(*word));

    word->text = text;
    word->len = (unsigned short)len;
    word->at = at;
    if (list->last) {
        list->last->later = word;
    }
    else {
        list->first = word;
    }
    list->last = word;
    return word;
}

/* "*" and "none" exclude every other word; only Authorization may stand
 * beside "*", which does not cover it. */
static int may_add(const cors_list_t *list, int any, int none)
{
    if (any && list->authorization && list->first == list->last) {
        return 1;
    }
    return !list->any && !list->none && !((any || none) && list->first);
}

int cors_list_keyword(cors_list_t *list, const char *arg, const void *at,
                      apr_pool_t *p, const char **message)
{
    int any = strcmp(arg, "*") == 0;
    int none = apr_cstr_casecmp(arg, "none") == 0;
    int open = apr_cstr_casecmp(arg, "inherit") == 0;
    cors_word_t *word;

    if (!any && !none && !open) {
        return 0;
    }
    if (!may_add(list, any, none)) {
        *message = CORS_LIST_ALONE;
        return 1;
    }
    list->any |= any;
    list->none |= none;
    list->open |= open;
    word = cors_list_append(list, arg, strlen(arg), at, p);
    word->flags = CORS_WORD_KEYWORD | (any ? CORS_WORD_ANY : 0);
    list->flags |= word->flags;
    *message = NULL;
    return 1;
}

static void grow(cors_table_t *table, apr_pool_t *p)
{
    unsigned int size = table->buckets ? (table->mask + 1) * 2 : FIRST_BUCKETS;
    cors_word_t **buckets = apr_pcalloc(p, size * sizeof(*buckets));
    unsigned int i;

    for (i = 0; table->buckets && i <= table->mask; i++) {
        cors_word_t *word = table->buckets[i];

        while (word) {
            cors_word_t *next = word->next;

            word->next = buckets[word->hash & (size - 1)];
            buckets[word->hash & (size - 1)] = word;
            word = next;
        }
    }
    table->buckets = buckets;
    table->mask = size - 1;
}

void cors_table_insert(cors_table_t *table, cors_word_t *word,
                       unsigned int hash, apr_pool_t *p)
{
    if (!table->buckets || table->count > table->mask) {
        grow(table, p);
    }
    word->hash = hash;
    word->next = table->buckets[hash & table->mask];
    table->buckets[hash & table->mask] = word;
    table->count++;
}

const cors_list_t *cors_list_merge(apr_pool_t *p, const cors_list_t *base,
                                   const cors_list_t *add)
{
    cors_list_t *link;

    if (!add) {
        return base;
    }
    if (!base || !add->open) {
        return add;
    }
    link = apr_pcalloc(p, sizeof(*link));
    link->inner = add;
    link->outer = base;
    link->any = add->any | base->any;
    link->authorization = add->authorization | base->authorization;
    link->open = base->open;
    link->flags = add->flags | base->flags;
    return link;
}

int cors_list_each(const cors_list_t *list,
                   int (*each)(void *data, const cors_word_t *word),
                   void *data)
{
    const cors_word_t *word;
    int rv = 0;

    if (list->outer) {
        rv = cors_list_each(list->outer, each, data);
        return rv ? rv : cors_list_each(list->inner, each, data);
    }
    for (word = list->first; word && !rv; word = word->later) {
        rv = each(data, word);
    }
    return rv;
}

const cors_word_t *cors_list_find_any(const cors_list_t *list)
{
    const cors_word_t *word;

    while (list->outer) {
        list = list->inner->any ? list->inner : list->outer;
    }
    word = list->first;
    while (!(word->flags & CORS_WORD_ANY)) {
        word = word->later;
    }
    return word;
}
