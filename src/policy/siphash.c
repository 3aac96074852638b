/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/siphash.h"

#define ROUNDS       2 /* for each 8 bytes */
#define FINAL_ROUNDS 4

static uint64_t rotate(uint64_t word, unsigned int bits)
{
    return word << bits | word >> (64 - bits);
}

/* Reads up to 8 bytes, the least significant first. */
static uint64_t read_word(const unsigned char *bytes, size_t len)
{
    uint64_t word = 0;

    while (len--) {
        word = word << 8 | bytes[len];
    }
    return word;
}

static void mix(uint64_t v[4], int rounds)
{
    while (rounds--) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32) + v[3];
        v[2] += v[1];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

static void add_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    mix(v, ROUNDS);
    v[0] ^= word;
}

cors_siphash_t cors_siphash(const unsigned char *seed, const char *text,
                            size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint64_t k0 = read_word(seed, 8);
    uint64_t k1 = read_word(seed + 8, 8);
    /* "somepseudorandomlygeneratedbytes"; 0xee and 0xdd choose 128 bits. */
    uint64_t v[4] = { k0 ^ 0x736f6d6570736575u,
                      k1 ^ 0x646f72616e646f6du ^ 0xee,
                      k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u };
    size_t left = len;
    cors_siphash_t hash;

    for (; left >= 8; left -= 8, bytes += 8) {
        add_word(v, read_word(bytes, 8));
    }
    add_word(v, (uint64_t)len << 56 | read_word(bytes, left));
    v[2] ^= 0xee;
    mix(v, FINAL_ROUNDS);
    hash.low = v[0] ^ v[1] ^ v[2] ^ v[3];
    v[1] ^= 0xdd;
    mix(v, FINAL_ROUNDS);
    hash.high = v[0] ^ v[1] ^ v[2] ^ v[3];
    return hash;
}
