/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* SipHash-2-4 with 128 bits (https://www.aumasson.jp/siphash/siphash.pdf):
 * whoever does not know the seed can't find two texts with one hash. */

#ifndef CORS_SIPHASH_H
#define CORS_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define CORS_SIPHASH_SEED 16 /* bytes */

typedef struct cors_siphash_t {
    uint64_t low;  /* the first 8 bytes of the hash, least significant first */
    uint64_t high; /* the other 8 bytes */
} cors_siphash_t;

/* Returns the hash of `len` bytes under a seed of CORS_SIPHASH_SEED bytes. */
cors_siphash_t cors_siphash(const unsigned char *seed, const char *text,
                            size_t len);

#endif
