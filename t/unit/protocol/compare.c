/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "protocol/compare.h"

/* Headers as "name: value|name: value". */
static apr_table_t *headers_of(const char *text, apr_pool_t *p)
{
    apr_table_t *headers = apr_table_make(p, 4);
    char *state;
    char *line = apr_strtok(apr_pstrdup(p, text), "|", &state);

    for (; line; line = apr_strtok(NULL, "|", &state)) {
        char *value = strchr(line, ':');

        assert_non_null(value);
        apr_table_addn(headers, apr_pstrmemdup(p, line, value - line),
                       value + 2);
    }
    return headers;
}

static cors_response_t response_of(int status, const char *text, apr_pool_t *p)
{
    cors_response_t response = { status, headers_of(text, p) };

    cors_response_read(&response, p);
    return response;
}

#define ORIGIN      "Access-Control-Allow-Origin: "
#define CREDENTIALS "Access-Control-Allow-Credentials: "
#define METHODS     "Access-Control-Allow-Methods: "
#define NAMES       "Access-Control-Allow-Headers: "
#define EXPOSE      "Access-Control-Expose-Headers: "
#define VARY        "Vary: "
#define A           "https://a.example"

static void compares_responses(void **state)
{
    static const cors_facts_t facts = { A };
    static const struct {
        const char *today;
        const char *then;
        unsigned int differs;
        const char *reason;
    } rows[] = {
        { "", "", 0, "neither allows" },
        { "", ORIGIN A, CORS_DIFFERS_ORIGIN, "one allows" },
        { ORIGIN A, "", CORS_DIFFERS_ORIGIN, "the other does" },
        { ORIGIN A, ORIGIN A, 0, "both do" },
        { ORIGIN "*", ORIGIN A, 0, "any is this one" },
        { ORIGIN "https://b.example", "", 0, "another is none" },
        { ORIGIN A "|" ORIGIN A, ORIGIN A, CORS_DIFFERS_ORIGIN, "twice" },
        { ORIGIN A "|" CREDENTIALS "true", ORIGIN A, CORS_DIFFERS_CREDENTIALS,
          "credentials" },
        { ORIGIN A "|" CREDENTIALS "True", ORIGIN A, 0, "not that word" },
        { ORIGIN "*|" CREDENTIALS "true", ORIGIN "*", 0, "not with any" },
        { ORIGIN "*", ORIGIN A "|" CREDENTIALS "true",
          CORS_DIFFERS_ORIGIN | CORS_DIFFERS_CREDENTIALS, "not with any" },
        { ORIGIN "*|" CREDENTIALS "true", ORIGIN A "|" CREDENTIALS "true",
          CORS_DIFFERS_ORIGIN, "not with any" },
        { ORIGIN A "|X-A: 1", ORIGIN A "|" EXPOSE "x-a", CORS_DIFFERS_EXPOSE,
          "a header that is there" },
        { ORIGIN A "|X-A: 1|" EXPOSE "X-B", ORIGIN A "|" EXPOSE "X-C", 0,
          "headers that are not" },
        { ORIGIN A "|X-A: 1|" EXPOSE "*", ORIGIN A "|" EXPOSE "x-a", 0,
          "all is this one" },
        { ORIGIN A "|" CREDENTIALS "true|X-A: 1|" EXPOSE "*",
          ORIGIN A "|" CREDENTIALS "true|" EXPOSE "X-A", CORS_DIFFERS_EXPOSE,
          "not with credentials" },
        { ORIGIN A "|Content-Type: a|Set-Cookie: b", ORIGIN A "|" EXPOSE "*",
          0, "what pages may read anyway, and never" },
        { "X-A: 1", EXPOSE "X-A", 0, "exposed to nobody" },
        { ORIGIN A, ORIGIN A "|" VARY "Origin", CORS_DIFFERS_VARY, "Vary" },
        { ORIGIN A "|" VARY "Accept|" VARY "origin",
          ORIGIN A "|" VARY "Origin", 0, "Vary in two lines" },
        { ORIGIN A "|" VARY "*", ORIGIN A "|" VARY "Origin", 0, "Vary: *" },
        { ORIGIN A "|" VARY "Origin", ORIGIN A, 0, "caches know more today" },
        { "", ORIGIN A "|" VARY "Origin",
          CORS_DIFFERS_ORIGIN | CORS_DIFFERS_VARY, "both" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_response_t today = response_of(200, rows[i].today, *state);
        cors_response_t then = response_of(200, rows[i].then, *state);

        check_number(rows[i].today, cors_compare(&facts, &today, &then),
                     rows[i].differs, rows[i].reason);
    }
}

static void compares_preflights(void **state)
{
    static const struct {
        const char *method;
        const char *names;
        const char *today;
        const char *then;
        int status;
        unsigned int differs;
        const char *reason;
    } rows[] = {
        { "PUT", NULL, METHODS "PUT", METHODS "GET, PUT", 200, 0,
          "both have it" },
        { "PUT", NULL, METHODS "put", METHODS "PUT", 200, CORS_DIFFERS_METHODS,
          "methods have a case" },
        { "GET", NULL, "X: y", METHODS "PUT", 200, 0, "GET needs none" },
        { "PUT", NULL, METHODS "GET", METHODS "*", 200, CORS_DIFFERS_METHODS,
          "any" },
        { "PUT", NULL, METHODS "PUT", METHODS "PUT", 404, CORS_DIFFERS_STATUS,
          "no success" },
        { "PUT", NULL, "X: y", METHODS "PUT", 302, CORS_DIFFERS_STATUS,
          "the status comes first" },
        { "PUT", "x-a,x-b", METHODS "PUT|" NAMES "X-A|" NAMES "X-B",
          METHODS "PUT|" NAMES "x-a,x-b", 204, 0,
          "in any case, in two lines" },
        { "PUT", "x-a,x-b", METHODS "PUT|" NAMES "X-A",
          METHODS "PUT|" NAMES "x-a,x-b", 204, CORS_DIFFERS_HEADERS,
          "one lacks" },
        { "PUT", "authorization", METHODS "PUT|" NAMES "*",
          METHODS "PUT|" NAMES "Authorization", 204, CORS_DIFFERS_HEADERS,
          "not with any" },
        { "PUT", "x-a", NAMES "*", METHODS "PUT|" NAMES "x-a", 204,
          CORS_DIFFERS_METHODS, "any has the name" },
        { "PUT", "x-a", "X: y", METHODS "PUT|" NAMES "x-a", 204,
          CORS_DIFFERS_METHODS | CORS_DIFFERS_HEADERS, "both" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_facts_t facts = { A, rows[i].method, rows[i].names };
        cors_response_t today = response_of(
            rows[i].status,
            apr_pstrcat(*state, ORIGIN A "|", rows[i].today, NULL), *state);
        cors_response_t then = response_of(
            204, apr_pstrcat(*state, ORIGIN A "|", rows[i].then, NULL),
            *state);

        check_number(rows[i].today, cors_compare(&facts, &today, &then),
                     rows[i].differs, rows[i].reason);
    }
}

/* Neither status is a success: a page notices nothing else. */
static void ignores_failures(void **state)
{
    cors_facts_t facts = { A, "PUT" };
    cors_response_t today = response_of(403, "X: y", *state);
    cors_response_t then = response_of(403, ORIGIN A, *state);

    assert_int_equal(cors_compare(&facts, &today, &then), 0);
    assert_string_equal(cors_response_value(&then, CORS_DIFFERS_ORIGIN_NUMBER),
                        A);
    assert_null(cors_response_value(&today, CORS_DIFFERS_ORIGIN_NUMBER));
    assert_string_equal(cors_difference_names[CORS_DIFFERS_VARY_NUMBER],
                        "Vary");
}

/* A client that asks for thousands of names gets no more of the server's time
 * than one that asks for 64. */
static void ends(void **state)
{
    char *many = apr_palloc(*state, 20001);
    cors_facts_t facts = { A, "PUT", many };
    cors_response_t today = response_of(204, ORIGIN A "|" METHODS "PUT",
                                        *state);
    cors_response_t then = today;
    int i;

    for (i = 0; i < 20000; i += 2) {
        many[i] = 'a';
        many[i + 1] = ',';
    }
    memcpy(many + 200, "x", 1);
    many[20000] = '\0';
    then.names = "a";
    today.names = "a,x";
    assert_int_equal(cors_compare(&facts, &today, &then), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(compares_responses),
                                        TEST(compares_preflights),
                                        TEST(ignores_failures), TEST(ends) };

    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
