/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The ends of a host: what a pattern with subdomains may stand for.
 *
 *     a.b.example.com
 *         |       '--- "com"
 *         '----------- "example.com", and so on to "b.example.com"
 *
 * Only ends are looked at that have a dot before them and as many bytes,
 * modulo 64, as some pattern has: from the shortest to the longest.  The hash
 * of an end is carried on to the next: whole words are hashed from the right,
 * so that what they come to is good for each longer end.  All ends together
 * are hashed in time linear in the length of the host. */

#ifndef CORS_ENDS_H
#define CORS_ENDS_H

#include "grammar/compiler.h"
#include "grammar/hash.h"
#include "grammar/origin.h"

/* The end that is reached. */
typedef struct cors_ends_t {
    const cors_origin_t *origin;
    const char *host; /* the end */
    size_t len;       /* its bytes */
    size_t hashed;    /* so many bytes at the end, whole words, are in ... */
    apr_uint64_t words_hash;
    apr_uint64_t key; /* each step multiplies by it */
} cors_ends_t;

/* The lengths that are left to look at. */
typedef struct cors_lengths_t {
    apr_uint64_t all;  /* of patterns, modulo 64, a bit each */
    apr_uint64_t left; /* of these, from base on */
    size_t base;
} cors_lengths_t;

/* Begins with the empty end.  The hashes depend on seed and key; if texts must
 * not be chosen to collide, both are secret, and the key is odd. */
static inline void cors_ends_begin(cors_ends_t *ends,
                                   const cors_origin_t *origin,
                                   apr_uint64_t seed, apr_uint64_t key)
{
    ends->origin = origin;
    ends->host = origin->host + origin->host_len;
    ends->len = 0;
    ends->hashed = 0;
    ends->words_hash = seed;
    ends->key = key;
}

/* Goes on to the last len bytes of the host, no fewer than before. */
static inline void cors_ends_reach(cors_ends_t *ends, size_t len)
{
    const char *end = ends->origin->host + ends->origin->host_len;

    while (len - ends->hashed >= sizeof(apr_uint64_t)) {
        ends->hashed += sizeof(apr_uint64_t);
        ends->words_hash = cors_hash_fold(
            ends->words_hash ^ cors_hash_load(end - ends->hashed), ends->key);
    }
    ends->host = end - len;
    ends->len = len;
}

/* Goes on to the next end that a pattern may have.  Returns 0 if there is
 * none.  At first, lengths->left are all, and lengths->base is 0. */
static inline int cors_ends_next(cors_ends_t *ends, cors_lengths_t *lengths)
{
    const cors_origin_t *o = ends->origin;

    for (;;) {
        size_t len;

        while (!lengths->left) {
            lengths->base += 64;
            if (lengths->base >= o->host_len) {
                return 0;
            }
            lengths->left = lengths->all;
        }
        len = lengths->base + cors_lowest_bit(lengths->left);
        if (len >= o->host_len) {
            return 0;
        }
        lengths->left &= lengths->left - 1;
        if (len && o->host[o->host_len - 1 - len] == '.') {
            cors_ends_reach(ends, len);
            return 1;
        }
    }
}

/* Returns the hash of the end that is reached.  Its first word may overlap the
 * one after it. */
static inline apr_uint64_t cors_ends_hash(const cors_ends_t *ends)
{
    apr_uint64_t hash = ends->words_hash;
    size_t left = ends->len - ends->hashed;

    if (!left) {
        return hash;
    }
    return cors_hash_fold(hash
                              ^ (ends->len < sizeof(hash)
                                     ? cors_hash_load_short(ends->host, left)
                                     : cors_hash_load(ends->host)),
                          ends->key)
           + left;
}

#endif
