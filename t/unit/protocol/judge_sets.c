/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Judging by policies that name sets: what is looked at in which order, who is
 * asked, and what becomes of sets that can't tell. */

#include "lists.h"
#include "snapshots.h"

#include "protocol/judge.h"

#define NOW   5
#define LATER 11 /* the snapshot is too old */

static cors_found_e said;
static unsigned int asked;

static cors_found_e stub(const cors_set_t *set, const char *origin, size_t len)
{
    asked++;
    return said;
}

/* An origin and a pattern of the list itself, and a set of each kind. */
static cors_policy_t make_policy(apr_pool_t *p)
{
    cors_policy_t policy = { 0 };
    cors_list_t *list = origins("https://list.example https://*.list.example",
                                p);
    static const char snapshot[] = "https://snapshot.example "
                                   "https://*.snapshot.example "
                                   "https://x.list.example "
                                   "http://plain.example";

    assert_null(cors_set_add(list, snapshot_set("snapshot", snapshot, p),
                             "@snapshot", NULL, p));
    assert_null(
        cors_set_add(list, lookup_set("lookup", p), "@lookup", NULL, p));
    policy.origins = list;
    policy.credentials = 1;
    policy.private_network = 1;
    return policy;
}

static cors_verdict_e judge(const cors_policy_t *policy, const char *origin,
                            apr_uint32_t now, cors_ask_fn *ask,
                            cors_decision_t *decision)
{
    cors_facts_t facts = { origin, NULL, NULL, 1, now, ask };

    memset(decision, 0, sizeof(*decision));
    asked = 0;
    return cors_judge(policy, &facts, decision);
}

static void judges(void **state)
{
    static const struct {
        const char *origin;
        cors_found_e said;
        apr_uint32_t now;
        cors_verdict_e verdict;
        unsigned int asked;
        const char *set;
        const char *reason;
    } rows[] = {
        { "https://list.example", CORS_FOUND_UNKNOWN, LATER, CORS_ALLOWED, 0,
          NULL, "what is exact in the list needs no set" },
        { "https://y.list.example", CORS_FOUND_UNKNOWN, LATER, CORS_ALLOWED, 0,
          NULL, "nor do patterns of the list" },
        { "https://x.list.example", CORS_FOUND_NO, NOW, CORS_ALLOWED, 0,
          "snapshot", "exact in a snapshot comes before patterns" },
        { "https://snapshot.example", CORS_FOUND_NO, NOW, CORS_ALLOWED, 0,
          "snapshot", "exact in the snapshot: nobody is asked" },
        { "https://y.snapshot.example", CORS_FOUND_NO, NOW, CORS_ALLOWED, 0,
          "snapshot", "a pattern of the snapshot: neither" },
        { "https://asked.example", CORS_FOUND_YES, NOW, CORS_ALLOWED, 1,
          "lookup", "asked last" },
        { "https://asked.example", CORS_FOUND_NO, NOW, CORS_ORIGIN_NOT_ALLOWED,
          1, NULL, "all say no" },
        { "https://asked.example", CORS_FOUND_UNKNOWN, NOW,
          CORS_SOURCE_UNAVAILABLE, 1, "lookup", "one can't tell" },
        { "https://asked.example", CORS_FOUND_NO, LATER,
          CORS_SOURCE_UNAVAILABLE, 1, "snapshot", "the other can't" },
        { "https://asked.example", CORS_FOUND_YES, LATER, CORS_ALLOWED, 1,
          "lookup", "a fault in one refuses nothing of another" },
        { "https://snapshot.example", CORS_FOUND_NO, LATER,
          CORS_SOURCE_UNAVAILABLE, 1, "snapshot",
          "a list that is too old allows nobody" },
        { "https://asked.example/", CORS_FOUND_YES, NOW, CORS_ORIGIN_MALFORMED,
          0, NULL, "no browser sends that" },
        { "https://Asked.example", CORS_FOUND_YES, LATER,
          CORS_ORIGIN_MALFORMED, 0, NULL, "a fault or not" },
        { "", CORS_FOUND_YES, NOW, CORS_ORIGIN_MALFORMED, 0, NULL, "empty" },
        { "null", CORS_FOUND_YES, LATER, CORS_ORIGIN_NOT_ALLOWED, 0, NULL,
          "a set never has it" },
    };
    cors_policy_t policy = make_policy(*state);
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_decision_t decision;

        said = rows[i].said;
        judge(&policy, rows[i].origin, rows[i].now, stub, &decision);
        check_number(rows[i].origin, decision.verdict, rows[i].verdict,
                     rows[i].reason);
        check_text(rows[i].origin, decision.set ? decision.set->name : NULL,
                   rows[i].set, rows[i].reason);
        check_number("asked", asked, rows[i].asked, rows[i].reason);
        check_text(rows[i].origin, decision.allow_origin,
                   rows[i].verdict == CORS_ALLOWED ? rows[i].origin : NULL,
                   rows[i].reason);
    }
}

/* Who may not wait asks nobody. */
static void asks_only_who_may(void **state)
{
    cors_policy_t policy = make_policy(*state);
    cors_decision_t decision;

    judge(&policy, "https://asked.example", NOW, NULL, &decision);
    said = CORS_FOUND_YES;
    assert_int_equal(decision.verdict, CORS_SOURCE_UNAVAILABLE);
    assert_string_equal(decision.set->name, "lookup");
    judge(&policy, "https://snapshot.example", NOW, NULL, &decision);
    assert_int_equal(decision.verdict, CORS_ALLOWED);
    assert_int_equal(asked, 0);
}

/* The longest origin is asked for, and none beyond. */
static void asks_for_origins_alone(void **state)
{
    cors_policy_t policy = make_policy(*state);
    char label[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    char *longest = apr_psprintf(*state, "https://%s.%s.%s.%s.example:8443",
                                 label, label, label, label);
    char *beyond = apr_psprintf(*state, "https://%s.%s.%s.%s.%s.example",
                                label, label, label, label, label);
    cors_decision_t decision;

    said = CORS_FOUND_YES;
    assert_int_equal(judge(&policy, longest, NOW, stub, &decision),
                     CORS_ALLOWED);
    assert_int_equal(asked, 1);
    assert_int_equal(judge(&policy, beyond, NOW, stub, &decision),
                     CORS_ORIGIN_MALFORMED);
    assert_int_equal(asked, 0);
    beyond = apr_pcalloc(*state, 100000);
    memset(beyond, 'a', 99999);
    memcpy(beyond, "https://", 8);
    assert_int_equal(judge(&policy, beyond, NOW, stub, &decision),
                     CORS_ORIGIN_MALFORMED);
    assert_int_equal(asked, 0);
}

/* What nobody has written beside credentials gets them only where it is safe.
 */
static void withholds_what_is_unsafe(void **state)
{
    static const struct {
        const char *origin;
        unsigned int unsafe;
        int has;
    } rows[] = {
        { "https://snapshot.example", 0, 1 },
        { "http://plain.example", 0, 0 },
        { "http://plain.example", CORS_UNSAFE_PUBLIC_SUFFIXES, 0 },
        { "http://plain.example", CORS_UNSAFE_INSECURE_ORIGINS, 1 },
        { "https://asked.example", 0, 1 },
        { "http://asked.example", 0, 0 },
        { "http://asked.example", CORS_UNSAFE_INSECURE_ORIGINS, 1 },
        { "http://localhost:3000", 0, 1 },
    };
    cors_policy_t policy = make_policy(*state);
    size_t i;

    said = CORS_FOUND_YES;
    for (i = 0; i < COUNT(rows); i++) {
        cors_decision_t decision;

        policy.unsafe = rows[i].unsafe;
        judge(&policy, rows[i].origin, NOW, stub, &decision);
        check_text(rows[i].origin, decision.allow_origin, rows[i].origin,
                   "allowed in any case");
        check_number(rows[i].origin, (unsigned long)decision.credentials,
                     (unsigned long)rows[i].has, "credentials");
        check_number(rows[i].origin, (unsigned long)decision.private_network,
                     (unsigned long)rows[i].has, "private network");
    }
}

/* The line that is named is that of the set. */
static void names_the_set(void **state)
{
    cors_policy_t policy = make_policy(*state);
    cors_set_t *set = snapshot_set("never", NULL, *state);
    cors_list_t *list = origins("", *state);
    const char *directive = NULL;
    cors_decision_t decision;

    set->at = (const void *)"its line";
    assert_null(cors_set_add(list, set, "@never", NULL, *state));
    policy.origins = list;
    judge(&policy, "https://a.example", NOW, stub, &decision);
    assert_int_equal(decision.verdict, CORS_SOURCE_UNAVAILABLE);
    assert_ptr_equal(cors_decision_line(&policy, &decision, &directive),
                     set->at);
    assert_string_equal(directive, "CorsOriginSet");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(judges),
        TEST(asks_only_who_may),
        TEST(asks_for_origins_alone),
        TEST(withholds_what_is_unsafe),
        TEST(names_the_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
