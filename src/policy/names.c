/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/names.h"

#include <string.h>

#include <apr_strings.h>

#include "grammar/hash.h"
#include "grammar/name_advice.h"
#include "grammar/token.h"

const char *const cors_default_methods[] = { "GET", "HEAD", "POST", NULL };

/* Hashes the name as if it were in lower case. */
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

/* Whether two names of one byte or more are equal.  Most names are so short
 * that a call of memcmp() takes longer than this loop. */
static inline int same_bytes(const char *a, const char *b, size_t len)
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

/* Returns the lower-case copy behind a field name as written.  Browsers send
 * field names in lower case, so most requests match this copy. */
static inline const char *lower(const cors_word_t *word)
{
    return word->text + word->len + 1;
}

/* Looks for the name in one bucket, which word is the first of. */
static inline const cors_word_t *find_in(const cors_word_t *word, int methods,
                                         const char *name, size_t len,
                                         unsigned int hash)
{
    while (
        word
        && (word->hash != hash || word->len != len
            || !(methods ? same_bytes(word->text, name, len)
                         : same_bytes(lower(word), name, len)
                               || cors_token_equal(word->text, name, len)))) {
        word = word->next;
    }
    return word;
}

static inline const cors_word_t *find_here(const cors_table_t *table,
                                           int methods, const char *name,
                                           size_t len, unsigned int hash)
{
    return find_in(cors_table_bucket(table, hash), methods, name, len, hash);
}

static const cors_word_t *find(const cors_list_t *list, int methods,
                               const char *name, size_t len, unsigned int hash)
{
    const cors_word_t *word = NULL;

    for (; list && !word; list = list->outer) {
        word = methods ? find_here(&list->words, 1, name, len, hash)
                       : find_here(&list->words, 0, name, len, hash);
    }
    return word;
}

static int has_method(const cors_list_t *list, const char *method, size_t len)
{
    unsigned int hash = hash_name(method, len);

    if (find(list, 1, method, len, hash)) {
        return 1;
    }
    return (!list || list->open) && cors_method_is_safelisted(method, len);
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
    return find(list, 0, name, len, hash) != NULL;
}

/* Returns where the first element begins that the table does not name, or the
 * end of the value.  One loop scans and looks up: it takes 80 instructions for
 * a name of three bytes, where cors_scan_next() and a look-up take 180.  One
 * value can hold 2,000 names.  Not inlined: within a larger function the loop
 * would run out of registers. */
__attribute__((noinline)) static const char *skip_names(
    const cors_table_t *names, const char *p)
{
    cors_word_t *const *buckets = names->buckets; /* in registers */
    unsigned int mask = names->mask;
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
        if (!find_in(buckets[hash & mask], 0, name, len, hash)) {
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

/* State of putting the names of a list that inherits into one value. */
typedef struct gather_t {
    cors_table_t seen; /* copies of the words already in the value */
    cors_joined_t joined;
    int methods;
    int defaults; /* the value has the default methods */
} gather_t;

static void gather_word(gather_t *g, const cors_word_t *word, apr_pool_t *p)
{
    if ((word->flags & CORS_WORD_KEYWORD)
        || (g->defaults && cors_method_is_safelisted(word->text, word->len))
        || find_here(&g->seen, g->methods, word->text, word->len,
                     word->hash)) {
        return;
    }
    cors_table_insert(&g->seen, apr_pmemdup(p, word, sizeof(*word)),
                      word->hash, p);
    cors_joined_add(&g->joined, word->text, word->len, p);
}

static const char *gather(gather_t *g, const cors_list_t *list, apr_pool_t *p)
{
    const apr_array_header_t *leaves = cors_list_leaves(list, p);
    const cors_word_t *word;
    int i;

    for (i = 0; i < leaves->nelts; i++) {
        word = APR_ARRAY_IDX(leaves, i, const cors_list_t *)->first;
        for (; word; word = word->later) {
            gather_word(g, word, p);
        }
    }
    return g->joined.text;
}

const char *cors_names_gather(const cors_list_t *list, cors_name_kind_e kind,
                              apr_pool_t *p)
{
    gather_t g = { { 0 }, { 0 }, kind == CORS_NAMES_METHODS, 0 };

    if (!list) {
        return g.methods ? CORS_DEFAULT_METHODS : NULL;
    }
    g.defaults = g.methods && list->open;
    if (!list->outer && !g.defaults) {
        return list->joined.text;
    }
    if (g.defaults) {
        cors_joined_add(&g.joined, CORS_DEFAULT_METHODS,
                        sizeof(CORS_DEFAULT_METHODS) - 1, p);
    }
    return gather(&g, list, p);
}

/* Whether arg is Authorization in CorsAllowHeaders, the only name that may
 * stand beside "*", because "*" does not cover it
 * (https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name). */
static int names_authorization(const char *arg, cors_name_kind_e kind)
{
    return kind == CORS_NAMES_ALLOW_HEADERS
           && cors_name_is_same(arg, "Authorization");
}

/* Returns a copy of the text and, behind its NUL, the text in lower case. */
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
                     const cors_line_t *at, apr_pool_t *p)
{
    size_t len = strlen(arg);
    unsigned int hash = hash_name(arg, len);
    int twice = find(list, methods, arg, len, hash) != NULL;
    cors_word_t *word = cors_list_append(
        list, methods ? arg : with_lower(arg, len, p), len, at, p);

    word->hash = hash;
    if (!twice) {
        cors_table_insert(&list->words, word, hash, p);
        cors_joined_add(&list->joined, arg, len, p);
        list->length = list->joined.len;
    }
}

const char *cors_names_add(cors_list_t *list, cors_name_kind_e kind,
                           const char *arg, const cors_line_t *at,
                           apr_pool_t *p, apr_pool_t *ptemp)
{
    int authorization = names_authorization(arg, kind);
    const char *message = NULL;
    cors_name_e error;

    if (kind == CORS_NAMES_METHODS && cors_name_is_same(arg, "none")) {
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
    list->authorization |= authorization ? 1 : 0;
    list->get |= kind == CORS_NAMES_METHODS && strcmp(arg, "GET") == 0;
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
