/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The judging of requested headers and methods against one that cuts the
 * field up and compares texts; and the values that state the lists.  The input
 * is a scenario. */

#include "fuzz.h"

#include <string.h>
#include <strings.h>

#include <apr_strings.h>

#include "model.h"
#include "naive.h"
#include "policy/names.h"

/* What a browser is told of the list. */
static void check_value(const scenario_t *scenario, const cors_list_t *list,
                        list_e which, cors_name_kind_e kind, apr_pool_t *p)
{
    const apr_array_header_t *all = model_names(scenario, which, p);
    const char *value = cors_names_value(list, kind, p);
    const char *expected = NULL;
    int i;

    for (i = 0; i < all->nelts; i++) {
        const char *name = APR_ARRAY_IDX(all, i, const char *);

        FUZZ_CHECK(naive_is_token(name), "'%s'", name);
        expected = expected ? apr_pstrcat(p, expected, ", ", name, NULL)
                            : name;
    }
    FUZZ_CHECK(expected ? value && strcmp(value, expected) == 0 : !value,
               "'%s', not '%s'", value ? value : "", expected ? expected : "");
}

static void check_verdict(const scenario_t *scenario, cors_policy_t *policy,
                          apr_pool_t *p)
{
    static const cors_word_t star = { .text = "*", .len = 1 };
    const char *offender;
    cors_verdict_e expected = model_judge_preflight(scenario, &offender, p);
    cors_list_t any = { 0 };
    cors_decision_t decision;

    any.any = &star; /* origins are another target's */
    policy->origins = &any;
    policy->credentials = policy->private_network = 0;
    FUZZ_CHECK(cors_judge(policy, &scenario->facts, &decision) == expected,
               "%s, not %s", cors_verdict_word(decision.verdict),
               cors_verdict_word(expected));
    if (expected != CORS_ALLOWED) {
        FUZZ_CHECK(decision.offender_len == strlen(offender)
                       && memcmp(decision.offender, offender, strlen(offender))
                              == 0,
                   "'%.*s', not '%s'", (int)decision.offender_len,
                   decision.offender, offender);
    }
}

/* What a message about one argument says to write is taken.  The argument is
 * the whole input. */
static void check_advice(const char *arg, cors_name_kind_e kind, apr_pool_t *p)
{
    static const char write[] = ": write ";
    cors_list_t list = { 0 };
    const char *advice = cors_names_add(&list, kind, arg, NULL, p, p);
    const char *words = advice ? strstr(advice, write) : NULL;
    char *state;
    char *word;

    if (!words || strstr(words, "CorsAllowOrigin")) {
        return; /* taken, nothing to write, or another directive */
    }
    word = apr_strtok(apr_pstrdup(p, words + sizeof(write) - 1), " ", &state);
    for (; word; word = apr_strtok(NULL, " ", &state)) {
        FUZZ_CHECK(!cors_names_add(&list, kind, word, NULL, p, p),
                   "'%s' on '%s'", advice, arg);
    }
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    const scenario_t *scenario = scenario_read(text, len, p);
    cors_policy_t policy = *scenario_policy(scenario, p);
    const char *arg = apr_pstrmemdup(p, text, len);

    check_value(scenario, policy.methods, LIST_METHODS, CORS_NAMES_METHODS, p);
    check_value(scenario, policy.headers, LIST_HEADERS,
                CORS_NAMES_ALLOW_HEADERS, p);
    check_value(scenario, policy.expose, LIST_EXPOSE,
                CORS_NAMES_EXPOSE_HEADERS, p);
    check_verdict(scenario, &policy, p);
    check_advice(arg, CORS_NAMES_METHODS, p);
    check_advice(arg, CORS_NAMES_ALLOW_HEADERS, p);
    check_advice(arg, CORS_NAMES_EXPOSE_HEADERS, p);
}
