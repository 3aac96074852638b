/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/list.h"

#include <string.h>

#include <apr_strings.h>

#include "grammar/name.h"

/* Most lists have a handful of words. */
#define FIRST_BUCKETS 8

cors_word_t *cors_list_append(cors_list_t *list, const char *text,
                              apr_size_t len, const cors_line_t *at,
                              apr_pool_t *p)
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

/* Whether the list may have the word too.  "*" and "none" exclude every other
 * word, except that Authorization may stand beside "*". */
static int may_add(const cors_list_t *list, int any, int none)
{
    if (any && list->authorization && list->first == list->last) {
        return 1;
    }
    return !list->any && !list->none && !((any || none) && list->first);
}

unsigned int cors_list_keyword_flags(const char *arg)
{
    if (strcmp(arg, "*") == 0) {
        return CORS_WORD_KEYWORD | CORS_WORD_ANY;
    }
    if (cors_name_is_same(arg, "inherit")) {
        return CORS_WORD_KEYWORD | CORS_WORD_INHERIT;
    }
    return cors_name_is_same(arg, "none") ? CORS_WORD_KEYWORD : 0;
}

int cors_list_keyword(cors_list_t *list, const char *arg,
                      const cors_line_t *at, apr_pool_t *p,
                      const char **message)
{
    unsigned int flags = cors_list_keyword_flags(arg);
    int any = (flags & CORS_WORD_ANY) != 0;
    int open = (flags & CORS_WORD_INHERIT) != 0;
    int none = !any && !open;
    cors_word_t *word;

    if (!flags) {
        return 0;
    }
    if (!may_add(list, any, none)) {
        *message = CORS_LIST_ALONE;
        return 1;
    }
    list->none |= none ? 1 : 0;
    list->open |= open ? 1 : 0;
    word = cors_list_append(list, arg, strlen(arg), at, p);
    word->flags = (unsigned short)flags;
    list->flags |= word->flags;
    list->any = any ? word : list->any;
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

static int is_same_word(const cors_word_t *a, const cors_word_t *b)
{
    return a && b && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* The only origin of two lists together. */
static const cors_word_t *find_only(const cors_list_t *a, const cors_list_t *b)
{
    if (!a->count || !b->count) {
        return a->count ? a->only : b->only;
    }
    return is_same_word(a->only, b->only) ? a->only : NULL;
}

/* The leaf with all of base behind it. */
static cors_list_t *hang_before(const cors_list_t *leaf,
                                const cors_list_t *base, apr_pool_t *p)
{
    cors_list_t *copy = apr_pmemdup(p, leaf, sizeof(*leaf));

    copy->outer = base;
    copy->any = leaf->any ? leaf->any : base->any;
    copy->only = find_only(leaf, base);
    copy->count += base->count;
    copy->length += base->length + (copy->length && base->length ? 2 : 0);
    copy->flags |= base->flags;
    copy->late = leaf->late ? leaf->late : base->late;
    copy->open = base->open;
    copy->authorization |= base->authorization;
    copy->get |= base->get;
    return copy;
}

const cors_list_t *cors_list_merge(apr_pool_t *p, const cors_list_t *base,
                                   const cors_list_t *add)
{
    const cors_list_t *leaf;
    const cors_list_t *merged = NULL;
    const cors_list_t **outer = &merged;

    if (!add) {
        return base;
    }
    if (!base || !add->open) {
        return add;
    }
    for (leaf = add; leaf; leaf = leaf->outer) {
        cors_list_t *copy = hang_before(leaf, base, p);

        *outer = copy;
        outer = &copy->outer;
    }
    *outer = base;
    return merged;
}

const apr_array_header_t *cors_list_leaves(const cors_list_t *list,
                                           apr_pool_t *p)
{
    apr_array_header_t *leaves;
    const cors_list_t *leaf;
    int count = 0;

    for (leaf = list; leaf; leaf = leaf->outer) {
        count++;
    }
    leaves = apr_array_make(p, count, sizeof(const cors_list_t *));
    leaves->nelts = count;
    for (leaf = list; leaf; leaf = leaf->outer) {
        APR_ARRAY_IDX(leaves, --count, const cors_list_t *) = leaf;
    }
    return leaves;
}

int cors_list_each(const cors_list_t *list,
                   int (*each)(void *data, const cors_word_t *word),
                   void *data, apr_pool_t *ptemp)
{
    const apr_array_header_t *leaves = cors_list_leaves(list, ptemp);
    const cors_word_t *word;
    int rv = 0;
    int i;

    for (i = 0; i < leaves->nelts && !rv; i++) {
        word = APR_ARRAY_IDX(leaves, i, const cors_list_t *)->first;
        for (; word && !rv; word = word->later) {
            rv = each(data, word);
        }
    }
    return rv;
}
