/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Hashes of texts.  c is a byte, 0 to 255. */

#ifndef CORS_HASH_H
#define CORS_HASH_H

#include <stddef.h>
#include <string.h>

#include <apr.h>

/* FNV-1a with 32 bits: a hash that can be continued byte by byte. */
#define CORS_HASH_INIT      2166136261u
#define CORS_HASH_ADD(h, c) (((h) ^ (c)) * 16777619u)

/* 2^64 / phi */
#define CORS_HASH_MULTIPLIER APR_UINT64_C(0x9e3779b97f4a7c15)

static inline apr_uint64_t cors_hash_load(const char *s)
{
    apr_uint64_t word;

    memcpy(&word, s, sizeof(word));
    return word;
}

/* Up to seven bytes. */
static inline apr_uint64_t cors_hash_load_short(const char *s, size_t len)
{
    apr_uint32_t first, last;
    apr_uint64_t word = 0;

    if (len < sizeof(first)) {
        while (len) {
            word = word << 8 | (unsigned char)s[--len];
        }
        return word;
    }
    memcpy(&first, s, sizeof(first));
    memcpy(&last, s + len - sizeof(last), sizeof(last));
    return (apr_uint64_t)first << 32 | last;
}

/* Returns the halves of the product of 128 bits, one xor the other. */
static inline apr_uint64_t cors_hash_fold(apr_uint64_t a, apr_uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 product_t;
    product_t product = (product_t)a * b;

    return (apr_uint64_t)product ^ (apr_uint64_t)(product >> 64);
#else
    apr_uint64_t low = (a & 0xffffffffu) * (b & 0xffffffffu);
    apr_uint64_t mid = (a >> 32) * (b & 0xffffffffu) + (low >> 32);
    apr_uint64_t mid2 = (a & 0xffffffffu) * (b >> 32) + (mid & 0xffffffffu);
    apr_uint64_t high = (a >> 32) * (b >> 32) + (mid >> 32) + (mid2 >> 32);

    return (mid2 << 32 | (low & 0xffffffffu)) ^ high;
#endif
}

/* Hashes the bytes so that nobody can choose texts that collide without
 * knowing the seed: both factors of each product depend on the seed.  The last
 * words may overlap those before them. */
static inline apr_uint64_t cors_hash_keyed(apr_uint64_t seed, const char *s,
                                           size_t len)
{
    apr_uint64_t key = seed * CORS_HASH_MULTIPLIER;
    apr_uint64_t hash = seed + len;
    const char *end = s + len;

    if (len < sizeof(hash)) {
        return cors_hash_fold(cors_hash_load_short(s, len) ^ hash,
                              CORS_HASH_MULTIPLIER ^ key);
    }
    if (len > 2 * sizeof(hash)) {
        do {
            hash = cors_hash_fold(cors_hash_load(s) ^ hash,
                                  cors_hash_load(s + sizeof(hash)) ^ key);
            s += 2 * sizeof(hash);
        } while ((size_t)(end - s) > 2 * sizeof(hash));
        s = end - 2 * sizeof(hash);
    }
    return cors_hash_fold(cors_hash_load(s) ^ hash,
                          cors_hash_load(end - sizeof(hash)) ^ key);
}

#endif
