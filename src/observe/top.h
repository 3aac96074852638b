/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The origins that are refused most.
 *
 * There is room for so many origins, and anybody can make up more.  A new
 * origin therefore takes the place of another at random: the more often the
 * other one was refused, the less likely it loses its place.  A flood of names
 * that come once each wears itself out on the places of the rarest (Ben Basat
 * et al., "Randomized admission policy for efficient top-k and frequency
 * estimation", 2017).
 *
 * An origin may stand in any of four places, which follow from its text, so
 * that looking for it takes the same time in a flood.  All processes of a
 * server share the places.  There is no lock: a process could be killed while
 * it holds one. Two processes that write one text at once spoil it; readers
 * see so from the hash, and the text is written again from time to time.
 */

#ifndef CORS_TOP_H
#define CORS_TOP_H

#include <apr_tables.h>
#include <apr_time.h>

#include "grammar/origin.h"
#include "observe/counters.h"

/* The origins that reports show. */
#define CORS_TOP_SHOWN 64

/* There are more places than that, in pairs: four of the most refused origins
 * hardly ever stand in all places that a made-up name may take.  A power of 2.
 */
#define CORS_TOP_PAIRS 128

/* An origin with a NUL, as words. */
#define CORS_TOP_WORDS (CORS_ORIGIN_MAX / sizeof(cors_number_t) + 1)

typedef struct cors_top_place_t {
    cors_number_t hash;   /* of the origin, 0: none has taken the place */
    cors_number_t weight; /* refusals of all that have stood here */
} cors_top_place_t;

/* Two places that a hash leads to. */
typedef struct cors_top_pair_t {
    cors_top_place_t of[2];
} cors_top_pair_t;

typedef struct cors_top_detail_t {
    cors_number_t before; /* the weight when the origin took the place */
    cors_number_t last;   /* when it was refused last: seconds since 1970 */
    cors_number_t text[CORS_TOP_WORDS];
} cors_top_detail_t;

/* Written by all processes at once, word by word. */
typedef struct cors_top_t {
    apr_uint64_t seed;   /* so that nobody knows whom a made-up name meets */
    cors_number_t least; /* no place has a lower weight */
    cors_top_pair_t pairs[CORS_TOP_PAIRS];
    cors_top_detail_t details[CORS_TOP_PAIRS][2];
} cors_top_t;

/* Prepares zeroed memory.  The seed is random. */
void cors_top_init(cors_top_t *top, apr_uint64_t seed);

/* Notes that an origin was refused: a well-formed one of len bytes. */
void cors_top_add(cors_top_t *top, const char *origin, size_t len,
                  apr_time_t now);

typedef struct cors_refused_t {
    const char *origin;
    cors_number_t count; /* since it has its place: it may have been refused
                          * more often before */
    cors_number_t last;  /* seconds since 1970 */
} cors_refused_t;

/* Returns the origins, as cors_refused_t: those refused most often come first.
 * Made in p. */
const apr_array_header_t *cors_top_read(const cors_top_t *top, apr_pool_t *p);

#endif
