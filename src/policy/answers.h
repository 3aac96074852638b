/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The answers of a source that is asked about single origins.  This part keeps
 * answers, and says who may ask for another.
 *
 * Each child has these for each such set, and all threads of the child share
 * them without a lock.  Two tables of fixed size keep answers, "yes" and "no"
 * apart: an origin that somebody made up can take the place of a "no" only.
 * The number of questions to the source has bounds, whatever requests come:
 *
 *   - CORS_ANSWERS_AT_ONCE questions at a time.  Nobody waits for a turn.
 *   - CORS_ANSWERS_RATE questions a second for origins that are not known to
 *     be listed, and as many at once after a quiet time.
 *   - After an error none for CORS_ANSWERS_PAUSE, then one.  The others go on
 *     once that one is answered.
 *
 * Times are microseconds of a clock that never goes back; they are above 0.
 */

#ifndef CORS_ANSWERS_H
#define CORS_ANSWERS_H

#include <apr_pools.h>
#include <apr_time.h>

#include "policy/siphash.h"

#define CORS_ANSWERS_KEPT    8192 /* in each table */
#define CORS_ANSWERS_WAYS    4    /* places that an answer may take */
#define CORS_ANSWERS_AT_ONCE 4
#define CORS_ANSWERS_RATE    200
#define CORS_ANSWERS_PAUSE   APR_TIME_C(1000000)

typedef enum {
    CORS_ANSWER_NO = 0,
    CORS_ANSWER_YES,
    CORS_ANSWER_UNAVAILABLE, /* nobody can tell: neither "yes" nor "no" */
    CORS_ANSWER_ASK          /* ask the source */
} cors_answer_e;

typedef struct cors_answers_t cors_answers_t;

/* A question to the source, between cors_answers_find() and
 * cors_answers_tell(). */
typedef struct cors_question_t {
    cors_siphash_t hash;
    apr_time_t at;     /* when it was asked */
    unsigned int turn; /* 0 to CORS_ANSWERS_AT_ONCE - 1: no two questions have
                        * the same at one time */
    unsigned int is_known:1;   /* the last answer was "yes", and is good for as
                                * long as the source fails */
    unsigned int is_refused:1; /* one of the bounds forbids to ask */
} cors_question_t;

/* Makes empty tables.  An answer is good for `refresh`.  A "yes" is good for
 * `stale` more while the source can't be asked; APR_INT64_MAX is for ever.
 * The seed has CORS_SIPHASH_SEED random bytes.  Made in p, of about 260 KiB.
 */
cors_answers_t *cors_answers_make(const unsigned char *seed,
                                  apr_time_t refresh, apr_time_t stale,
                                  apr_pool_t *p);

/* Looks the text up and fills in *question.  Returns CORS_ANSWER_ASK if the
 * source must be asked: then the caller asks and calls cors_answers_tell().
 * Otherwise returns the answer to go by, and question->is_refused tells
 * whether it is only the best there is.  Allocates nothing and never waits. */
cors_answer_e cors_answers_find(cors_answers_t *answers, const char *text,
                                size_t len, apr_time_t now,
                                cors_question_t *question);

/* Ends a question with what the source said, which is any answer but
 * CORS_ANSWER_ASK.  Must be called once for each question.  Returns the answer
 * to go by: an origin that was listed stays so while the source fails. */
cors_answer_e cors_answers_tell(cors_answers_t *answers,
                                const cors_question_t *question,
                                cors_answer_e said, apr_time_t now);

#endif
