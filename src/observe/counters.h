/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Counters: how often each thing has happened, for each virtual host.
 *
 * The numbers stand in memory that all processes of a server share.  A process
 * adds to them where they stand: a child that is killed takes none with it,
 * and nobody waits for a lock.
 */

#ifndef CORS_COUNTERS_H
#define CORS_COUNTERS_H

#include "grammar/compiler.h"
#include "protocol/judge.h"

/* X(kind, verdict): the requests with an origin, and those without one that
 * enforcement refuses.  Enforcement never looks at a preflight.  A request
 * that can have another verdict than these needs a row here. */
#define CORS_COUNTED(X)                   \
    X(preflight, CORS_ALLOWED)            \
    X(preflight, CORS_ORIGIN_MALFORMED)   \
    X(preflight, CORS_ORIGIN_NOT_ALLOWED) \
    X(preflight, CORS_SOURCE_UNAVAILABLE) \
    X(preflight, CORS_METHOD_NOT_ALLOWED) \
    X(preflight, CORS_HEADER_NOT_ALLOWED) \
    X(preflight, CORS_HEADERS_MALFORMED)  \
    X(actual, CORS_ALLOWED)               \
    X(actual, CORS_ORIGIN_MALFORMED)      \
    X(actual, CORS_ORIGIN_NOT_ALLOWED)    \
    X(actual, CORS_SOURCE_UNAVAILABLE)    \
    X(actual, CORS_METHOD_NOT_ALLOWED)    \
    X(actual, CORS_SAME_ORIGIN)           \
    X(actual, CORS_ORIGIN_MISSING)

/* X(name, kind, word, place): outcomes that count some of these requests
 * again.  The place is that of a verdict which no such request can have, so
 * that the numbers of a host take no more memory than those above. */
#define CORS_COUNTED_TOO(X)                         \
    X(refused, "enforcement", "refused",            \
      CORS_COUNT_PLACE(0, CORS_HEADER_NOT_ALLOWED)) \
    X(would_refuse, "enforcement", "would-refuse",  \
      CORS_COUNT_PLACE(0, CORS_HEADERS_MALFORMED))  \
    X(withheld, "credentials", "withheld",          \
      CORS_COUNT_PLACE(1, CORS_SAME_ORIGIN))        \
    X(differs, "response", "differs", CORS_COUNT_PLACE(1, CORS_ORIGIN_MISSING))

/* The numbers of a host are indexed by whether the request is a preflight, and
 * by its verdict: each request that is counted pays for each instruction. */
#define CORS_COUNT_PLACE(is_preflight, verdict)       \
    ((unsigned int)(is_preflight)*CORS_VERDICTS_COUNT \
     + (unsigned int)(verdict))

enum {
    CORS_COUNT_ACTUAL = 0,
    CORS_COUNT_PREFLIGHT = 1,
    CORS_COUNT_PLACES = 2 * CORS_VERDICTS_COUNT
};

typedef enum {
#define X(kind, verdict)                                   \
    CORS_COUNT_##kind##_##verdict = (int)CORS_COUNT_PLACE( \
        CORS_COUNT_IS_##kind, verdict),
#define CORS_COUNT_IS_actual    CORS_COUNT_ACTUAL
#define CORS_COUNT_IS_preflight CORS_COUNT_PREFLIGHT
    CORS_COUNTED(X)
#undef X
#define X(name, kind, word, place) CORS_COUNT_##name = (int)(place),
    CORS_COUNTED_TOO(X)
#undef X
} cors_count_e;

/* Indexes of cors_count_rows. */
enum {
#define X(kind, verdict) CORS_COUNT_ROW_##kind##_##verdict,
    CORS_COUNTED(X)
#undef X
#define X(name, kind, word, place) CORS_COUNT_ROW_##name,
    CORS_COUNTED_TOO(X)
#undef X
        CORS_COUNT_ROWS
};

/* A machine word, which every processor adds to in one step. */
typedef unsigned long cors_number_t;

/* 144 bytes where a word has 8 and there are 9 verdicts. */
typedef struct cors_counts_t {
    cors_number_t of[CORS_COUNT_PLACES];
} cors_counts_t;

/* A number, and what it is called: "preflight" and "allowed". */
typedef struct cors_count_row_t {
    cors_count_e count;
    const char *kind;
    const char *word;
} cors_count_row_t;

/* All numbers, in the order in which they are shown. */
extern const cors_count_row_t cors_count_rows[CORS_COUNT_ROWS];

/* Adds one. */
static inline void cors_counts_add(cors_counts_t *counts, unsigned int place)
{
    CORS_ADD(counts->of[place], 1);
}

/* Adds the numbers of some, which others may be adding to, to those of *sum,
 * which is the caller's own.  Returns whether any is not 0. */
int cors_counts_sum(const cors_counts_t *some, cors_counts_t *sum);

#endif
