/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* judge LIST SET LIMIT ORIGIN COUNT: judges a request from ORIGIN, COUNT
 * times, so that callgrind can count what cors_judge() alone takes
 * (BenchJudge.pm). Prints the verdict, and the bytes of the set's image.
 *
 *     LIST   what CorsAllowOrigin lists, with blanks between, or "-"
 *     SET    "-", or N for a list of N origins, or N+M for one of M patterns
 * as well, or "kept" for a look-up whose answer is kept LIMIT  what
 * CorsLimitOrigin lists, or "-"
 *
 * The list of a set begins with the origin of app.example.com, if it has any,
 * and its patterns with all of example.org; the rest is like these. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "policy/answers.h"
#include "policy/image_build.h"
#include "protocol/judge.h"

#define SIZE (APR_UINT64_C(1) << 30)
#define ONCE ((apr_time_t)1000000)

static apr_pool_t *pool;
static cors_answers_t *answers;

static void fail(const char *what, const char *text)
{
    (void)fprintf(stderr, "judge: %s: %s\n", what, text);
    exit(2);
}

static void add_words(const char *text,
                      const char *(*add)(void *to, const char *word), void *to)
{
    char *state;
    char *word = apr_strtok(apr_pstrdup(pool, text), " ", &state);

    for (; word; word = apr_strtok(NULL, " ", &state)) {
        const char *wrong = add(to, word);

        if (wrong) {
            fail(word, wrong);
        }
    }
}

static const char *add_origin(void *list, const char *word)
{
    return cors_origins_add(list, word, NULL, NULL, pool, pool);
}

static const char *add_limit(void *limit, const char *word)
{
    return cors_limit_add(limit, word, NULL, NULL, pool, pool);
}

static void add_rows(cors_image_builder_t *builder, unsigned long count,
                     const char *first, const char *format)
{
    unsigned long i;

    for (i = 0; i < count; i++) {
        char text[64];
        cors_pattern_t pattern;
        int len = apr_snprintf(text, sizeof(text), i ? format : first, i);

        if (cors_pattern_parse(text, &pattern) != CORS_PATTERN_OK
            || !cors_image_builder_add(builder, text, (size_t)len, &pattern,
                                       0)) {
            fail(text, "is not added");
        }
    }
}

static void make_list(cors_set_t *set, const char *text)
{
    cors_halves_t *snapshot = &set->snapshot;
    cors_image_builder_t *builder = cors_image_builder_make(SIZE, pool);
    const cors_image_t *image;
    char *patterns;
    unsigned long count = strtoul(text, &patterns, 10);

    add_rows(builder, count, "https://app.example.com",
             "https://host%lu.example.net");
    add_rows(builder, strtoul(patterns, NULL, 10), "https://*.example.org",
             "https://*.site%lu.example.org");
    image = cors_image_builder_finish(builder);
    snapshot->generations = apr_pcalloc(pool, sizeof(cors_generations_t));
    snapshot->size = image->used;
    snapshot->halves = apr_palloc(pool, 2 * snapshot->size);
    cors_halves_publish(snapshot, image);
    cors_halves_set_good_until(snapshot, CORS_HALVES_FOREVER);
}

/* What sources/redis.c does if the answer is kept, but for the clock. */
static cors_found_e ask(const cors_set_t *set, const char *origin, size_t len)
{
    static unsigned long kept;
    cors_question_t question;
    cors_answer_e answer = cors_answers_find(answers, origin, len, ONCE,
                                             &question);

    if (answer == CORS_ANSWER_ASK) {
        answer = cors_answers_tell(answers, &question, CORS_ANSWER_YES, ONCE);
    }
    else {
        __atomic_fetch_add(&kept, 1, __ATOMIC_RELAXED);
    }
    return answer == CORS_ANSWER_YES ? CORS_FOUND_YES : CORS_FOUND_UNKNOWN;
}

/* callgrind counts what happens in here. */
__attribute__((noinline, used)) cors_verdict_e judge_all(
    const cors_policy_t *policy, const cors_facts_t *facts,
    unsigned long count);

__attribute__((noinline, used)) cors_verdict_e judge_all(
    const cors_policy_t *policy, const cors_facts_t *facts,
    unsigned long count)
{
    cors_decision_t decision;
    cors_verdict_e verdict = CORS_ALLOWED;

    while (count--) {
        verdict = cors_judge(policy, facts, &decision);
        /* Nothing that is judged is known to the compiler. */
        __asm__ volatile("" : : "r"(&decision) : "memory");
    }
    return verdict;
}

int main(int argc, char *argv[])
{
    static const unsigned char seed[CORS_SIPHASH_SEED];
    cors_policy_t policy = { 0 };
    cors_facts_t facts = { .now = 1, .ask = ask };
    cors_set_t set = { .name = "set" };
    cors_list_t *list;

    if (argc != 6) {
        fail("usage", "judge LIST SET LIMIT ORIGIN COUNT");
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    policy.origins = list = apr_pcalloc(pool, sizeof(*list));
    if (strcmp(argv[1], "-") != 0) {
        add_words(argv[1], add_origin, list);
    }
    if (strcmp(argv[2], "-") != 0) {
        set.is_lookup = strcmp(argv[2], "kept") == 0;
        answers = cors_answers_make(seed, ONCE, ONCE, pool);
        if (!set.is_lookup) {
            make_list(&set, argv[2]);
        }
        cors_set_add(list, &set, "@set", NULL, pool);
    }
    if (strcmp(argv[3], "-") != 0) {
        cors_limit_t *limit = cors_limit_make(NULL, pool);

        add_words(argv[3], add_limit, limit);
        policy.limits = limit;
    }
    facts.origin = argv[4];
    judge_all(&policy, &facts, 1); /* an answer is kept from now on */
    printf("%s %lu\n",
           cors_verdict_word(
               judge_all(&policy, &facts, strtoul(argv[5], NULL, 10))),
           (unsigned long)set.snapshot.size);
    return 0;
}
