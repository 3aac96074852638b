/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include "policy/risk.h"

/* Each flag with each directive: the risk is there when the directive is on,
 * and gone when CorsAllowUnsafe grants it. */
static void finds_each_risk(void **state)
{
    const cors_risk_t *risk;
    int count = 0;

    for (risk = cors_risks; risk->flag; risk++) {
        cors_word_t word = { 0 };
        cors_policy_t policy = { 0 };

        word.flags = (unsigned char)risk->flag;
        if (risk->with != CORS_WITH_NOTHING) {
            assert_null(cors_risk_find(&policy, &word, risk->with));
        }
        policy.credentials = policy.private_network = 1;
        assert_ptr_equal(cors_risk_find(&policy, &word, risk->with), risk);
        assert_true(cors_risk_is(risk, &policy, &word));
        policy.unsafe = risk->unsafe;
        assert_int_equal(cors_risk_find(&policy, &word, risk->with) != NULL,
                         !risk->unsafe);
        word.flags = CORS_WORD_SUBDOMAIN | CORS_WORD_KEYWORD;
        assert_null(cors_risk_find(&policy, &word, risk->with));
        count++;
    }
    assert_int_equal(count, 8);
}

/* What one grant opens, another doesn't. */
static void grants_one_risk_alone(void **state)
{
    cors_policy_t policy = { 0 };
    cors_word_t word = { 0 };

    policy.credentials = 1;
    policy.unsafe = CORS_UNSAFE_NULL_ORIGIN | CORS_UNSAFE_PUBLIC_SUFFIXES;
    word.flags = CORS_WORD_INSECURE;
    assert_non_null(cors_risk_find(&policy, &word, CORS_WITH_CREDENTIALS));
    word.flags = CORS_WORD_NULL;
    assert_non_null(cors_risk_find(&policy, &word, CORS_WITH_CREDENTIALS));
    assert_null(cors_risk_find(&policy, &word, CORS_WITH_NOTHING));
}

/* Each message says what to write, and which directive it is about. */
static void says_what_to_write(void **state)
{
    static const struct {
        unsigned int flag;
        const char *text;
    } texts[] = { { CORS_WORD_ANY, "*" },
                  { CORS_WORD_NULL, "null" },
                  { CORS_WORD_INSECURE, "http://a.example" },
                  { CORS_WORD_SUFFIX, "https://*.github.io" },
                  { CORS_WORD_UNKNOWN, "https://*.a.example:*" } };
    const cors_risk_t *risk;

    for (risk = cors_risks; risk->flag; risk++) {
        cors_policy_t policy = { 0 };
        const char *advice;
        size_t i = 0;

        policy.credentials_at = (const cors_line_t *)"credentials";
        policy.private_network_at = (const cors_line_t *)"network";
        while (texts[i].flag != risk->flag) {
            i++;
        }
        advice = cors_risk_advice(risk, texts[i].text, *state);
        assert_non_null(strstr(advice, "write "));
        assert_true(strlen(cors_risk_withheld(risk)) > 10);
        if (risk->with == CORS_WITH_NOTHING) {
            assert_string_equal(cors_risk_with(risk), "");
            assert_null(cors_risk_line(risk, &policy));
            continue;
        }
        assert_non_null(strstr(cors_risk_with(risk), " On"));
        assert_ptr_equal(cors_risk_line(risk, &policy),
                         risk->with == CORS_WITH_CREDENTIALS
                             ? policy.credentials_at
                             : policy.private_network_at);
    }
}

/* The advice names the host, without wildcard and port. */
static void names_the_suffix(void **state)
{
    static const cors_risk_t suffix = { CORS_WORD_SUFFIX,
                                        CORS_WITH_CREDENTIALS, 0 };
    const char *advice = cors_risk_advice(&suffix, "https://*.github.io:*",
                                          *state);

    assert_non_null(strstr(advice, "github.io"));
    assert_null(strstr(advice, "*"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(finds_each_risk),
                                        TEST(grants_one_risk_alone),
                                        TEST(says_what_to_write),
                                        TEST(names_the_suffix) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
