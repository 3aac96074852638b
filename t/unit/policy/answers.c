/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Answers that are kept, and the bounds of what a source is asked. */

#include "unit.h"

#include <pthread.h>

#include "policy/answers.h"

#define SECOND  APR_TIME_C(1000000)
#define REFRESH (30 * SECOND)
#define STALE   (3600 * SECOND)
#define START   APR_TIME_C(1700000000000000)

static const unsigned char seed[CORS_SIPHASH_SEED] = "0123456789abcde";

typedef struct fixture_t {
    cors_answers_t *answers;
    cors_question_t question;
    unsigned int kept;
    unsigned int refused;
} fixture_t;

static fixture_t *make_answers(apr_time_t stale, apr_pool_t *p)
{
    fixture_t *f = apr_pcalloc(p, sizeof(*f));

    f->answers = cors_answers_make(seed, REFRESH, stale, p);
    return f;
}

static cors_answer_e look(fixture_t *f, const char *text, apr_time_t now)
{
    cors_answer_e answer = cors_answers_find(f->answers, text, strlen(text),
                                             now, &f->question);

    f->refused += f->question.is_refused;
    f->kept += answer != CORS_ANSWER_ASK && !f->question.is_refused;
    return answer;
}

/* One whole request: what the source says if it is asked. */
static cors_answer_e ask(fixture_t *f, const char *text, apr_time_t now,
                         cors_answer_e said)
{
    cors_answer_e answer = look(f, text, now);

    return answer == CORS_ANSWER_ASK
               ? cors_answers_tell(f->answers, &f->question, said, now)
               : answer;
}

static void check_answer(const char *what, cors_answer_e have,
                         cors_answer_e want)
{
    check_number(what, have, want, "0 no, 1 yes, 2 unavailable, 3 ask");
}

static void keeps_answers_for_refresh(void **state)
{
    static const cors_answer_e said[] = { CORS_ANSWER_NO, CORS_ANSWER_YES };
    size_t i;

    for (i = 0; i < COUNT(said); i++) {
        fixture_t *f = make_answers(STALE, *state);

        check_answer("asked", ask(f, "https://a.example", START, said[i]),
                     said[i]);
        check_answer("at once", look(f, "https://a.example", START), said[i]);
        check_answer("at its end",
                     look(f, "https://a.example", START + REFRESH), said[i]);
        check_answer("beyond",
                     look(f, "https://a.example", START + REFRESH + 1),
                     CORS_ANSWER_ASK);
        check_number("kept", f->kept, 2, "twice without asking");
    }
}

/* The question counts, not the answer: the list may have changed since. */
static void counts_from_the_question(void **state)
{
    fixture_t *f = make_answers(STALE, *state);

    check_answer("first", look(f, "https://a.example", START),
                 CORS_ANSWER_ASK);
    check_answer("told",
                 cors_answers_tell(f->answers, &f->question, CORS_ANSWER_YES,
                                   START + SECOND),
                 CORS_ANSWER_YES);
    check_answer("later", look(f, "https://a.example", START + REFRESH + 1),
                 CORS_ANSWER_ASK);
}

static void turns_with_the_source(void **state)
{
    fixture_t *f = make_answers(STALE, *state);
    apr_time_t later = START + REFRESH + 1;

    ask(f, "https://a.example", START, CORS_ANSWER_YES);
    check_answer("taken out",
                 ask(f, "https://a.example", later, CORS_ANSWER_NO),
                 CORS_ANSWER_NO);
    check_answer("kept", look(f, "https://a.example", later), CORS_ANSWER_NO);
    /* The "yes" has gone: it is not good for `stale` either. */
    later += REFRESH + 1;
    check_answer("fails",
                 ask(f, "https://a.example", later, CORS_ANSWER_UNAVAILABLE),
                 CORS_ANSWER_UNAVAILABLE);
    later += SECOND;
    check_answer("put in", ask(f, "https://a.example", later, CORS_ANSWER_YES),
                 CORS_ANSWER_YES);
    check_answer("kept", look(f, "https://a.example", later), CORS_ANSWER_YES);
}

static void goes_on_with_a_yes_only(void **state)
{
    static const struct {
        apr_time_t stale, at;
        cors_answer_e first, want;
        const char *reason;
    } rows[] = {
        { STALE, REFRESH + 1, CORS_ANSWER_YES, CORS_ANSWER_YES, "young" },
        { STALE, REFRESH + STALE, CORS_ANSWER_YES, CORS_ANSWER_YES,
          "the last moment" },
        { STALE, REFRESH + STALE + 1, CORS_ANSWER_YES, CORS_ANSWER_UNAVAILABLE,
          "too old" },
        { STALE, REFRESH + 1, CORS_ANSWER_NO, CORS_ANSWER_UNAVAILABLE,
          "a \"no\" is good for refresh only" },
        { 0, REFRESH + 1, CORS_ANSWER_YES, CORS_ANSWER_UNAVAILABLE,
          "stale=0" },
        { APR_INT64_MAX, 1000 * STALE, CORS_ANSWER_YES, CORS_ANSWER_YES,
          "stale=forever" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        fixture_t *f = make_answers(rows[i].stale, *state);
        apr_time_t at = START + rows[i].at;

        ask(f, "https://a.example", START, rows[i].first);
        check_answer(rows[i].reason,
                     ask(f, "https://a.example", at, CORS_ANSWER_UNAVAILABLE),
                     rows[i].want);
        check_answer("in the pause", look(f, "https://a.example", at),
                     rows[i].want);
        check_answer("of an origin never seen",
                     look(f, "https://b.example", at),
                     CORS_ANSWER_UNAVAILABLE);
        check_number("refused", f->refused, 2, rows[i].reason);
    }
}

static void pauses_after_an_error(void **state)
{
    fixture_t *f = make_answers(STALE, *state);
    apr_time_t again = START + CORS_ANSWERS_PAUSE;
    cors_question_t trying;

    ask(f, "https://a.example", START, CORS_ANSWER_UNAVAILABLE);
    check_answer("in the pause", look(f, "https://b.example", again - 1),
                 CORS_ANSWER_UNAVAILABLE);
    check_answer("one tries", look(f, "https://b.example", again),
                 CORS_ANSWER_ASK);
    trying = f->question;
    check_answer("the others don't", look(f, "https://c.example", again),
                 CORS_ANSWER_UNAVAILABLE);
    cors_answers_tell(f->answers, &trying, CORS_ANSWER_NO, again);
    check_answer("it works again", look(f, "https://c.example", again),
                 CORS_ANSWER_ASK);
    check_answer("for all", look(f, "https://d.example", again),
                 CORS_ANSWER_ASK);
}

static void gives_each_question_a_turn(void **state)
{
    fixture_t *f = make_answers(STALE, *state);
    cors_question_t questions[CORS_ANSWERS_AT_ONCE];
    unsigned int turns = 0;
    size_t i;

    for (i = 0; i < CORS_ANSWERS_AT_ONCE; i++) {
        const char *text = apr_psprintf(*state, "https://%lu.example",
                                        (unsigned long)i);

        check_answer("in turn", look(f, text, START), CORS_ANSWER_ASK);
        questions[i] = f->question;
        turns |= 1u << questions[i].turn;
    }
    check_number("turns", turns, (1u << CORS_ANSWERS_AT_ONCE) - 1,
                 "each once");
    check_answer("one too many", look(f, "https://a.example", START),
                 CORS_ANSWER_UNAVAILABLE);
    cors_answers_tell(f->answers, &questions[2], CORS_ANSWER_YES, START);
    check_answer("one has ended", look(f, "https://a.example", START),
                 CORS_ANSWER_ASK);
    check_number("turn", f->question.turn, questions[2].turn, "the free one");
}

/* A popular origin whose answer has grown old is asked for by many at once. */
static void refuses_no_known_origin_for_want_of_a_turn(void **state)
{
    fixture_t *f = make_answers(STALE, *state);
    apr_time_t later = START + REFRESH + 1;
    size_t i;

    ask(f, "https://a.example", START, CORS_ANSWER_YES);
    for (i = 0; i < CORS_ANSWERS_AT_ONCE; i++) {
        check_answer("asks", look(f, "https://a.example", later),
                     CORS_ANSWER_ASK);
    }
    check_answer("goes on", look(f, "https://a.example", later),
                 CORS_ANSWER_YES);
}

static unsigned int flood(fixture_t *f, unsigned int requests, apr_time_t at,
                          apr_time_t step, apr_pool_t *p)
{
    static unsigned int number;
    unsigned int asked = 0;

    for (; requests--; at += step) {
        const char *text = apr_psprintf(p, "https://f%u.example", number++);
        cors_answer_e answer = ask(f, text, at, CORS_ANSWER_NO);

        asked += answer == CORS_ANSWER_NO;
        assert_true(answer == CORS_ANSWER_NO
                    || answer == CORS_ANSWER_UNAVAILABLE);
    }
    return asked;
}

static void asks_little_in_a_flood(void **state)
{
    fixture_t *f = make_answers(STALE, *state);
    unsigned int asked;

    ask(f, "https://known.example", START - REFRESH - 1, CORS_ANSWER_YES);
    check_number("at once", flood(f, 10000, START, 0, *state),
                 CORS_ANSWERS_RATE, "a burst");
    /* 100,000 in 10 seconds. */
    asked = flood(f, 100000, START + 1, 100, *state);
    check_number("asked", asked, 10 * CORS_ANSWERS_RATE - 1,
                 "200 a second: the last is not due yet");
    check_answer("known", look(f, "https://known.example", START + 9 * SECOND),
                 CORS_ANSWER_ASK);
    check_number("refused", f->refused, 108001 - CORS_ANSWERS_RATE,
                 "all the others");
    check_number("later", flood(f, 10000, START + 20 * SECOND, 0, *state),
                 CORS_ANSWERS_RATE, "another burst");
}

/* Whoever must not ask takes nothing from the rate. */
static void saves_the_rate_in_a_pause(void **state)
{
    fixture_t *f = make_answers(STALE, *state);

    ask(f, "https://a.example", START, CORS_ANSWER_UNAVAILABLE);
    check_number("asked", flood(f, 10000, START, 50, *state), 0, "a pause");
    check_number("later",
                 flood(f, 10000, START + CORS_ANSWERS_PAUSE, 0, *state),
                 CORS_ANSWERS_RATE, "a whole burst");
}

/* What is made up takes the place of what is made up. */
static void keeps_a_yes_through_a_flood(void **state)
{
    fixture_t *f = make_answers(STALE, *state);

    ask(f, "https://a.example", START, CORS_ANSWER_YES);
    check_number("asked",
                 flood(f, 20 * CORS_ANSWERS_KEPT, START,
                       SECOND / CORS_ANSWERS_RATE, *state),
                 20 * CORS_ANSWERS_KEPT, "all of them");
    check_answer("there", look(f, "https://a.example", START + REFRESH),
                 CORS_ANSWER_YES);
}

/* Answers that share a set: the oldest goes. */
static void drops_the_oldest(void **state)
{
    fixture_t *f = make_answers(STALE, *state);
    const char *texts[CORS_ANSWERS_WAYS + 1];
    size_t found = 0;
    unsigned int i;

    for (i = 0; found < COUNT(texts); i++) {
        const char *text = apr_psprintf(*state, "https://s%u.example", i);

        if (cors_siphash(seed, text, strlen(text)).high
                % (CORS_ANSWERS_KEPT / CORS_ANSWERS_WAYS)
            == 7) {
            texts[found++] = text;
        }
    }
    for (i = 0; i < COUNT(texts); i++) {
        ask(f, texts[i], START + (apr_time_t)(i == 1 ? 0 : i + 1),
            CORS_ANSWER_YES);
    }
    for (i = 0; i < COUNT(texts); i++) {
        check_answer(texts[i], look(f, texts[i], START + 10),
                     i == 1 ? CORS_ANSWER_ASK : CORS_ANSWER_YES);
    }
}

/* Threads that ask for the same few origins, which share a few sets: those of
 * even number are listed. */
#define THREADS   4
#define ROUNDS    200000
#define ORIGINS   24
#define FORGOTTEN 3 /* microseconds */

typedef struct load_t {
    fixture_t *f;
    unsigned int first;
    unsigned int wrong;
} load_t;

static uint64_t clock_now = 1;
static unsigned int in_turn[CORS_ANSWERS_AT_ONCE];

static void ask_one(load_t *load, unsigned int number)
{
    cors_answer_e truth = number % 2 ? CORS_ANSWER_NO : CORS_ANSWER_YES;
    apr_time_t now = (apr_time_t)__atomic_add_fetch(&clock_now, 1,
                                                    __ATOMIC_RELAXED);
    cors_question_t question;
    char text[2] = { (char)('a' + number), '\0' };
    cors_answer_e answer = cors_answers_find(load->f->answers, text, 1, now,
                                             &question);

    if (answer == CORS_ANSWER_ASK) {
        load->wrong += __atomic_exchange_n(&in_turn[question.turn], 1,
                                           __ATOMIC_RELAXED);
        __atomic_store_n(&in_turn[question.turn], 0, __ATOMIC_RELAXED);
        answer = cors_answers_tell(load->f->answers, &question, truth, now);
    }
    load->wrong += answer != truth && answer != CORS_ANSWER_UNAVAILABLE;
}

static void *run(void *baton)
{
    load_t *load = baton;
    unsigned int i;

    for (i = 0; i < ROUNDS; i++) {
        ask_one(load, (load->first + i * 7) % ORIGINS);
    }
    return NULL;
}

static void answers_threads(void **state)
{
    fixture_t *f = apr_pcalloc(*state, sizeof(*f));
    load_t loads[THREADS];
    pthread_t threads[THREADS];
    unsigned int i;

    f->answers = cors_answers_make(seed, FORGOTTEN, 0, *state);
    for (i = 0; i < THREADS; i++) {
        loads[i] = (load_t){ f, i, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, run, &loads[i]), 0);
    }
    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        check_number("wrong answers", loads[i].wrong, 0, "of a thread");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_answers_for_refresh),
        TEST(counts_from_the_question),
        TEST(turns_with_the_source),
        TEST(goes_on_with_a_yes_only),
        TEST(pauses_after_an_error),
        TEST(gives_each_question_a_turn),
        TEST(refuses_no_known_origin_for_want_of_a_turn),
        TEST(asks_little_in_a_flood),
        TEST(saves_the_rate_in_a_pause),
        TEST(keeps_a_yes_through_a_flood),
        TEST(drops_the_oldest),
        TEST(answers_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
