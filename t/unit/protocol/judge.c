/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include "protocol/headers.h"
#include "protocol/judge.h"

static void judges(void **state)
{
    static const char a[] = "https://a.example";
    static const struct {
        const char *origin;
        const char *method;
        const char *headers;
        cors_verdict_e verdict;
        const char *offender;
    } rows[] = {
        { NULL, NULL, NULL, CORS_ALLOWED, NULL },
        { a, NULL, NULL, CORS_ALLOWED, NULL },
        { "https://x.example", NULL, NULL, CORS_ORIGIN_NOT_ALLOWED,
          "https://x.example" },
        { "x", NULL, NULL, CORS_ORIGIN_MALFORMED, "x" },
        { "", NULL, NULL, CORS_ORIGIN_MALFORMED, "" },
        { "null", NULL, NULL, CORS_ORIGIN_NOT_ALLOWED, "null" },
        { a, "GET", NULL, CORS_ALLOWED, NULL },
        { a, "HEAD", NULL, CORS_ALLOWED, NULL },
        { a, "POST", NULL, CORS_METHOD_NOT_ALLOWED, "POST" },
        { a, "put", NULL, CORS_METHOD_NOT_ALLOWED, "put" },
        { a, "", NULL, CORS_METHOD_NOT_ALLOWED, "" },
        { a, "PUT", "", CORS_ALLOWED, NULL },
        { a, "PUT", " , ,\t", CORS_ALLOWED, NULL },
        { a, "PUT", "X-A,x-b", CORS_ALLOWED, NULL },
        { a, "PUT", "x-a,x-c,\x01", CORS_HEADER_NOT_ALLOWED, "x-c" },
        { a, "PUT", "x-a,x y ,x-c", CORS_HEADERS_MALFORMED, "x y" },
        { a, "PUT", "x-a;", CORS_HEADERS_MALFORMED, "x-a;" },
        { "x", "nope", "x-c", CORS_ORIGIN_MALFORMED, "x" },
        { a, "nope", "x-c", CORS_METHOD_NOT_ALLOWED, "nope" },
    };
    cors_policy_t policy = { 0 };
    size_t i;

    policy.origins = origins("https://a.example null", *state);
    policy.methods = names(CORS_NAMES_METHODS, "GET PUT", *state);
    policy.headers = names(CORS_NAMES_ALLOW_HEADERS, "X-A X-B", *state);
    for (i = 0; i < COUNT(rows); i++) {
        cors_facts_t facts = { rows[i].origin, rows[i].method, rows[i].headers,
                               0 };
        cors_decision_t decision;

        assert_int_equal(cors_judge(&policy, &facts, &decision),
                         rows[i].verdict);
        assert_int_equal(decision.verdict, rows[i].verdict);
        assert_int_equal(decision.offender != NULL, rows[i].offender != NULL);
        if (rows[i].offender) {
            assert_int_equal(decision.offender_len, strlen(rows[i].offender));
            assert_memory_equal(decision.offender, rows[i].offender,
                                decision.offender_len);
        }
    }
}

/* "*" and credentials never meet in what is sent. */
static void any_never_meets_credentials(void **state)
{
    cors_policy_t policy = { 0 };
    cors_facts_t facts = { "https://a.example", "PUT", "x-a", 1 };
    cors_decision_t decision;
    apr_table_t *out = apr_table_make(*state, 4);

    policy.origins = origins("*", *state);
    policy.methods = names(CORS_NAMES_METHODS, "*", *state);
    policy.headers = names(CORS_NAMES_ALLOW_HEADERS, "*", *state);
    policy.credentials = 1;
    policy.private_network = 1;
    assert_int_equal(cors_judge(&policy, &facts, &decision), CORS_ALLOWED);
    cors_headers_preflight(&policy, &facts, &decision, out, *state);
    assert_string_equal(apr_table_get(out, "Access-Control-Allow-Origin"),
                        "*");
    assert_null(apr_table_get(out, "Access-Control-Allow-Credentials"));
    assert_null(apr_table_get(out, "Access-Control-Allow-Private-Network"));
    assert_string_equal(apr_table_get(out, "Access-Control-Allow-Headers"),
                        "*");
}

/* With credentials or without: "*" never covers Authorization. */
static void any_header_is_not_authorization(void **state)
{
    static const struct {
        const char *allowed;
        const char *asked;
        cors_verdict_e verdict;
    } rows[] = {
        { "*", "x-a,x-b", CORS_ALLOWED },
        { "*", "authorization", CORS_HEADER_NOT_ALLOWED },
        { "*", "x-a,AUTHORIZATION", CORS_HEADER_NOT_ALLOWED },
        { "*", "authorizations,x-authorization", CORS_ALLOWED },
        { "*", "x-a,x y", CORS_HEADERS_MALFORMED },
        { "* Authorization", "x-a,authorization", CORS_ALLOWED },
        { "authorization *", "x-a,Authorization", CORS_ALLOWED },
    };
    cors_policy_t policy = { 0 };
    size_t i;

    policy.origins = origins("https://a.example", *state);
    for (i = 0; i < 2 * COUNT(rows); i++) {
        cors_facts_t facts = { "https://a.example", "POST", rows[i / 2].asked,
                               0 };
        cors_decision_t decision;

        policy.headers = names(CORS_NAMES_ALLOW_HEADERS, rows[i / 2].allowed,
                               *state);
        policy.credentials = (int)(i % 2);
        assert_int_equal(cors_judge(&policy, &facts, &decision),
                         rows[i / 2].verdict);
    }
}

/* Where the browser sees for itself that it is refused. */
static void tells_what_is_spelled_out(void **state)
{
    static const char a[] = "https://a.example";
    static const struct {
        const char *methods;
        const char *headers;
        const char *method;
        const char *asked;
        int spelled_out;
    } rows[] = {
        { "GET", "X-A", "PUT", NULL, 1 },
        { "PUT", "X-A", "GET", NULL, 0 }, /* sent whatever the list says */
        { "PUT", "X-A", "HEAD", NULL, 0 },
        { "PUT", "X-A", "POST", NULL, 0 },
        { "PUT", "X-A", "get", NULL, 1 },
        { "*", "X-A", "TRACE", NULL, 0 }, /* the list is "*" */
        { "PUT", "X-A", "PUT", "x-b", 1 },
        { "PUT", "none", "PUT", "x-b", 1 },
        { "PUT", "*", "PUT", "authorization", 0 },
        { "PUT", "X-A", "PUT", "x y", 0 }, /* malformed */
        { "PUT", "X-A", "PUT", "x-a", 0 }, /* allowed */
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_policy_t policy = { 0 };
        cors_facts_t facts = { a, rows[i].method, rows[i].asked, 0 };
        cors_decision_t decision;

        policy.origins = origins(a, *state);
        policy.methods = names(CORS_NAMES_METHODS, rows[i].methods, *state);
        policy.headers = names(CORS_NAMES_ALLOW_HEADERS, rows[i].headers,
                               *state);
        cors_judge(&policy, &facts, &decision);
        assert_int_equal(decision.is_spelled_out, rows[i].spelled_out);
        assert_ptr_equal(decision.allow_origin, a);
    }
}

/* One origin for everybody but preflights. */
static void sends_a_static_origin(void **state)
{
    static const char a[] = "https://a.example";
    static const struct {
        const char *origin;
        const char *method;
        const char *sent;
        cors_verdict_e verdict;
    } rows[] = {
        { NULL, NULL, a, CORS_ALLOWED },
        { a, NULL, a, CORS_ALLOWED },
        { "https://b.example", NULL, a, CORS_ORIGIN_NOT_ALLOWED },
        { "x", NULL, a, CORS_ORIGIN_MALFORMED },
        { "https://b.example", "GET", NULL, CORS_ORIGIN_NOT_ALLOWED },
        { a, "GET", a, CORS_ALLOWED },
    };
    cors_policy_t policy = { 0 };
    size_t i;

    policy.origins = origins(a, *state);
    policy.static_origin = policy.credentials = 1;
    for (i = 0; i < COUNT(rows); i++) {
        cors_facts_t facts = { rows[i].origin, rows[i].method, NULL, 0 };
        cors_decision_t decision;

        assert_int_equal(cors_judge(&policy, &facts, &decision),
                         rows[i].verdict);
        assert_int_equal(decision.allow_origin != NULL, rows[i].sent != NULL);
        if (rows[i].sent) {
            assert_string_equal(decision.allow_origin, rows[i].sent);
            assert_true(decision.credentials);
        }
    }
}

/* How often a source was asked. */
static int questions;

static cors_found_e ask(const cors_set_t *set, const char *origin, size_t len)
{
    questions++;
    return strncmp(origin, "https://listed.", 15) == 0 ? CORS_FOUND_YES
                                                       : CORS_FOUND_UNKNOWN;
}

/* A source is asked last, and not about what a ceiling withholds. */
static void asks_within_ceilings(void **state)
{
    static const struct {
        const char *origin;
        int has_limit;
        cors_verdict_e verdict;
        int questions;
    } rows[] = {
        { "https://own.example", 1, CORS_ALLOWED, 0 },
        { "https://listed.example", 0, CORS_ALLOWED, 1 },
        { "https://listed.test", 0, CORS_ALLOWED, 1 },
        { "https://other.test", 0, CORS_SOURCE_UNAVAILABLE, 1 },
        { "https://listed.example", 1, CORS_ALLOWED, 1 },
        { "https://other.example", 1, CORS_SOURCE_UNAVAILABLE, 1 },
        { "https://listed.test", 1, CORS_ORIGIN_NOT_ALLOWED, 0 },
        { "https://other.test", 1, CORS_ORIGIN_NOT_ALLOWED, 0 },
        { "null", 1, CORS_ORIGIN_NOT_ALLOWED, 0 },
        { "x", 1, CORS_ORIGIN_MALFORMED, 0 },
    };
    cors_set_t set = { .name = "shops", .is_lookup = 1 };
    cors_limit_t *limit = cors_limit_make(NULL, *state);
    cors_list_t *list = origins("https://own.example", *state);
    cors_policy_t policy = { 0 };
    size_t i;

    assert_null(cors_set_add(list, &set, "@shops", NULL, *state));
    assert_null(cors_limit_add(limit, "https://*.example", NULL, NULL, *state,
                               *state));
    policy.origins = list;
    for (i = 0; i < COUNT(rows); i++) {
        cors_facts_t facts = { .origin = rows[i].origin, .ask = ask };
        cors_decision_t decision;

        policy.limits = rows[i].has_limit ? limit : NULL;
        questions = 0;
        assert_int_equal(cors_judge(&policy, &facts, &decision),
                         rows[i].verdict);
        assert_int_equal(questions, rows[i].questions);
        assert_int_equal(decision.set != NULL,
                         rows[i].verdict == CORS_SOURCE_UNAVAILABLE
                             || rows[i].questions == 1);
    }
}

/* The set of a ceiling is asked about what the policy allows, once, and
 * lets nothing pass that it can't tell. */
static void asks_sets_of_ceilings(void **state)
{
    static const struct {
        const char *origin;
        cors_verdict_e verdict;
        int questions;
    } rows[] = {
        { "https://listed.example", CORS_ALLOWED, 1 },
        { "https://own.example", CORS_ALLOWED, 0 },
        { "https://other.example", CORS_SOURCE_UNAVAILABLE, 1 },
        { "https://listed.test", CORS_ORIGIN_NOT_ALLOWED, 0 },
        { "null", CORS_ORIGIN_NOT_ALLOWED, 0 },
        { "x", CORS_ORIGIN_MALFORMED, 0 },
    };
    cors_set_t set = { .name = "shops", .is_lookup = 1 };
    cors_limit_t *limit = cors_limit_make(NULL, *state);
    cors_policy_t policy = { 0 };
    size_t i;

    policy.origins = origins("https://*.example", *state);
    policy.limits = limit;
    assert_null(cors_limit_add(limit, "https://own.example", NULL, NULL,
                               *state, *state));
    assert_null(cors_set_add(cors_limit_list_for_set(limit), &set, "@shops",
                             NULL, *state));
    for (i = 0; i < COUNT(rows); i++) {
        cors_facts_t facts = { .origin = rows[i].origin, .ask = ask };
        cors_decision_t decision;
        const char *directive;

        questions = 0;
        assert_int_equal(cors_judge(&policy, &facts, &decision),
                         rows[i].verdict);
        assert_int_equal(questions, rows[i].questions);
        assert_int_equal(decision.set == &set,
                         rows[i].verdict == CORS_SOURCE_UNAVAILABLE);
        assert_int_equal(decision.allow_origin != NULL,
                         rows[i].verdict == CORS_ALLOWED);
        assert_null(decision.limit);
        cors_decision_line(&policy, &decision, &directive);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(judges),
                                        TEST(any_never_meets_credentials),
                                        TEST(any_header_is_not_authorization),
                                        TEST(tells_what_is_spelled_out),
                                        TEST(sends_a_static_origin),
                                        TEST(asks_within_ceilings),
                                        TEST(asks_sets_of_ceilings) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
