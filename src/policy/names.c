/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/names.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>
#include <apr_tables.h>

#include "grammar/hash.h"
#include "grammar/name_advice.h"
#include "grammar/token.h"

const char *const cors_default_methods[] = { "GET", "HEAD", "POST", NULL };

/* Comparing in any case is the rarer, and longer: browsers send the names of
 * fields in lower case. */
static unsigned int hash_name(const char *name, size_t len)
{
    unsigned int hash = CORS_HASH_INIT;
    size_t i;

    for (i = 0; i < len; i++) {
        unsigned int c = cors_token_lower[(unsigned char)name[i]];

        hash = CORS_HASH_ADD(hash, c);
    }
    return hash;
}

/* memcmp() of one byte or more: most names are too short for its call to
 * pay. */
static inline int is_same(const char *a, const char *b, size_t len)
{
    if (len >= 8) {
        return memcmp(a, b, len) == 0;
    }
    do {
        if (*a++ != *b++) {
            return 0;
        }
    } while (--len);
    return 1;
}

/* Browsers send the names of fields in lower case, so that is what is kept
 * behind each as it was written. */
static inline const char *lower(const cors_word_t *word)
{
    return word->text + word->len + 1;
}

static inline const cors_word_t *find_here(const cors_table_t *table,
                                           int methods, const char *name,
                                           size_t len, unsigned int hash)
{
    const cors_word_t *word = cors_table_bucket(table, hash);

    while (
        word
        && (word->hash != hash || word->len != len
            || !(methods ? is_same(word->text, name, len)
                         : is_same(lower(word), name, len)
                               || cors_token_equal(word->text, name, len)))) {
        word = word->next;
    }
    return word;
}

static const cors_word_t *find(const cors_list_t *list, int methods,
                               const char *name, size_t len, unsigned int hash)
{
    while (list->outer) {
        const cors_word_t *word = find(list->inner, methods, name, len, hash);

        if (word) {
            return word;
        }
        list = list->outer;
    }
    return methods ? find_here(&list->words, 1, name, len, hash)
                   : find_here(&list->words, 0, name, len, hash);
}

static int is_default_method(const char *method, size_t len)
{
    size_t i;

    for (i = 0; cors_default_methods[i]; i++) {
        if (strlen(cors_default_methods[i]) == len
            && memcmp(method, cors_default_methods[i], len) == 0) {
            return 1;
        }
    }
    return 0;
}

static int has_method(const cors_list_t *list, const char *method, size_t len)
{
    unsigned int hash = hash_name(method, len);

    if (list
        && (list->outer ? find(list, 1, method, len, hash)
                        : find_here(&list->words, 1, method, len, hash))) {
        return 1;
    }
    return (!list || list->open) && is_default_method(method, len);
}

int cors_names_have_method(const cors_list_t *list, const char *method,
                           size_t len)
{
    return has_method(list, method, len)
           || (len == 4 && memcmp(method, "HEAD", 4) == 0
               && has_method(list, "GET", 3));
}

int cors_names_have_field(const cors_list_t *list, const char *name,
                          size_t len, unsigned int hash)
{
    return list && find(list, 0, name, len, hash);
}

/* Where the first element begins that is no name of the table, or the end.
 * What cors_scan_next() and the look-up do is one loop here, which takes 80
 * instructions for a name of three bytes instead of 180: there can be 2,000
 * of them in one value. */
static const char *skip_names(const cors_table_t *names, const char *p)
{
    const cors_table_t table = *names; /* in registers */
    const char *name = cors_scan_separators(p);

    for (;;) {
        unsigned int hash = CORS_HASH_INIT;
        unsigned int c;
        size_t len;

        for (p = name; (c = cors_token_lower[(unsigned char)*p]) != 0; p++) {
            hash = CORS_HASH_ADD(hash, c);
        }
        len = (size_t)(p - name);
        if (*p != ',') {
            while (cors_scan_is_blank(*p)) {
                p++;
            }
            if (*p != ',' && *p != '\0') {
                return name;
            }
        }
        if (!find_here(&table, 0, name, len, hash)) {
            return name;
        }
        name = p + (*p != '\0');
        if (!cors_token_lower[(unsigned char)*name]) {
            name = cors_scan_separators(name);
        }
    }
}

cors_scan_e cors_names_scan(const cors_list_t *list, cors_scan_t *scan)
{
    cors_scan_e found;

    if (list && !list->outer && list->words.buckets) {
        scan->next = skip_names(&list->words, scan->next);
        return cors_scan_next(scan);
    }
    do {
        found = cors_scan_next(scan);
    } while (
        found == CORS_SCAN_NAME
        && cors_names_have_field(list, scan->name, scan->len, scan->hash));
    return found;
}

/* The names of a list that inherits, on their way into one value. */
typedef struct gather_t {
    apr_array_header_t *texts;
    int methods;
    int defaults; /* the default methods are there already */
} gather_t;

/* list: the one that the word is written in. */
static int is_there(const gather_t *g, const cors_list_t *before,
                    const cors_list_t *list, const cors_word_t *word)
{
    unsigned int hash = hash_name(word->text, word->len);

    if (g->defaults && is_default_method(word->text, word->len)) {
        return 1;
    }
    return find(list, g->methods, word->text, word->len, hash) != word
           || (before
               && find(before, g->methods, word->text, word->len, hash));
}

/* Puts the list's names behind those that are there, without the ones that
 * the lists before it have. */
static void gather(gather_t *g, const cors_list_t *list,
                   const cors_list_t *before)
{
    const cors_word_t *word;

    if (list->outer) {
        cors_list_t both = { 0 };

        gather(g, list->outer, before);
        both.inner = list->outer;
        both.outer = before;
        gather(g, list->inner, before ? &both : list->outer);
        return;
    }
    for (word = list->first; word; word = word->later) {
        if (!(word->flags & CORS_WORD_KEYWORD)
            && !is_there(g, before, list, word)) {
            APR_ARRAY_PUSH(g->texts, const char *) = word->text;
        }
    }
}

/* Joins with ", ", where apr_array_pstrcat() has a single byte. */
static const char *join(const apr_array_header_t *texts, apr_pool_t *p)
{
    cors_joined_t joined = { 0 };
    int i;

    for (i = 0; i < texts->nelts; i++) {
        const char *text = APR_ARRAY_IDX(texts, i, const char *);

        cors_joined_add(&joined, text, strlen(text), p);
    }
    return joined.text;
}

const char *cors_names_gather(const cors_list_t *list, cors_name_kind_e kind,
                              apr_pool_t *p)
{
    gather_t g = { NULL, kind == CORS_NAMES_METHODS, 0 };
    size_t i;

    if (!list) {
        return g.methods ? CORS_DEFAULT_METHODS : NULL;
    }
    g.defaults = g.methods && list->open;
    if (!list->outer && !g.defaults) {
        return list->joined.text;
    }
    g.texts = apr_array_make(p, 16, sizeof(const char *));
    for (i = 0; g.defaults && cors_default_methods[i]; i++) {
        APR_ARRAY_PUSH(g.texts, const char *) = cors_default_methods[i];
    }
    gather(&g, list, NULL);
    return join(g.texts, p);
}

/* "*" in CorsAllowHeaders covers all names but Authorization (Fetch, "CORS
 * non-wildcard request-header name"), which can be named beside it. */
static int is_authorization(const char *arg, cors_name_kind_e kind)
{
    return kind == CORS_NAMES_ALLOW_HEADERS
           && apr_cstr_casecmp(arg, "Authorization") == 0;
}

/* text, and behind it the same in lower case. */
static const char *with_lower(const char *text, size_t len, apr_pool_t *p)
{
    char *both = apr_palloc(p, 2 * (len + 1));
    size_t i;

    memcpy(both, text, len + 1);
    for (i = 0; i <= len; i++) {
        both[len + 1 + i] = (char)cors_token_lower[(unsigned char)text[i]];
    }
    return both;
}

static void add_name(cors_list_t *list, int methods, const char *arg,
                     const void *at, apr_pool_t *p)
{
    size_t len = strlen(arg);
    unsigned int hash = hash_name(arg, len);
    int twice = find(list, methods, arg, len, hash) != NULL;
    cors_word_t *word = cors_list_append(
        list, methods ? arg : with_lower(arg, len, p), len, at, p);

    if (!twice) {
        cors_table_insert(&list->words, word, hash, p);
        cors_joined_add(&list->joined, arg, len, p);
    }
}

const char *cors_names_add(cors_list_t *list, cors_name_kind_e kind,
                           const char *arg, const void *at, apr_pool_t *p,
                           apr_pool_t *ptemp)
{
    int authorization = is_authorization(arg, kind);
    const char *message = NULL;
    cors_name_e error;

    if (kind == CORS_NAMES_METHODS && apr_cstr_casecmp(arg, "none") == 0) {
        return "a policy without methods allows nothing: write "
               "CorsAllowOrigin none";
    }
    if (cors_list_keyword(list, arg, at, p, &message)) {
        return message;
    }
    error = cors_name_check(arg, kind);
    if (error != CORS_NAME_OK) {
        return cors_advice_name(arg, kind, error, ptemp);
    }
    if (list->none || (list->any && !authorization)) {
        return CORS_LIST_ALONE;
    }
    add_name(list, kind == CORS_NAMES_METHODS, arg, at, p);
    list->authorization |= authorization;
    return NULL;
}

const cors_word_t *cors_names_find_other(const cors_list_t *list,
                                         cors_name_kind_e kind,
                                         const cors_word_t *word)
{
    const cors_word_t *found = NULL;

    if (!(word->flags & CORS_WORD_KEYWORD)) {
        found = find(list, kind == CORS_NAMES_METHODS, word->text, word->len,
                     hash_name(word->text, word->len));
    }
    return found == word ? NULL : found;
}
