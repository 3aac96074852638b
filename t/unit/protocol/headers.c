/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include "protocol/headers.h"

static apr_pool_t *pool;

static int join_line(void *joined, const char *name, const char *value)
{
    const char **text = joined;

    *text = apr_pstrcat(pool, *text, name, ": ", value, "\n", NULL);
    return 1;
}

/* The lines of the table as one text. */
static const char *text_of(const apr_table_t *table)
{
    const char *text = "";

    apr_table_do(join_line, &text, table, NULL);
    return text;
}

static void strips(void **state)
{
    apr_table_t *table = apr_table_make(*state, 8);
    cors_policy_t policy = { 0 };

    pool = *state;
    apr_table_addn(table, "Access-Control-Allow-Origin", "*");
    apr_table_addn(table, "Accept-Ranges", "bytes");
    apr_table_addn(table, "access-control-allow-origin", "https://b.example");
    apr_table_addn(table, "ACCESS-CONTROL-Anything", "x");
    apr_table_addn(table, "Access-Controls", "stays");
    apr_table_addn(table, "Timing-Allow-Origin", "*");
    apr_table_addn(table, "Access-Control-Max-Age", "5");
    assert_int_equal(cors_headers_seen(&policy, table), CORS_SEEN_CORS);
    cors_headers_strip(&policy, table);
    assert_string_equal(text_of(table), "Accept-Ranges: bytes\n"
                                        "Access-Controls: stays\n"
                                        "Timing-Allow-Origin: *\n");
    policy.timing_allow_origin = 1;
    cors_headers_strip(&policy, table);
    assert_string_equal(text_of(table), "Accept-Ranges: bytes\n"
                                        "Access-Controls: stays\n");
}

static void sees(void **state)
{
    static const struct {
        const char *name;
        int timing;
        int seen;
    } rows[] = {
        { "Access-Control-Allow-Origin", 0, CORS_SEEN_CORS },
        { "access-control-allow-origin", 0, CORS_SEEN_CORS },
        { "Vary", 0, CORS_SEEN_VARY },
        { "vary", 0, CORS_SEEN_VARY },
        { "Timing-Allow-Origin", 1, CORS_SEEN_CORS },
        { "Timing-Allow-Origin", 0, 0 },
        { "Accept-Ranges", 0, 0 },
        { "Age", 0, 0 },
        { "A", 0, 0 },
        { "ETag", 0, 0 },
        { "Content-Length", 0, 0 },
        { "", 0, 0 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        apr_table_t *table = apr_table_make(*state, 2);
        cors_policy_t policy = { 0 };

        policy.timing_allow_origin = rows[i].timing;
        apr_table_addn(table, "Server", "Apache");
        apr_table_addn(table, rows[i].name, "x");
        assert_int_equal(cors_headers_seen(&policy, table), rows[i].seen);
    }
}

/* A policy with all that can be said, and a decision that allows it. */
static void fill(cors_policy_t *policy, cors_decision_t *decision,
                 const char *methods, const char *headers, const char *expose)
{
    memset(policy, 0, sizeof(*policy));
    memset(decision, 0, sizeof(*decision));
    policy->origins = origins("https://a.example", pool);
    policy->methods = methods ? names(CORS_NAMES_METHODS, methods, pool)
                              : NULL;
    policy->headers = headers ? names(CORS_NAMES_ALLOW_HEADERS, headers, pool)
                              : NULL;
    policy->expose = expose ? names(CORS_NAMES_EXPOSE_HEADERS, expose, pool)
                            : NULL;
    decision->allow_origin = "https://a.example";
}

static const char *actual(const cors_policy_t *policy,
                          const cors_decision_t *decision)
{
    apr_table_t *out = apr_table_make(pool, 8);

    cors_headers_actual(policy, decision, out, pool);
    return text_of(out);
}

#define ORIGIN      "Access-Control-Allow-Origin: https://a.example\n"
#define CREDENTIALS "Access-Control-Allow-Credentials: true\n"
#define EXPOSE      "Access-Control-Expose-Headers: "

static void lets_read(void **state)
{
    cors_policy_t policy;
    cors_decision_t decision;

    pool = *state;
    fill(&policy, &decision, NULL, NULL, NULL);
    assert_string_equal(actual(&policy, &decision), ORIGIN);
    fill(&policy, &decision, NULL, NULL, "X-A X-B");
    policy.timing_allow_origin = 1;
    decision.credentials = 1;
    assert_string_equal(actual(&policy, &decision), ORIGIN CREDENTIALS EXPOSE
                        "X-A, X-B\n"
                        "Timing-Allow-Origin: https://a.example\n");
    fill(&policy, &decision, NULL, NULL, "*");
    assert_string_equal(actual(&policy, &decision), ORIGIN EXPOSE "*\n");
    fill(&policy, &decision, NULL, NULL, "none");
    assert_string_equal(actual(&policy, &decision), ORIGIN);
}

/* "*" beside credentials stands for the response's own names. */
static void lists_own_names(void **state)
{
    apr_table_t *out = apr_table_make(*state, 8);
    apr_table_t *err = apr_table_make(*state, 8);
    cors_policy_t policy;
    cors_decision_t decision;

    pool = *state;
    fill(&policy, &decision, NULL, NULL, "*");
    assert_false(cors_headers_actual(&policy, &decision,
                                     apr_table_make(pool, 4), pool));
    decision.credentials = 1;
    assert_true(cors_headers_actual(&policy, &decision,
                                    apr_table_make(pool, 4), pool));
    assert_string_equal(actual(&policy, &decision), ORIGIN CREDENTIALS);
    apr_table_addn(out, "ETag", "x");
    apr_table_addn(out, "Content-Type", "safelisted");
    apr_table_addn(out, "Set-Cookie", "hidden");
    apr_table_addn(out, "Connection", "hop by hop");
    apr_table_addn(out, "Access-Control-Allow-Origin", "x");
    apr_table_addn(out, "X bad", "no token");
    apr_table_addn(err, "X-A", "x");
    apr_table_addn(err, "etag", "x");
    apr_table_addn(out, "Access-Control-Expose-Headers", "an older list");
    cors_headers_expose_own(1, out, err, *state);
    assert_string_equal(apr_table_get(out, "Access-Control-Expose-Headers"),
                        "Date, Server, Content-Encoding, ETag, X-A");
    cors_headers_expose_own(0, out, err, *state);
    assert_string_equal(apr_table_get(out, "Access-Control-Expose-Headers"),
                        "Date, Server, ETag, X-A");
}

#define METHODS "Access-Control-Allow-Methods: "
#define HEADERS "Access-Control-Allow-Headers: "

static void tells_preflights(void **state)
{
    static const struct {
        const char *methods;
        const char *headers;
        cors_verdict_e verdict;
        int credentials;
        const char *lines; /* after the origin */
    } rows[] = {
        { NULL, NULL, CORS_ALLOWED, 0, METHODS "GET, HEAD, POST\n" },
        { "GET PUT", "X-A X-B", CORS_ALLOWED, 0,
          METHODS "GET, PUT\n" HEADERS "X-A, X-B\n" },
        { "*", "*", CORS_ALLOWED, 0, METHODS "*\n" HEADERS "*\n" },
        { "*", "* Authorization", CORS_ALLOWED, 0,
          METHODS "*\n" HEADERS "*, Authorization\n" },
        { "*", "*", CORS_ALLOWED, 1,
          CREDENTIALS METHODS "PUT\n" HEADERS "x-a, x-b\n" },
        /* refused for what it asks: told what is allowed all the same */
        { "GET", "X-A", CORS_METHOD_NOT_ALLOWED, 0,
          METHODS "GET\n" HEADERS "X-A\n" },
        { "GET PUT", "X-A", CORS_HEADER_NOT_ALLOWED, 1,
          CREDENTIALS METHODS "GET, PUT\n" HEADERS "X-A\n" },
        { "GET PUT", "none", CORS_HEADER_NOT_ALLOWED, 0,
          METHODS "GET, PUT\n" },
        /* and nothing that it asked for is repeated */
        { "*", "*", CORS_METHOD_NOT_ALLOWED, 1, CREDENTIALS },
        { "*", "*", CORS_HEADERS_MALFORMED, 1, CREDENTIALS METHODS "PUT\n" },
        { "GET", "*", CORS_METHOD_NOT_ALLOWED, 1,
          CREDENTIALS METHODS "GET\n" },
        { "*", "*", CORS_HEADER_NOT_ALLOWED, 0, METHODS "*\n" HEADERS "*\n" },
    };
    cors_facts_t facts = { 0 };
    size_t i;

    pool = *state;
    facts.origin = "https://a.example";
    facts.method = "PUT";
    facts.headers = " x-a,, x-b ,";
    for (i = 0; i < COUNT(rows); i++) {
        apr_table_t *out = apr_table_make(pool, 8);
        cors_policy_t policy;
        cors_decision_t decision;

        fill(&policy, &decision, rows[i].methods, rows[i].headers, NULL);
        decision.verdict = rows[i].verdict;
        decision.credentials = rows[i].credentials;
        cors_headers_preflight(&policy, &facts, &decision, out, pool);
        assert_string_equal(text_of(out),
                            apr_pstrcat(pool, ORIGIN, rows[i].lines, NULL));
    }
}

static void tells_the_rest_of_it(void **state)
{
    apr_table_t *out = apr_table_make(*state, 8);
    cors_facts_t facts = { 0 };
    cors_policy_t policy;
    cors_decision_t decision;

    pool = *state;
    facts.method = "GET";
    fill(&policy, &decision, NULL, NULL, NULL);
    policy.max_age = "600";
    decision.private_network = 1;
    cors_headers_preflight(&policy, &facts, &decision, out, pool);
    assert_string_equal(text_of(out), ORIGIN METHODS
                        "GET, HEAD, POST\nAccess-Control-Max-Age: 600\n"
                        "Access-Control-Allow-Private-Network: true\n");
    decision.allow_origin = NULL;
    out = apr_table_make(*state, 8);
    cors_headers_preflight(&policy, &facts, &decision, out, pool);
    assert_string_equal(text_of(out), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(strips),           TEST(sees),
        TEST(lets_read),        TEST(lists_own_names),
        TEST(tells_preflights), TEST(tells_the_rest_of_it)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
