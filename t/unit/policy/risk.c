/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include "policy/risk.h"

static apr_pool_t *pool;

/* Each flag with each directive: the risk is there when the directive is on,
 * and gone when CorsAllowUnsafe grants it. */
static void finds_each_risk(void **state)
{
    const cors_risk_t *risk;
    int count = 0;

    for (risk = cors_risks; risk->flag; risk++) {
        cors_word_t word = { 0 };
        cors_policy_t policy = { 0 };

        word.flags = (unsigned short)risk->flag;
        if (risk->of_sets) {
            policy.private_network = 1;
            assert_null(cors_risk_find(&policy, &word, risk->with));
            policy.private_network = 0;
            word.flags |= CORS_WORD_SET;
        }
        if (risk->with != CORS_WITH_NOTHING) {
            assert_null(cors_risk_find(&policy, &word, risk->with));
        }
        policy.credentials = policy.private_network = 1;
        policy.enforce = CORS_ENFORCE_ALL;
        assert_ptr_equal(cors_risk_find(&policy, &word, risk->with), risk);
        assert_true(cors_risk_is(risk, &policy, &word));
        policy.unsafe = risk->unsafe;
        assert_int_equal(cors_risk_find(&policy, &word, risk->with) != NULL,
                         !risk->unsafe);
        word.flags = CORS_WORD_SUBDOMAIN | CORS_WORD_KEYWORD;
        assert_null(cors_risk_find(&policy, &word, risk->with));
        count++;
    }
    assert_int_equal(count, 12);
}

/* The rules once more: which origins run a risk beside what, and which word of
 * CorsAllowUnsafe permits it. */
static const struct {
    unsigned int flag;
    cors_with_e with;
    unsigned int unsafe;
    const char *reason;
} rules[] = {
    { CORS_WORD_ANY, CORS_WITH_CREDENTIALS, 0, "no browser takes it" },
    { CORS_WORD_NULL, CORS_WITH_CREDENTIALS, 0, "any page can be null" },
    { CORS_WORD_INSECURE, CORS_WITH_CREDENTIALS, CORS_UNSAFE_INSECURE_ORIGINS,
      "anyone on the way can be it" },
    { CORS_WORD_SUFFIX, CORS_WITH_CREDENTIALS, CORS_UNSAFE_PUBLIC_SUFFIXES,
      "anyone can have a host there" },
    { CORS_WORD_UNKNOWN, CORS_WITH_CREDENTIALS, CORS_UNSAFE_PUBLIC_SUFFIXES,
      "anyone may have a host there" },
    { CORS_WORD_NULL, CORS_WITH_NOTHING, CORS_UNSAFE_NULL_ORIGIN,
      "any page can be null" },
    { CORS_WORD_ANY, CORS_WITH_PRIVATE_NETWORK, 0, "any page gets in" },
    { CORS_WORD_NULL, CORS_WITH_PRIVATE_NETWORK, 0, "any page can be null" },
    { CORS_WORD_ANY, CORS_WITH_ENFORCEMENT, 0, "it is no list" },
    { CORS_WORD_NULL, CORS_WITH_ENFORCEMENT, 0, "any page can be null" },
};

static int is_on(const cors_policy_t *policy, cors_with_e with)
{
    return with == CORS_WITH_NOTHING
           || (with == CORS_WITH_CREDENTIALS && policy->credentials)
           || (with == CORS_WITH_PRIVATE_NETWORK && policy->private_network)
           || (with == CORS_WITH_ENFORCEMENT && policy->enforce);
}

/* Why a word with these flags is a risk, or NULL. */
static const char *why(const cors_policy_t *policy, unsigned int flags,
                       cors_with_e with)
{
    size_t i;

    for (i = 0; i < COUNT(rules); i++) {
        if ((flags & rules[i].flag) && rules[i].with == with
            && !(policy->unsafe & rules[i].unsafe)) {
            return is_on(policy, with) ? rules[i].reason : NULL;
        }
    }
    return NULL;
}

static const cors_with_e withs[] = { CORS_WITH_NOTHING, CORS_WITH_CREDENTIALS,
                                     CORS_WITH_PRIVATE_NETWORK,
                                     CORS_WITH_ENFORCEMENT };

static void check_word(const cors_policy_t *policy, unsigned int flags)
{
    cors_word_t word = { 0 };
    size_t i;

    word.flags = (unsigned short)flags;
    for (i = 0; i < COUNT(withs); i++) {
        const cors_risk_t *risk = cors_risk_find(policy, &word, withs[i]);
        const char *reason = why(policy, flags, withs[i]);
        const char *what = apr_psprintf(
            pool,
            "flags %x with %d, credentials %d, network %d, enforce %d, "
            "unsafe %x",
            flags, withs[i], policy->credentials, policy->private_network,
            policy->enforce, policy->unsafe);

        check_number(what, risk != NULL, reason != NULL,
                     reason ? reason : "no rule speaks of it");
        assert_true(!risk || (flags & risk->flag));
        assert_true(!risk || risk->with == withs[i]);
        assert_true(!risk || cors_risk_is(risk, policy, &word));
    }
}

/* Every set of flags a word can have, under every policy there is to it. */
static void finds_what_the_rules_say(void **state)
{
    unsigned int flags, unsafe;
    int on;

    pool = *state;
    for (on = 0; on < 8; on++) {
        for (unsafe = 0; unsafe < 1 << CORS_UNSAFE_COUNT; unsafe++) {
            cors_policy_t policy = { 0 };

            policy.credentials = on & 1;
            policy.private_network = on >> 1 & 1;
            policy.enforce = on >> 2 ? CORS_ENFORCE_TRY_UNSAFE
                                     : CORS_ENFORCE_OFF;
            policy.unsafe = unsafe;
            for (flags = 0; flags < 256; flags++) {
                check_word(&policy, flags);
            }
        }
    }
}

static const cors_risk_t *risk_of(unsigned int flag, cors_with_e with)
{
    const cors_risk_t *risk = cors_risks;

    while (risk->flag && (risk->flag != flag || risk->with != with)) {
        risk++;
    }
    assert_int_not_equal(risk->flag, 0);
    return risk;
}

static void says_what_a_response_lacks(void **state)
{
    static const struct {
        cors_with_e with;
        const char *directive;
        const char *withheld;
    } rows[] = {
        { CORS_WITH_NOTHING, "", "it is refused" },
        { CORS_WITH_CREDENTIALS, "CorsAllowCredentials On",
          "no response goes with Access-Control-Allow-Credentials" },
        { CORS_WITH_PRIVATE_NETWORK, "CorsAllowPrivateNetwork On",
          "no response goes with Access-Control-Allow-Private-Network" },
        { CORS_WITH_ENFORCEMENT, "CorsEnforce",
          "requests of pages of other origins are refused" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_risk_t *risk = risk_of(CORS_WORD_NULL, rows[i].with);

        assert_string_equal(cors_risk_with(risk), rows[i].directive);
        assert_string_equal(cors_risk_withheld(risk), rows[i].withheld);
    }
}

/* The last clause of each advice is what to write. */
static void ends_with_what_to_write(void **state)
{
    static const struct {
        unsigned int flag;
        cors_with_e with;
        const char *origin;
        const char *end;
        unsigned char flags; /* of the word */
    } rows[] = {
        { CORS_WORD_ANY, CORS_WITH_CREDENTIALS, "*",
          ": write the origins that may have them, as in CorsAllowOrigin "
          "https://app.example.com, or CorsAllowCredentials Off" },
        { CORS_WORD_ANY, CORS_WITH_PRIVATE_NETWORK, "*",
          ": write the origins that may, as in CorsAllowOrigin "
          "https://app.example.com, or CorsAllowPrivateNetwork Off" },
        { CORS_WORD_NULL, CORS_WITH_CREDENTIALS, "null",
          ": leave null out, or write CorsAllowCredentials Off" },
        { CORS_WORD_NULL, CORS_WITH_PRIVATE_NETWORK, "null",
          ": leave null out, or write CorsAllowPrivateNetwork Off" },
        { CORS_WORD_ANY, CORS_WITH_ENFORCEMENT, "*",
          ": write the origins whose pages may send requests, as in "
          "CorsAllowOrigin https://app.example.com, or CorsEnforce Off" },
        { CORS_WORD_NULL, CORS_WITH_ENFORCEMENT, "null",
          ": leave null out, or write CorsEnforce Off" },
        { CORS_WORD_NULL, CORS_WITH_NOTHING, "null",
          ": leave null out, or write CorsAllowUnsafe null-origin" },
        { CORS_WORD_INSECURE, CORS_WITH_CREDENTIALS, "http://a.example",
          ": write https://a.example, or CorsAllowUnsafe insecure-origins" },
        { CORS_WORD_INSECURE, CORS_WITH_CREDENTIALS, "http://*.a.example:8080",
          ": write https://*.a.example:8080, or CorsAllowUnsafe "
          "insecure-origins" },
        { CORS_WORD_INSECURE, CORS_WITH_CREDENTIALS, "http://a.example:443",
          ": write https://a.example, or CorsAllowUnsafe insecure-origins" },
        { CORS_WORD_INSECURE, CORS_WITH_CREDENTIALS, "http://a.example:8443",
          ": write https://a.example:8443, or CorsAllowUnsafe "
          "insecure-origins" },
        { CORS_WORD_INSECURE, CORS_WITH_CREDENTIALS, "http://*.github.io",
          ": write the hosts that are yours, with https, or CorsAllowUnsafe "
          "insecure-origins",
          CORS_WORD_SUFFIX },
        { CORS_WORD_SUFFIX, CORS_WITH_CREDENTIALS, "https://*.github.io:8443",
          " public suffix github.io: write the hosts that are yours, or "
          "CorsAllowUnsafe public-suffixes" },
        { CORS_WORD_UNKNOWN, CORS_WITH_CREDENTIALS, "https://*.a.example:*",
          ": install the package publicsuffix, or write CorsAllowUnsafe "
          "public-suffixes" },
    };
    static const cors_word_t unknown = { .text = "https://*.a.example:*" };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_word_t word = { .text = rows[i].origin, .flags = rows[i].flags };
        const char *advice = cors_risk_advice(
            risk_of(rows[i].flag, rows[i].with), &word, *state);
        size_t len = strlen(advice);
        size_t end = strlen(rows[i].end);

        assert_true(len > end);
        check_text(rows[i].origin, advice + len - end, rows[i].end,
                   "what to write");
    }
    assert_int_equal(strncmp(cors_risk_advice(risk_of(CORS_WORD_UNKNOWN,
                                                      CORS_WITH_CREDENTIALS),
                                              &unknown, *state),
                             "a.example may be", 16),
                     0);
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

static const cors_line_t *line_of(const cors_risk_t *risk,
                                  const cors_policy_t *policy)
{
    return risk->with == CORS_WITH_CREDENTIALS ? policy->credentials_at
           : risk->with == CORS_WITH_PRIVATE_NETWORK
               ? policy->private_network_at
               : policy->enforce_at;
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
        cors_word_t word = { 0 };
        const char *advice;
        size_t i = 0;

        policy.credentials_at = (const cors_line_t *)"credentials";
        policy.private_network_at = (const cors_line_t *)"network";
        policy.enforce_at = (const cors_line_t *)"enforce";
        while (texts[i].flag != risk->flag) {
            i++;
        }
        word.text = texts[i].text;
        advice = cors_risk_advice(risk, &word, *state);
        assert_non_null(strstr(advice, "write "));
        assert_true(strlen(cors_risk_withheld(risk)) > 10);
        if (risk->with == CORS_WITH_NOTHING) {
            assert_string_equal(cors_risk_with(risk), "");
            assert_null(cors_risk_line(risk, &policy));
            continue;
        }
        assert_ptr_equal(cors_risk_line(risk, &policy),
                         line_of(risk, &policy));
    }
}

/* The advice names the host, without wildcard and port. */
static void names_the_suffix(void **state)
{
    static const cors_risk_t suffix = { CORS_WORD_SUFFIX,
                                        CORS_WITH_CREDENTIALS, 0 };
    static const cors_word_t word = { .text = "https://*.github.io:*" };
    const char *advice = cors_risk_advice(&suffix, &word, *state);

    assert_non_null(strstr(advice, "github.io"));
    assert_null(strstr(advice, "*"));
}

/* Returns the risk that the first origin of the list runs with credentials.
 * The list is that of an .htaccess file below another section. */
static const cors_risk_t *find_late(const char *text, unsigned int unsafe,
                                    int credentials,
                                    const cors_suffixes_t *suffixes)
{
    cors_list_t list = { .late = suffixes };
    cors_policy_t policy = { 0 };
    const cors_list_t *nearer = origins("inherit https://b.example", pool);

    assert_null(cors_origins_add(&list, text, NULL, suffixes, pool, pool));
    policy.origins = cors_list_merge(pool, &list, nearer);
    policy.credentials = credentials;
    policy.unsafe = unsafe;
    return cors_risk_find(&policy, list.first, CORS_WITH_CREDENTIALS);
}

static void looks_up_late(void **state)
{
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);
    const cors_risk_t *risk = find_late("https://*.com", 0, 1, suffixes);

    assert_true(risk && risk->flag == CORS_WORD_SUFFIX);
    assert_non_null(find_late("https://*.github.io:8443", 0, 1, suffixes));
    assert_null(find_late("https://*.a.com", 0, 1, suffixes));
    assert_null(find_late("https://a.com", 0, 1, suffixes));
    assert_null(find_late("https://*.com", 0, 0, suffixes));
    assert_null(
        find_late("https://*.com", CORS_UNSAFE_PUBLIC_SUFFIXES, 1, suffixes));
}

/* Who can't look takes the pattern for a suffix. */
static void takes_what_it_cannot_look_up_for_a_suffix(void **state)
{
    static const cors_list_t list;
    static const cors_policy_t policy = { .origins = &list, .credentials = 1 };
    static const cors_word_t word = { .text = "https://*.a.com",
                                      .host = sizeof("https://*.") - 1,
                                      .host_len = sizeof("a.com") - 1,
                                      .flags = CORS_WORD_LATE };

    assert_non_null(cors_risk_find(&policy, &word, CORS_WITH_CREDENTIALS));
    assert_null(cors_risk_find(&policy, &word, CORS_WITH_ENFORCEMENT));
    assert_null(cors_risk_find(&policy, &word, CORS_WITH_PRIVATE_NETWORK));
    assert_null(cors_risk_find(&policy, &word, CORS_WITH_NOTHING));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_each_risk),
        TEST(finds_what_the_rules_say),
        TEST(grants_one_risk_alone),
        TEST(says_what_a_response_lacks),
        TEST(ends_with_what_to_write),
        TEST(says_what_to_write),
        TEST(names_the_suffix),
        TEST(looks_up_late),
        TEST(takes_what_it_cannot_look_up_for_a_suffix)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
