/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/answers.h"

#include <string.h>

#include "grammar/compiler.h"

#define SETS     (CORS_ANSWERS_KEPT / CORS_ANSWERS_WAYS)
#define INTERVAL (APR_USEC_PER_SEC / CORS_ANSWERS_RATE)

/* Words that several threads read and write. */
#define GET     CORS_LOAD
#define PUT     CORS_STORE
#define REPLACE CORS_REPLACE

/* One answer.  Two threads may write to a place at once, and a third may read
 * it meanwhile.  So the hash is kept combined with the time: whoever reads
 * words of two answers finds neither of them. */
typedef struct place_t {
    uint64_t mixed; /* hash ^ time */
    uint64_t time;  /* of the question; 0: free */
} place_t;

/* An answer stands in one of the places of its set. */
typedef struct table_t {
    place_t sets[SETS][CORS_ANSWERS_WAYS];
} table_t;

struct cors_answers_t {
    unsigned char seed[CORS_SIPHASH_SEED];
    apr_time_t refresh;
    apr_time_t stale; /* from the question on */
    uint64_t full_at; /* when as many may be asked again as ever at once */
    uint64_t next_at; /* after an error: when one may ask again; else 0 */
    unsigned int turns;
    table_t yes;
    table_t no;
};

cors_answers_t *cors_answers_make(const unsigned char *seed,
                                  apr_time_t refresh, apr_time_t stale,
                                  apr_pool_t *p)
{
    cors_answers_t *answers = apr_pcalloc(p, sizeof(*answers));

    memcpy(answers->seed, seed, sizeof(answers->seed));
    answers->refresh = refresh;
    answers->stale = stale > APR_INT64_MAX - refresh ? APR_INT64_MAX
                                                     : refresh + stale;
    return answers;
}

static place_t *find_set(table_t *table, const cors_siphash_t *hash)
{
    return table->sets[hash->high % SETS];
}

static int is_at(const place_t *place, const cors_siphash_t *hash,
                 uint64_t *time)
{
    *time = GET(place->time);
    return *time && (GET(place->mixed) ^ *time) == hash->low;
}

/* Returns how old the answer is, or APR_INT64_MAX if there is none. */
static apr_time_t find_age(table_t *table, const cors_siphash_t *hash,
                           apr_time_t now)
{
    const place_t *places = find_set(table, hash);
    uint64_t time;
    int i;

    for (i = 0; i < CORS_ANSWERS_WAYS; i++) {
        if (is_at(&places[i], hash, &time)) {
            return now - (apr_time_t)time;
        }
    }
    return APR_INT64_MAX;
}

/* Two threads can have kept the same answer in two places. */
static void drop(table_t *table, const cors_siphash_t *hash)
{
    place_t *places = find_set(table, hash);
    uint64_t time;
    int i;

    for (i = 0; i < CORS_ANSWERS_WAYS; i++) {
        if (is_at(&places[i], hash, &time)) {
            PUT(places[i].time, 0);
        }
    }
}

/* Keeps an answer in the place of an older one to the same question, or of the
 * oldest of the set. */
static void keep(table_t *table, const cors_siphash_t *hash, apr_time_t at)
{
    place_t *places = find_set(table, hash);
    place_t *place = places;
    uint64_t oldest = UINT64_MAX;
    uint64_t time;
    int i;

    for (i = 0; i < CORS_ANSWERS_WAYS; i++) {
        if (is_at(&places[i], hash, &time)) {
            place = &places[i];
            break;
        }
        if (time < oldest) {
            oldest = time;
            place = &places[i];
        }
    }
    PUT(place->mixed, hash->low ^ (uint64_t)at);
    PUT(place->time, (uint64_t)at);
}

/* Takes a free turn.  Returns 0 if all are taken. */
static int take_turn(cors_answers_t *answers, unsigned int *turn)
{
    unsigned int taken = GET(answers->turns);

    for (;;) {
        for (*turn = 0; taken >> *turn & 1; (*turn)++) {
        }
        if (*turn >= CORS_ANSWERS_AT_ONCE) {
            return 0;
        }
        if (CORS_REPLACE_ACQUIRE(answers->turns, taken, taken | 1u << *turn)) {
            return 1;
        }
    }
}

static void give_turn_back(cors_answers_t *answers, unsigned int turn)
{
    CORS_AND_RELEASE(answers->turns, ~(1u << turn));
}

/* Each question puts off by INTERVAL the time at which the full number may be
 * asked at once again. */
static int is_within_rate(cors_answers_t *answers, apr_time_t now)
{
    uint64_t time = (uint64_t)now;
    uint64_t read, full_at;

    do {
        read = GET(answers->full_at);
        full_at = (read > time ? read : time) + INTERVAL;
        if (full_at - time > CORS_ANSWERS_RATE * INTERVAL) {
            return 0;
        }
    } while (!REPLACE(answers->full_at, read, full_at));
    return 1;
}

static int is_paused(const cors_answers_t *answers, apr_time_t now)
{
    return GET(answers->next_at) > (uint64_t)now;
}

/* After an error one thread tries, which makes the pause longer for the
 * others. */
static int may_try(cors_answers_t *answers, apr_time_t now)
{
    uint64_t next_at = GET(answers->next_at);

    return !next_at
           || (next_at <= (uint64_t)now
               && REPLACE(answers->next_at, next_at,
                          (uint64_t)(now + CORS_ANSWERS_PAUSE)));
}

/* Whether the source may be asked.  The turn is then taken. */
static int may_ask(cors_answers_t *answers, apr_time_t now,
                   cors_question_t *question)
{
    if (is_paused(answers, now) || !take_turn(answers, &question->turn)) {
        return 0;
    }
    if ((question->is_known || is_within_rate(answers, now))
        && may_try(answers, now)) {
        return 1;
    }
    give_turn_back(answers, question->turn);
    return 0;
}

/* The answer to go by if the source gives none. */
static cors_answer_e last_answer(const cors_question_t *question)
{
    return question->is_known ? CORS_ANSWER_YES : CORS_ANSWER_UNAVAILABLE;
}

cors_answer_e cors_answers_find(cors_answers_t *answers, const char *text,
                                size_t len, apr_time_t now,
                                cors_question_t *question)
{
    cors_siphash_t hash = cors_siphash(answers->seed, text, len);
    apr_time_t age = find_age(&answers->yes, &hash, now);

    question->is_refused = 0;
    if (age <= answers->refresh) {
        return CORS_ANSWER_YES;
    }
    if (find_age(&answers->no, &hash, now) <= answers->refresh) {
        return CORS_ANSWER_NO;
    }
    question->hash = hash;
    question->at = now;
    question->is_known = age != APR_INT64_MAX && age <= answers->stale;
    if (may_ask(answers, now, question)) {
        return CORS_ANSWER_ASK;
    }
    question->is_refused = 1;
    return last_answer(question);
}

cors_answer_e cors_answers_tell(cors_answers_t *answers,
                                const cors_question_t *question,
                                cors_answer_e said, apr_time_t now)
{
    if (said == CORS_ANSWER_UNAVAILABLE) {
        PUT(answers->next_at, (uint64_t)(now + CORS_ANSWERS_PAUSE));
    }
    else {
        table_t *table = said == CORS_ANSWER_YES ? &answers->yes
                                                 : &answers->no;
        table_t *other = said == CORS_ANSWER_YES ? &answers->no
                                                 : &answers->yes;

        PUT(answers->next_at, 0);
        keep(table, &question->hash, question->at);
        drop(other, &question->hash);
    }
    give_turn_back(answers, question->turn);
    return said == CORS_ANSWER_UNAVAILABLE ? last_answer(question) : said;
}
