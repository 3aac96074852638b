/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "observe/top.h"

#include <stdlib.h>
#include <string.h>

#include "grammar/compiler.h"
#include "grammar/hash.h"

/* Bytes that are hashed at a time. */
#define PAIR (2 * sizeof(apr_uint64_t))

/* An origin may stand in two pairs, which follow from its hash: one in each
 * half, so that they are never the same. */
#define HALF             (CORS_TOP_PAIRS / 2)
#define FIRST_PAIR(hash) ((hash) >> 8 & (HALF - 1))
#define OTHER_PAIR(hash) (HALF + ((hash) >> 16 & (HALF - 1)))

/* So many refusals write the text again. */
#define RENEWAL 1024 /* a power of 2 */

/* So many origins that take a place look for the least weight anew. */
#define RESCAN 32 /* a power of 2 */

#define LOAD  CORS_LOAD
#define STORE CORS_STORE
#define ADD   CORS_ADD

static inline apr_uint64_t mix(apr_uint64_t hash, apr_uint64_t first,
                               apr_uint64_t second)
{
    hash = (hash ^ first) * CORS_HASH_MULTIPLIER + second;
    return hash ^ (hash >> 32);
}

/* A short text byte by byte: there are next to none. */
__attribute__((noinline)) static apr_uint64_t hash_short(apr_uint64_t hash,
                                                         const char *s,
                                                         size_t len)
{
    while (len) {
        hash = mix(hash, (unsigned char)s[--len], 0);
    }
    return hash;
}

/* Hashes 16 bytes at a time, because every refused request pays for it.  The
 * last 16 may overlap those before. */
static inline cors_number_t hash_of(const cors_top_t *top, const char *s,
                                    size_t len)
{
    const char *last = s + len - PAIR;
    apr_uint64_t hash = top->seed ^ len;

    if (len < PAIR) {
        return (cors_number_t)hash_short(hash, s, len) | 1;
    }
    for (; s < last; s += PAIR) {
        hash = mix(hash, cors_hash_load(s), cors_hash_load(s + PAIR / 2));
    }
    hash = mix(hash, cors_hash_load(last), cors_hash_load(last + PAIR / 2));
    return (cors_number_t)hash | 1;
}

/* Returns a random number of 32 bits: nobody knows the seed of the hash, and
 * no two requests come in one microsecond. */
static inline apr_uint64_t draw(cors_number_t hash, apr_time_t now)
{
    return (mix(hash, (apr_uint64_t)now, 0) * CORS_HASH_MULTIPLIER) >> 32;
}

/* True of one random number in weight + 1. */
static inline int is_drawn(apr_uint64_t random, cors_number_t weight)
{
    return (random * (weight + 1)) >> 32 == 0;
}

/* Returns less than a word of text, filled up with NULs. */
static cors_number_t last_word(const char *s, size_t len)
{
    cors_number_t word = 0;

    memcpy(&word, s, len);
    return word;
}

/* Writes as many words as the origin and a NUL take. */
__attribute__((noinline)) static void write_text(cors_top_detail_t *detail,
                                                 const char *origin,
                                                 size_t len)
{
    size_t i = 0;

    for (; len >= sizeof(cors_number_t); len -= sizeof(cors_number_t)) {
        cors_number_t word;

        memcpy(&word, origin, sizeof(word));
        STORE(detail->text[i], word);
        origin += sizeof(word);
        i++;
    }
    STORE(detail->text[i], last_word(origin, len));
}

/* Most made-up names are turned away by this number alone. */
static void set_least(cors_top_t *top)
{
    cors_number_t least = ~(cors_number_t)0;
    size_t i;

    for (i = 0; i < CORS_TOP_PAIRS; i++) {
        cors_number_t a = LOAD(top->pairs[i].of[0].weight);
        cors_number_t b = LOAD(top->pairs[i].of[1].weight);

        a = a < b ? a : b;
        least = a < least ? a : least;
    }
    STORE(top->least, least);
}

/* An origin in its place. */
typedef struct spot_t {
    cors_top_place_t *place;
    cors_top_detail_t *detail;
} spot_t;

static inline spot_t spot_of(cors_top_t *top, size_t pair, int side)
{
    spot_t spot = { &top->pairs[pair].of[side], &top->details[pair][side] };

    return spot;
}

/* Returns the spot of a pair whose weight is lower. */
static spot_t find_rarer(cors_top_t *top, size_t pair)
{
    const cors_top_place_t *of = top->pairs[pair].of;

    return spot_of(top, pair, LOAD(of[1].weight) < LOAD(of[0].weight));
}

/* A hash that has changed is that of another process, which was quicker. */
static void take(spot_t spot, cors_number_t hash, const char *origin,
                 size_t len, apr_time_t now)
{
    cors_number_t old = LOAD(spot.place->hash);

    STORE(spot.detail->before, LOAD(spot.place->weight));
    if (CORS_REPLACE(spot.place->hash, old, hash)) {
        write_text(spot.detail, origin, len);
        STORE(spot.detail->last, (cors_number_t)apr_time_sec(now));
        ADD(spot.place->weight, 1);
    }
}

/* Takes the place of the rarest of those that stand where this origin may, if
 * that is drawn. */
__attribute__((noinline)) static void try_to_take(cors_top_t *top,
                                                  apr_uint64_t random,
                                                  cors_number_t hash,
                                                  const char *origin,
                                                  size_t len, apr_time_t now)
{
    spot_t spot = find_rarer(top, FIRST_PAIR(hash));
    spot_t other = find_rarer(top, OTHER_PAIR(hash));

    if (LOAD(other.place->weight) < LOAD(spot.place->weight)) {
        spot = other;
    }
    if (is_drawn(random, LOAD(spot.place->weight))) {
        take(spot, hash, origin, len, now);
        if (!(random & (RESCAN - 1))) {
            set_least(top);
        }
    }
}

static inline void add_known(spot_t spot, const char *origin, size_t len,
                             apr_time_t now)
{
    STORE(spot.detail->last, (cors_number_t)apr_time_sec(now));
    if (!(ADD(spot.place->weight, 1) & (RENEWAL - 1))) {
        write_text(spot.detail, origin, len);
    }
}

/* Adds one if the origin stands in the pair.  Returns whether it does. */
static inline int add_in_pair(cors_top_t *top, size_t pair, cors_number_t hash,
                              const char *origin, size_t len, apr_time_t now)
{
    int side;

    for (side = 0; side < 2; side++) {
        if (LOAD(top->pairs[pair].of[side].hash) == hash) {
            add_known(spot_of(top, pair, side), origin, len, now);
            return 1;
        }
    }
    return 0;
}

void cors_top_init(cors_top_t *top, apr_uint64_t seed)
{
    top->seed = seed;
}

void cors_top_add(cors_top_t *top, const char *origin, size_t len,
                  apr_time_t now)
{
    cors_number_t hash = hash_of(top, origin, len);
    apr_uint64_t random;

    if (add_in_pair(top, FIRST_PAIR(hash), hash, origin, len, now)
        || add_in_pair(top, OTHER_PAIR(hash), hash, origin, len, now)) {
        return;
    }
    random = draw(hash, now);
    if (is_drawn(random, LOAD(top->least))) {
        try_to_take(top, random, hash, origin, len, now);
    }
}

/* Reads a place into *refused.  Returns whether an origin stands there, whose
 * text is whole. */
static int read_place(const cors_top_t *top, size_t i, cors_refused_t *refused,
                      apr_pool_t *p)
{
    const cors_top_place_t *place = &top->pairs[i / 2].of[i % 2];
    const cors_top_detail_t *detail = &top->details[i / 2][i % 2];
    cors_number_t hash = LOAD(place->hash);
    cors_number_t *text = apr_palloc(p, sizeof(detail->text));
    size_t j;

    for (j = 0; j < CORS_TOP_WORDS; j++) {
        text[j] = LOAD(detail->text[j]);
    }
    refused->origin = (const char *)text;
    refused->count = LOAD(place->weight) - LOAD(detail->before);
    refused->last = LOAD(detail->last);
    return hash
           && hash_of(top, refused->origin,
                      cors_origin_length(refused->origin))
                  == hash;
}

/* The most refused first; of two that are equal, the latest. */
static int compare(const void *a, const void *b)
{
    const cors_refused_t *x = a;
    const cors_refused_t *y = b;

    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return (x->last < y->last) - (x->last > y->last);
}

const apr_array_header_t *cors_top_read(const cors_top_t *top, apr_pool_t *p)
{
    apr_array_header_t *all = apr_array_make(p, CORS_TOP_SHOWN,
                                             sizeof(cors_refused_t));
    cors_refused_t refused;
    size_t i;

    for (i = 0; i < (size_t)CORS_TOP_PAIRS * 2; i++) {
        if (read_place(top, i, &refused, p)) {
            APR_ARRAY_PUSH(all, cors_refused_t) = refused;
        }
    }
    qsort(all->elts, (size_t)all->nelts, sizeof(cors_refused_t), compare);
    if (all->nelts > CORS_TOP_SHOWN) {
        all->nelts = CORS_TOP_SHOWN;
    }
    return all;
}
