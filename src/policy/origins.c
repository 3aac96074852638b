/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/origins.h"

#include <string.h>

#include <apr.h>
#include <apr_cstr.h>

#include "grammar/compiler.h"
#include "grammar/hash.h"
#include "grammar/pattern.h"
#include "grammar/pattern_advice.h"
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

/* Hashes scheme and port, which stay the same at each step of the walk. */
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

/* The target of one step of the walk. */
typedef struct probe_t {
    const cors_origin_t *origin;
    const char *host; /* the end of the origin's host from here */
    size_t host_len;
    size_t hashed; /* so many bytes at the end, whole words, are in ... */
    apr_uint64_t words_hash;
    int subdomains;
} probe_t;

/* Hashes the bytes that the probe has reached.  The first word may overlap the
 * one after it. */
static inline apr_uint64_t hash_host(const probe_t *probe)
{
    apr_uint64_t hash = probe->words_hash;
    size_t left = probe->host_len - probe->hashed;

    if (!left) {
        return hash;
    }
    return mix(hash, probe->host_len < sizeof(hash)
                         ? cors_hash_load_short(probe->host, left)
                         : cors_hash_load(probe->host))
           + left;
}

static int is_match(const cors_word_t *word, const probe_t *probe, int port)
{
    const cors_origin_t *o = probe->origin;

    return word->port == port && word->host_len == probe->host_len
           && !(word->flags & CORS_WORD_SUBDOMAIN) == !probe->subdomains
           && memcmp(word->text + word->host, probe->host, probe->host_len)
                  == 0
           && strncmp(word->text, o->scheme, o->scheme_len) == 0
           && word->text[o->scheme_len] == ':';
}

static const cors_word_t *look(const cors_table_t *table, const probe_t *probe,
                               apr_uint64_t scheme, int port)
{
    unsigned int hash = hash_pattern(scheme, hash_host(probe),
                                     probe->subdomains);
    const cors_word_t *word = cors_table_bucket(table, hash);

    while (word && (word->hash != hash || !is_match(word, probe, port))) {
        word = word->next;
    }
    return word;
}

/* Moves the probe to the left, until it has the last len bytes of the host.
 * Whole words are hashed from the right, so that what they come to is good for
 * each longer end. */
static inline void reach(probe_t *probe, size_t len)
{
    const cors_origin_t *o = probe->origin;
    const char *end = o->host + o->host_len;

    while (len - probe->hashed >= sizeof(apr_uint64_t)) {
        probe->hashed += sizeof(apr_uint64_t);
        probe->words_hash = mix(probe->words_hash,
                                cors_hash_load(end - probe->hashed));
    }
    probe->host = end - len;
    probe->host_len = len;
}

/* Looks for a subdomain pattern of the bytes that the probe has reached: one
 * for the origin's port before one for any port. */
static const cors_word_t *look_below(const cors_table_t *table,
                                     const probe_t *probe)
{
    const cors_origin_t *o = probe->origin;
    const cors_word_t *word = NULL;

    if (table->kinds & CORS_TABLE_BELOW) {
        word = look(table, probe,
                    hash_scheme(o->scheme, o->scheme_len, o->port), o->port);
    }
    if (!word && (table->kinds & CORS_TABLE_BELOW_ANY)) {
        word = look(table, probe,
                    hash_scheme(o->scheme, o->scheme_len, CORS_PORT_ANY),
                    CORS_PORT_ANY);
    }
    return word;
}

/* Looks for subdomain patterns of each length that the table has, if the host
 * has a dot before so many bytes: from the shortest to the longest, which
 * wins.  Leaves the probe where it looked last. */
static const cors_word_t *walk_labels(const cors_table_t *table,
                                      probe_t *probe)
{
    const cors_origin_t *o = probe->origin;
    const cors_word_t *found = NULL;
    size_t base;

    for (base = 0; base < o->host_len; base += 64) {
        apr_uint64_t lengths = table->lengths;

        if (o->host_len - base < 64) {
            lengths &= (APR_UINT64_C(1) << (o->host_len - base)) - 1;
        }
        for (; lengths; lengths &= lengths - 1) {
            size_t len = base + cors_lowest_bit(lengths);
            const cors_word_t *word;

            if (len && o->host[o->host_len - 1 - len] == '.') {
                reach(probe, len);
                word = look_below(table, probe);
                found = word ? word : found;
            }
        }
    }
    return found;
}

static void begin_walk(probe_t *probe, const cors_origin_t *origin)
{
    probe->origin = origin;
    probe->host = NULL;
    probe->host_len = 0;
    probe->hashed = 0;
    probe->words_hash = 0;
    probe->subdomains = 1;
}

/* The host itself with any port is more specific than its parents' patterns.
 */
static const cors_word_t *walk(const cors_table_t *table,
                               const cors_origin_t *o)
{
    const cors_word_t *found;
    const cors_word_t *word = NULL;
    probe_t probe;

    begin_walk(&probe, o);
    found = walk_labels(table, &probe);
    if (table->kinds & CORS_TABLE_HOST_ANY) {
        reach(&probe, o->host_len);
        probe.subdomains = 0;
        word = look(table, &probe,
                    hash_scheme(o->scheme, o->scheme_len, CORS_PORT_ANY),
                    CORS_PORT_ANY);
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
    probe_t probe;

    word->port = o->port;
    word->host = (unsigned char)(o->host - word->text);
    word->host_len = (unsigned short)o->host_len;
    word->flags |= pattern->subdomains ? CORS_WORD_SUBDOMAIN : 0;
    note_pattern(&list->patterns, pattern);
    begin_walk(&probe, o);
    reach(&probe, o->host_len);
    probe.subdomains = pattern->subdomains;
    if (!look(&list->patterns, &probe, scheme, o->port)) {
        cors_table_insert(
            &list->patterns, word,
            hash_pattern(scheme, hash_host(&probe), pattern->subdomains), p);
    }
}

static void add_exact(cors_list_t *list, cors_word_t *word, apr_pool_t *p)
{
    unsigned int hash = hash_bytes(word->text, word->len);

    if (!find_word(list, hash, word->text, word->len)) {
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
    probe_t probe;

    begin_walk(&probe, &o);
    wider = walk_labels(&list->patterns, &probe);
    reach(&probe, o.host_len);
    probe.subdomains = (word->flags & CORS_WORD_SUBDOMAIN) != 0;
    found = look(&list->patterns, &probe, here, o.port);
    if (found && found != word) {
        return found;
    }
    found = look(&list->patterns, &probe, any, CORS_PORT_ANY);
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
