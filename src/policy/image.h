/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* An image: a list of origins and patterns, compiled into one block of memory
 * without pointers, so that processes can share it.
 *
 *     header | texts | table of exact origins | table of patterns
 *
 * A text stands at a multiple of 8 bytes, with at least one NUL behind it up
 * to the next multiple.  A table is an array of slots, at most half of them
 * used.  A slot has a tag of 32 bits, the hash of the text, whose upper bits
 * say where the slot would stand if the table were empty; a slot that is taken
 * moves its text a few slots on.  The hash has a seed, because the tenants of
 * a service choose origins: they must not be able to choose collisions too.
 *
 * An image may change while it is read (policy/halves.h).  A look-up therefore
 * loads everything once, word by word, and holds every offset against the
 * block's size.  Whatever stands in the block, a look-up ends, within the
 * block, and takes CORS_IMAGE_PROBES steps in a table at most.
 */

#ifndef CORS_IMAGE_H
#define CORS_IMAGE_H

#include <stddef.h>

#include <apr.h>

#include "grammar/origin.h"
#include "policy/ends.h"

/* The steps of a look-up.  An image that would take more is built again, with
 * another seed. */
#define CORS_IMAGE_PROBES 64

/* Bytes.  An offset counts 8 bytes and has 29 bits. */
#define CORS_IMAGE_SIZE_MIN 4096
#define CORS_IMAGE_SIZE_MAX APR_UINT64_C(0xfffffff8)

/* A look-up returns 0, or CORS_IMAGE_FOUND and the risks of the text that it
 * found. */
#define CORS_IMAGE_INSECURE 0x1 /* http, and not loopback */
#define CORS_IMAGE_SUFFIX                              \
    0x2 /* all hosts below a public suffix, or perhaps \
         * one */
#define CORS_IMAGE_FOUND 0x4
#define CORS_IMAGE_RISKS (CORS_IMAGE_INSECURE | CORS_IMAGE_SUFFIX)

/* A text's offset is a multiple of this, so that 3 bits are left for what a
 * look-up returns.  One load takes as many bytes. */
#define CORS_IMAGE_ALIGN 8

typedef struct cors_slot_t {
    apr_uint32_t tag;
    apr_uint32_t at; /* offset of the text | CORS_IMAGE_FOUND | risks; 0: the
                      * slot is free */
} cors_slot_t;

typedef struct cors_image_table_t {
    apr_uint32_t at;    /* offset of its slots */
    apr_uint32_t bits;  /* it has 1 << bits slots */
    apr_uint32_t count; /* used slots; 0: there are no slots */
} cors_image_table_t;

/* The header: at the start of the block, which is aligned to 8 bytes. */
typedef struct cors_image_t {
    apr_uint32_t seed_low, seed_high;
    apr_uint32_t lengths_low, lengths_high; /* of patterns with subdomains: the
                                             * lengths of their hosts modulo
                                             * 64, a bit each */
    apr_uint32_t kinds; /* of patterns: CORS_IMAGE_BELOW and so on */
    apr_uint32_t used;  /* bytes of the image */
    cors_image_table_t exact;
    cors_image_table_t patterns;
} cors_image_t;

/* The kinds of patterns that an image has. */
#define CORS_IMAGE_BELOW     0x01 /* subdomains, one port */
#define CORS_IMAGE_BELOW_ANY 0x02 /* subdomains, any port */
#define CORS_IMAGE_HOST_ANY  0x04 /* the host itself, any port */

/* Bits of a table's number of slots. */
#define CORS_IMAGE_BITS_MIN 3
#define CORS_IMAGE_BITS_MAX 29

/* Where the slot of a tag would stand in an empty table. */
static inline apr_uint32_t cors_image_home(apr_uint32_t tag, apr_uint32_t bits)
{
    return tag >> (32 - bits);
}

static inline apr_uint32_t cors_image_tag(apr_uint64_t hash)
{
    return (apr_uint32_t)(hash >> 32);
}

/* Hashes what a pattern for the end of a host (policy/ends.h) would be. */
apr_uint64_t cors_image_hash_pattern(apr_uint64_t seed,
                                     const cors_ends_t *ends, int port,
                                     int subdomains);

/* Begins a walk over the ends of the origin's host, whose hashes go into
 * cors_image_hash_pattern(). */
static inline void cors_image_begin_ends(cors_ends_t *ends,
                                         const cors_origin_t *origin,
                                         apr_uint64_t seed)
{
    cors_ends_begin(ends, origin, seed, (seed ^ CORS_HASH_MULTIPLIER) | 1);
}

/* Looks for the len bytes at text among the exact origins of the image in the
 * size bytes at image. */
unsigned int cors_image_find_exact(const cors_image_t *image, size_t size,
                                   const char *text, size_t len);

/* Whether the table of the image, its exact origins or its patterns, has the
 * text, whose hash under the seed of the image is given. */
int cors_image_has_text(const cors_image_t *image, size_t size,
                        const cors_image_table_t *table, apr_uint64_t hash,
                        const char *text, size_t len);

/* Looks for the most specific pattern that allows the origin, which must not
 * be null. */
unsigned int cors_image_find_pattern(const cors_image_t *image, size_t size,
                                     const cors_origin_t *origin);

/* Bytes of a pattern that an origin can match, with its NUL. */
#define CORS_IMAGE_PATTERN_MAX (CORS_ORIGIN_MAX + 3)

/* Does so, and writes the pattern to text. */
unsigned int cors_image_read_pattern(const cors_image_t *image, size_t size,
                                     const cors_origin_t *origin,
                                     char text[CORS_IMAGE_PATTERN_MAX]);

#endif
