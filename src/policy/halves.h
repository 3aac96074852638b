/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A snapshot is the image that is in use, in shared memory.  One process
 * replaces the image while all others look origins up.
 *
 *     generations | half 0 | half 1
 *
 * Generation g of the image is in half g & 1.  A writer puts generation g + 1
 * into the other half, and then makes it the one in use:
 *
 *     writer  begun = g + 1, fence, copy the image, gen = g + 1 (release)
 *     reader  g = gen (acquire), look, fence, begun - g >= 2?  look again
 *
 * A reader therefore never waits.  The reader has to look again only if two
 * writers came while it looked, because the second one writes where the reader
 * is looking.  A process that is killed leaves nothing behind: there is no
 * lock, and no count of readers.  A writer that dies while it copies has
 * spoilt the half that nobody reads; the next writer writes the same
 * generation again.  sources/refresh.c decides who may write.
 */

#ifndef CORS_HALVES_H
#define CORS_HALVES_H

#include "policy/image.h"

/* The time of cors_generations_t.good_until that never comes. */
#define CORS_HALVES_FOREVER 0xffffffffu

/* In shared memory.  0 in all is the state before the first image. */
typedef struct cors_generations_t {
    apr_uint32_t gen;        /* the generation in use, 0: none */
    apr_uint32_t begun;      /* the generation that was begun last */
    apr_uint32_t good_until; /* seconds since 1970: the image holds for
                              * requests that came before */
} cors_generations_t;

/* Where these are, in this process. */
typedef struct cors_halves_t {
    cors_generations_t *generations; /* NULL: there is no memory yet */
    char *halves;                    /* aligned to 8 bytes */
    size_t size;                     /* bytes of each half, a multiple of 8 */
} cors_halves_t;

/* The result of a look-up.  "Can't tell" is never "no". */
typedef enum {
    CORS_FOUND_NO = 0,
    CORS_FOUND_YES,
    CORS_FOUND_UNKNOWN /* no image, or it is too old; no answer */
} cors_found_e;

/* What a look-up has seen besides. */
typedef struct cors_seen_t {
    unsigned int risks; /* CORS_IMAGE_INSECURE and _SUFFIX, of what is found */
    apr_uint32_t gen;   /* the generation that was looked at; not set if the
                         * look-up can't tell */
} cors_seen_t;

/* A reader's look at the image in use. */
typedef struct cors_view_t {
    const cors_image_t *image;
    apr_uint32_t gen;
} cors_view_t;

/* Begins to look, for a request that came at `now`, in seconds since 1970.
 * Returns 0 if there is no image, or it is too old. */
int cors_halves_begin(const cors_halves_t *snapshot, apr_uint32_t now,
                      cors_view_t *view);

/* Whether what the reader has seen since was all of one image. */
int cors_halves_is_whole(const cors_halves_t *snapshot,
                         const cors_view_t *view);

/* Looks for an exact origin, the len bytes at text. */
cors_found_e cors_halves_find_exact(const cors_halves_t *snapshot,
                                    apr_uint32_t now, const char *text,
                                    size_t len, cors_seen_t *seen);

/* Looks for a pattern that allows the origin, which must not be null. */
cors_found_e cors_halves_find_pattern(const cors_halves_t *snapshot,
                                      apr_uint32_t now,
                                      const cors_origin_t *origin,
                                      cors_seen_t *seen);

/* Does so, and writes the pattern to text. */
cors_found_e cors_halves_read_pattern(const cors_halves_t *snapshot,
                                      apr_uint32_t now,
                                      const cors_origin_t *origin,
                                      cors_seen_t *seen,
                                      char text[CORS_IMAGE_PATTERN_MAX]);

/* Puts a copy of the image into use, which must have no more bytes than a
 * half.  Only one process at a time may call this. */
void cors_halves_publish(const cors_halves_t *snapshot,
                         const cors_image_t *image);

/* Says until when the image in use holds. */
void cors_halves_set_good_until(const cors_halves_t *snapshot,
                                apr_uint32_t good_until);

#endif
