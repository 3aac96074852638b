/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The answers of a source against a record of all that it ever said.  Two
 * bytes of the input are a step: an origin is looked up, a question ends or
 * time goes on. */

#include "fuzz.h"

#include <apr_strings.h>

#include "policy/answers.h"

#define ORIGINS 8
#define REFRESH APR_TIME_C(1500000)
#define STALE   APR_TIME_C(4000000)

/* What is known of an origin from the source alone. */
typedef struct record_t {
    cors_answer_e said;
    apr_time_t at; /* of the question */
} record_t;

typedef struct open_t {
    cors_question_t question;
    int origin; /* -1: no question has this turn */
} open_t;

typedef struct run_t {
    cors_answers_t *answers;
    record_t records[ORIGINS];
    open_t turns[CORS_ANSWERS_AT_ONCE];
    apr_time_t now;
    apr_time_t failed_at; /* of the last error, 0: it has answered since */
} run_t;

static int is_within(const run_t *run, int origin, apr_time_t time)
{
    const record_t *record = &run->records[origin];

    return record->at && run->now - record->at <= time;
}

static int is_old_yes(const run_t *run, int origin)
{
    return run->records[origin].said == CORS_ANSWER_YES
           && is_within(run, origin, REFRESH + STALE);
}

static void check_question(run_t *run, int origin,
                           const cors_question_t *question)
{
    open_t *open = &run->turns[question->turn];

    FUZZ_CHECK(question->turn < CORS_ANSWERS_AT_ONCE, "turn %u",
               question->turn);
    FUZZ_CHECK(open->origin < 0, "turn %u is taken", question->turn);
    FUZZ_CHECK(!run->failed_at
                   || run->now - run->failed_at >= CORS_ANSWERS_PAUSE,
               "%ld us after an error", (long)(run->now - run->failed_at));
    FUZZ_CHECK(question->is_known == is_old_yes(run, origin), "known: %d",
               question->is_known);
    open->question = *question;
    open->origin = origin;
}

static void look_up(run_t *run, int origin)
{
    char text = (char)('a' + origin);
    cors_question_t question;
    cors_answer_e answer = cors_answers_find(run->answers, &text, 1, run->now,
                                             &question);
    const record_t *record = &run->records[origin];

    if (answer == CORS_ANSWER_ASK) {
        FUZZ_CHECK(!is_within(run, origin, REFRESH), "%c is kept", text);
        check_question(run, origin, &question);
    }
    else if (is_within(run, origin, REFRESH)) {
        FUZZ_CHECK(answer == record->said && !question.is_refused, "%c: %d",
                   text, answer);
    }
    else {
        FUZZ_CHECK(question.is_refused
                       && answer
                              == (is_old_yes(run, origin)
                                      ? CORS_ANSWER_YES
                                      : CORS_ANSWER_UNAVAILABLE),
                   "%c: %d", text, answer);
    }
}

/* The last answer that comes is kept, though its question may be older. */
static void tell(run_t *run, unsigned int turn, cors_answer_e said)
{
    open_t *open = &run->turns[turn];
    record_t *record = &run->records[open->origin];
    cors_answer_e answer = cors_answers_tell(run->answers, &open->question,
                                             said, run->now);

    run->failed_at = said == CORS_ANSWER_UNAVAILABLE ? run->now : 0;
    if (said == CORS_ANSWER_UNAVAILABLE) {
        FUZZ_CHECK(answer
                       == (open->question.is_known ? CORS_ANSWER_YES
                                                   : CORS_ANSWER_UNAVAILABLE),
                   "%d", answer);
    }
    else {
        FUZZ_CHECK(answer == said, "%d, not %d", answer, said);
        record->said = said;
        record->at = open->question.at;
    }
    open->origin = -1;
}

static void take_step(run_t *run, unsigned char what, unsigned char value)
{
    unsigned int turn = value % CORS_ANSWERS_AT_ONCE;

    switch (what % 4) {
    case 0:
    case 1:
        look_up(run, value % ORIGINS);
        break;
    case 2:
        if (run->turns[turn].origin >= 0) {
            tell(run, turn, (cors_answer_e)(what / 4 % 3));
        }
        break;
    default:
        run->now += (apr_time_t)value * (what & 4 ? 20000 : 1);
    }
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    static const unsigned char seed[CORS_SIPHASH_SEED] = "seed";
    run_t run = { NULL };
    size_t i;

    run.answers = cors_answers_make(seed, REFRESH, STALE, p);
    run.now = REFRESH;
    for (i = 0; i < CORS_ANSWERS_AT_ONCE; i++) {
        run.turns[i].origin = -1;
    }
    for (i = 0; i + 1 < len; i += 2) {
        take_step(&run, (unsigned char)text[i], (unsigned char)text[i + 1]);
    }
}
