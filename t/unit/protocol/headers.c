/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The header lines that carry a decision out. */

#include "lists.h"
#include "tables.h"

#include "protocol/headers.h"

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

/* A browser reads its own names of a response, once each. */
static void lists_names_once(void **state)
{
    static const struct {
        const char *out;
        const char *err;
        int encoded;
        const char *list; /* after Date and Server */
        const char *reason;
    } rows[] = {
        { "", "", 0, "", "httpd adds Date and Server later" },
        { "Date Server", "date", 0, "", "they are there already" },
        { "X-A", "x-a", 0, ", X-A", "in both tables" },
        { "X-A X-A", "", 0, ", X-A", "two lines" },
        { "X-A", "X-B", 0, ", X-A, X-B", "out comes first" },
        { "Content-Encoding", "", 1, ", Content-Encoding", "there already" },
        { "", "", 1, ", Content-Encoding", "it will be there" },
        { "Cache-Control Content-Language Content-Length Content-Type "
          "Expires Last-Modified Pragma",
          "pragma", 0, "", "scripts may read them anyway" },
        { "Set-Cookie set-cookie2", "", 0, "", "scripts never see them" },
        { "Connection Transfer-Encoding", "Keep-Alive", 0, "",
          "they do not get to scripts" },
        { AC "Allow-Origin " AC "Anything", "access-control-x", 0, "",
          "a browser keeps them to itself" },
        { "X-A, X-B:", "X(", 0, "", "no tokens" },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        apr_table_t *out = table_of(rows[i].out);

        cors_headers_expose_own(rows[i].encoded, out, table_of(rows[i].err),
                                pool);
        check_text(rows[i].out, apr_table_get(out, AC "Expose-Headers"),
                   apr_pstrcat(pool, "Date, Server", rows[i].list, NULL),
                   rows[i].reason);
    }
}

static void asks_for_a_list_of_names(void **state)
{
    static const struct {
        const char *expose;
        const char *reason;
        int credentials;
        int list;
    } rows[] = {
        { "*", "* would be taken literally", 1, 1 },
        { "*", "* is taken as it is meant", 0, 0 },
        { "X-A", "names are names", 1, 0 },
        { "none", "nothing is exposed", 1, 0 },
        { NULL, "nothing is exposed", 1, 0 },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        cors_policy_t policy;
        cors_decision_t decision;
        int list;

        fill(&policy, &decision, NULL, NULL, rows[i].expose);
        decision.credentials = rows[i].credentials;
        list = cors_headers_actual(&policy, &decision, apr_table_make(pool, 4),
                                   pool);
        check_number(rows[i].expose ? rows[i].expose : "(none)", list != 0,
                     (unsigned long)rows[i].list, rows[i].reason);
    }
}

/* What is sent names the origin of the decision, be it "*" or the static one,
 * for timing too. */
static void names_the_origin_of_the_decision(void **state)
{
    static const char *const origin[] = { "*", "null", "https://b.example" };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(origin); i++) {
        cors_policy_t policy;
        cors_decision_t decision;

        fill(&policy, &decision, NULL, NULL, "X-A");
        policy.timing_allow_origin = 1;
        decision.allow_origin = origin[i];
        assert_string_equal(
            actual(&policy, &decision),
            apr_pstrcat(pool, AC "Allow-Origin: ", origin[i],
                        "\n" EXPOSE "X-A\nTiming-Allow-Origin: ", origin[i],
                        "\n", NULL));
    }
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

/* A preflight need not ask for headers. */
static void tells_preflights_without_headers(void **state)
{
    static const struct {
        const char *methods;
        const char *headers;
        const char *asked;
        int credentials;
        const char *lines; /* after the origin */
    } rows[] = {
        { "*", "*", NULL, 1, CREDENTIALS METHODS "PUT\n" },
        { "*", "*", "", 1, CREDENTIALS METHODS "PUT\n" },
        { "*", "*", " , ", 1, CREDENTIALS METHODS "PUT\n" },
        { "*", "* Authorization", NULL, 1, CREDENTIALS METHODS "PUT\n" },
        { "*", "* Authorization", "authorization", 1,
          CREDENTIALS METHODS "PUT\n" HEADERS "authorization\n" },
        { "*", "*", NULL, 0, METHODS "*\n" HEADERS "*\n" },
        { "PUT", "X-A", NULL, 1, CREDENTIALS METHODS "PUT\n" HEADERS "X-A\n" },
        { "PUT", NULL, "x-a", 0, METHODS "PUT\n" },
        { "inherit PUT", NULL, NULL, 0, METHODS "GET, HEAD, POST, PUT\n" },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        apr_table_t *out = apr_table_make(pool, 8);
        cors_facts_t facts = { "https://a.example", "PUT", rows[i].asked, 0 };
        cors_policy_t policy;
        cors_decision_t decision;

        fill(&policy, &decision, rows[i].methods, rows[i].headers, NULL);
        decision.credentials = rows[i].credentials;
        cors_headers_preflight(&policy, &facts, &decision, out, pool);
        check_text(rows[i].asked ? rows[i].asked : "(none)", text_of(out),
                   apr_pstrcat(pool, ORIGIN, rows[i].lines, NULL),
                   rows[i].headers ? rows[i].headers : "(none)");
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
    const struct CMUnitTest tests[] = { TEST(lets_read),
                                        TEST(lists_own_names),
                                        TEST(lists_names_once),
                                        TEST(asks_for_a_list_of_names),
                                        TEST(names_the_origin_of_the_decision),
                                        TEST(tells_preflights),
                                        TEST(tells_preflights_without_headers),
                                        TEST(tells_the_rest_of_it) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
