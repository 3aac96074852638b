/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/origins.h"

#include <string.h>

#include <apr.h>
#include <apr_cstr.h>

#include "grammar/hash.h"
#include "grammar/pattern.h"
#include "grammar/pattern_advice.h"
#include "policy/ends.h"
#include "policy/risk.h"
#include "policy/set.h"

static inline apr_uint64_t mix(apr_uint64_t hash, apr_uint64_t word)
{
    hash = (hash ^ word) * CORS_HASH_MULTIPLIER;
    return hash ^ (hash >> 32);
}

/* Hashes eight bytes at a time, because every allowed request pays for it. The
 * last eight bytes may overlap the eight before them. */
static inline unsigned int hash_bytes(const char *s, size_t len)
{
    const char *last = s + len - sizeof(apr_uint64_t);
    apr_uint64_t hash = len;

    if (len < sizeof(apr_uint32_t)) {
        while (len) {
            hash = mix(hash, (unsigned char)s[--len]);
        }
        return (unsigned int)hash;
    }
    if (len < sizeof(apr_uint64_t)) {
        return (unsigned int)mix(hash, cors_hash_load_short(s, len));
    }
    for (; s < last; s += sizeof(apr_uint64_t)) {
        hash = mix(hash, cors_hash_load(s));
    }
    return (unsigned int)mix(hash, cors_hash_load(last));
}

/* Hashes the scheme and the port of an origin or a pattern. */
static apr_uint64_t hash_scheme(const char *scheme, size_t len, int port)
{
    return mix(hash_bytes(scheme, len), (apr_uint64_t)port);
}

static unsigned int hash_pattern(apr_uint64_t scheme, apr_uint64_t host,
                                 int subdomains)
{
    return (unsigned int)mix(scheme, host << 1 | (unsigned int)subdomains);
}

static inline const cors_word_t *find_word(const cors_list_t *leaf,
                                           unsigned int hash, const char *text,
                                           size_t len)
{
    const cors_word_t *word = cors_table_bucket(&leaf->words, hash);

    while (word
           && (word->hash != hash || word->len != len
               || memcmp(word->text, text, len) != 0)) {
        word = word->next;
    }
    return word;
}

const cors_word_t *cors_origins_find_exact(const cors_list_t *list,
                                           const char *text, size_t len)
{
    unsigned int hash = hash_bytes(text, len);
    const cors_word_t *word = NULL;

    for (; list && !word; list = list->outer) {
        word = find_word(list, hash, text, len);
    }
    return word;
}

static int is_match(const cors_word_t *word, const cors_ends_t *ends, int port,
                    int below)
{
    const cors_origin_t *o = ends->origin;

    return word->port == port && word->host_len == ends->len
           && !(word->flags & CORS_WORD_SUBDOMAIN) == !below
           && memcmp(word->text + word->host, ends->host, ends->len) == 0
           && strncmp(word->text, o->scheme, o->scheme_len) == 0
           && word->text[o->scheme_len] == ':';
}

/* Looks for the end of a host that is reached. */
static const cors_word_t *look(const cors_table_t *table,
                               const cors_ends_t *ends, apr_uint64_t scheme,
                               int port, int below)
{
    unsigned int hash = hash_pattern(scheme, cors_ends_hash(ends), below);
    const cors_word_t *word = cors_table_bucket(table, hash);

    while (word
           && (word->hash != hash || !is_match(word, ends, port, below))) {
        word = word->next;
    }
    return word;
}

/* Looks for a subdomain pattern: one for the origin's port before one for any
 * port. */
static const cors_word_t *look_below(const cors_table_t *table,
                                     const cors_ends_t *ends)
{
    const cors_origin_t *o = ends->origin;
    const cors_word_t *word = NULL;

    if (table->kinds & CORS_TABLE_BELOW) {
        word = look(table, ends,
                    hash_scheme(o->scheme, o->scheme_len, o->port), o->port,
                    1);
    }
    if (!word && (table->kinds & CORS_TABLE_BELOW_ANY)) {
        word = look(table, ends,
                    hash_scheme(o->scheme, o->scheme_len, CORS_PORT_ANY),
                    CORS_PORT_ANY, 1);
    }
    return word;
}

/* These hashes are no secret: who writes the list is trusted. */
static inline void begin_walk(cors_ends_t *ends, const cors_origin_t *origin)
{
    cors_ends_begin(ends, origin, 0, CORS_HASH_MULTIPLIER);
}

/* Looks for all subdomain patterns: the longest wins.  Leaves `ends` where it
 * looked last. */
static const cors_word_t *walk_ends(const cors_table_t *table,
                                    cors_ends_t *ends)
{
    cors_lengths_t lengths = { table->lengths, table->lengths, 0 };
    const cors_word_t *found = NULL;

    while (cors_ends_next(ends, &lengths)) {
        const cors_word_t *word = look_below(table, ends);

        found = word ? word : found;
    }
    return found;
}

/* The host itself with any port is more specific than its parents' patterns.
 */
static const cors_word_t *walk(const cors_table_t *table,
                               const cors_origin_t *o)
{
    const cors_word_t *found;
    const cors_word_t *word = NULL;
    cors_ends_t ends;

    begin_walk(&ends, o);
    found = walk_ends(table, &ends);
    if (table->kinds & CORS_TABLE_HOST_ANY) {
        cors_ends_reach(&ends, o->host_len);
        word = look(table, &ends,
                    hash_scheme(o->scheme, o->scheme_len, CORS_PORT_ANY),
                    CORS_PORT_ANY, 0);
    }
    return word ? word : found;
}

const cors_word_t *cors_origins_find_pattern(const cors_list_t *list,
                                             const cors_origin_t *origin)
{
    const cors_word_t *word = NULL;

    for (; list && origin->host && !word; list = list->outer) {
        if (list->patterns.buckets) {
            word = walk(&list->patterns, origin);
        }
    }
    return word;
}

/* Which look-ups can find the pattern at all. */
static void note_pattern(cors_table_t *table, const cors_pattern_t *pattern)
{
    const cors_origin_t *o = &pattern->origin;

    if (!pattern->subdomains) {
        table->kinds |= CORS_TABLE_HOST_ANY;
        return;
    }
    table->lengths |= APR_UINT64_C(1) << (o->host_len & 63);
    table->kinds |= o->port == CORS_PORT_ANY ? CORS_TABLE_BELOW_ANY
                                             : CORS_TABLE_BELOW;
}

/* A word that is in the list already stays out of the tables, which have the
 * word that was written first. */
static void add_pattern(cors_list_t *list, cors_word_t *word,
                        const cors_pattern_t *pattern, apr_pool_t *p)
{
    const cors_origin_t *o = &pattern->origin;
    apr_uint64_t scheme = hash_scheme(o->scheme, o->scheme_len, o->port);
    cors_ends_t ends;

    word->port = o->port;
    word->host = (unsigned char)(o->host - word->text);
    word->host_len = (unsigned short)o->host_len;
    word->flags |= pattern->subdomains ? CORS_WORD_SUBDOMAIN : 0;
    note_pattern(&list->patterns, pattern);
    begin_walk(&ends, o);
    cors_ends_reach(&ends, o->host_len);
    if (!look(&list->patterns, &ends, scheme, o->port, pattern->subdomains)) {
        cors_table_insert(
            &list->patterns, word,
            hash_pattern(scheme, cors_ends_hash(&ends), pattern->subdomains),
            p);
    }
}

static void add_exact(cors_list_t *list, cors_word_t *word, apr_pool_t *p)
{
    unsigned int hash = hash_bytes(word->text, word->len);

    if (find_word(list, hash, word->text, word->len)) {
        word->flags |= CORS_WORD_DOUBLE;
    }
    else {
        cors_table_insert(&list->words, word, hash, p);
    }
}

/* The first origin of a leaf that is neither a pattern nor "null" nor in a
 * set. */
static const cors_word_t *find_exact_word(const cors_list_t *leaf)
{
    const cors_word_t *word = leaf->first;

    while (word
           && (word->host
               || (word->flags
                   & (CORS_WORD_KEYWORD | CORS_WORD_NULL | CORS_WORD_SET)))) {
        word = word->later;
    }
    return word;
}

const char *cors_origins_add(cors_list_t *list, const char *arg,
                             const cors_line_t *at,
                             const cors_suffixes_t *suffixes, apr_pool_t *p,
                             apr_pool_t *ptemp)
{
    const char *message = NULL;
    cors_pattern_e error;
    cors_pattern_t pattern;
    cors_word_t *word;
    size_t len = strlen(arg);

    if (cors_list_keyword(list, arg, at, p, &message)) {
        return message;
    }
    error = cors_pattern_parse(arg, &pattern);
    if (error != CORS_PATTERN_OK) {
        return cors_advice_origin(arg, error, ptemp);
    }
    if (list->any || list->none) {
        return CORS_LIST_ALONE;
    }
    word = cors_list_append(list, arg, len, at, p);
    word->flags = (unsigned short)cors_risk_flags(&pattern, suffixes,
                                                  list->late != NULL);
    if (pattern.subdomains || pattern.origin.port == CORS_PORT_ANY) {
        add_pattern(list, word, &pattern, p);
    }
    else {
        add_exact(list, word, p);
    }
    list->flags |= word->flags;
    list->count = list->words.count + list->patterns.count
                  + cors_set_count(list);
    list->only = list->count == 1 ? find_exact_word(list) : NULL;
    return NULL;
}

/* Returns another pattern of the list that allows everything `word`, a pattern
 * of this list or of another, allows: one for the same host, or one on the
 * walk to that host. */
static const cors_word_t *find_wider(const cors_list_t *list,
                                     const cors_word_t *word)
{
    const char *scheme_end = strchr(word->text, ':');
    cors_origin_t o = { word->text, word->text + word->host,
                        (size_t)(scheme_end - word->text), word->host_len,
                        word->port };
    apr_uint64_t here = hash_scheme(o.scheme, o.scheme_len, o.port);
    apr_uint64_t any = hash_scheme(o.scheme, o.scheme_len, CORS_PORT_ANY);
    const cors_word_t *wider;
    const cors_word_t *found;
    int subdomains = (word->flags & CORS_WORD_SUBDOMAIN) != 0;
    cors_ends_t ends;

    begin_walk(&ends, &o);
    wider = walk_ends(&list->patterns, &ends);
    cors_ends_reach(&ends, o.host_len);
    found = look(&list->patterns, &ends, here, o.port, subdomains);
    if (found && found != word) {
        return found;
    }
    found = look(&list->patterns, &ends, any, CORS_PORT_ANY, subdomains);
    return found && found != word ? found : wider;
}

const cors_word_t *cors_origins_find_other(const cors_list_t *list,
                                           const cors_word_t *word)
{
    const cors_word_t *found;
    cors_origin_t origin;

    if (word->flags & CORS_WORD_KEYWORD) {
        return NULL;
    }
    if (word->flags & CORS_WORD_SET) {
        return cors_set_find_other(list, word);
    }
    if (word->host) {
        return find_wider(list, word);
    }
    found = cors_origins_find_exact(list, word->text, word->len);
    if (found && found != word) {
        return found;
    }
    return cors_origin_parse(word->text, word->len, &origin) == CORS_ORIGIN_OK
               ? cors_origins_find_pattern(list, &origin)
               : NULL;
}

/* Without this, each of a million origins would be parsed and looked up once
 * more, where nearly all are alone: a fifth of the time of a configtest. */
const cors_word_t *cors_origins_find_double(const cors_list_t *leaf,
                                            const cors_word_t *word)
{
    return !word->host && !leaf->patterns.buckets
                   && !(word->flags
                        & (CORS_WORD_DOUBLE | CORS_WORD_KEYWORD | CORS_WORD_SET
                           | CORS_WORD_NULL))
               ? NULL
               : cors_origins_find_other(leaf, word);
}
