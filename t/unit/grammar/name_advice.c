/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/name_advice.h"

#define COMMAS "arguments are separated by spaces, not commas"

#define BLANK                                                      \
    "a header name has no blank, and quotes make one argument of " \
    "several"

#define LEAVE ": leave it out"

static void advises(void **state)
{
    static const struct {
        const char *name;
        cors_name_kind_e kind;
        const char *message;
    } rows[] = {
        { "get", CORS_NAMES_METHODS,
          "browsers send it in upper case: write GET" },
        { "ALL", CORS_NAMES_METHODS, "* stands for every method: write *" },
        { "Any", CORS_NAMES_METHODS, "* stands for every method: write *" },
        { "all", CORS_NAMES_ALLOW_HEADERS,
          "* stands for every header: write *" },
        { "ANY", CORS_NAMES_EXPOSE_HEADERS,
          "* stands for every header: write *" },
        { "TRACE", CORS_NAMES_METHODS,
          "browsers let no script use this method: leave it out" },
        { "", CORS_NAMES_METHODS,
          "a method name is missing: leave the argument out" },
        { "GET,put", CORS_NAMES_METHODS, COMMAS ": write GET PUT" },
        { "inherit,PUT", CORS_NAMES_METHODS, COMMAS ": write inherit PUT" },
        { "GET;put;", CORS_NAMES_METHODS,
          "arguments are separated by spaces, not semicolons: write GET PUT" },
        { "GET,*", CORS_NAMES_METHODS, COMMAS },
        { "*,", CORS_NAMES_METHODS, COMMAS ": write *" },
        { "ALL,", CORS_NAMES_METHODS, COMMAS ": write *" },
        { "none,", CORS_NAMES_METHODS, COMMAS },
        { "none,", CORS_NAMES_ALLOW_HEADERS, COMMAS ": write none" },
        { "*,Authorization", CORS_NAMES_ALLOW_HEADERS,
          COMMAS ": write * Authorization" },
        { "authorization, *", CORS_NAMES_ALLOW_HEADERS,
          COMMAS ": write authorization *" },
        { "*,Authorization", CORS_NAMES_EXPOSE_HEADERS, COMMAS },
        { "*,X-A", CORS_NAMES_ALLOW_HEADERS, COMMAS },
        { "none,X-A", CORS_NAMES_ALLOW_HEADERS, COMMAS },
        { "content type, X-A", CORS_NAMES_ALLOW_HEADERS,
          COMMAS ": write Content-Type X-A" },
        { "GET,ALL", CORS_NAMES_METHODS, COMMAS },
        { "GET,none", CORS_NAMES_METHODS, COMMAS },
        { "get:", CORS_NAMES_METHODS, "a method name has no ':': write GET" },
        { "P(T", CORS_NAMES_METHODS, "a method name has no '('" LEAVE },
        { "X-A:", CORS_NAMES_ALLOW_HEADERS,
          "a header name has no ':': write X-A" },
        { "Cookie:", CORS_NAMES_ALLOW_HEADERS,
          "a header name has no ':'" LEAVE },
        { "X-A X-B", CORS_NAMES_EXPOSE_HEADERS,
          "a header name has no blank, and quotes make one argument of "
          "several: write X-A X-B" },
        { "get\tPUT ", CORS_NAMES_METHODS,
          "a method name has no blank, and quotes make one argument of "
          "several: write GET PUT" },
        { "X-A Cookie", CORS_NAMES_ALLOW_HEADERS,
          "a header name has no blank, and quotes make one argument of "
          "several" },
        { "Content Type", CORS_NAMES_ALLOW_HEADERS,
          "a header name has no blank: write Content-Type" },
        { " x \trequested with", CORS_NAMES_ALLOW_HEADERS,
          "a header name has no blank: write X-Requested-With" },
        { "Version Control", CORS_NAMES_METHODS,
          "a method name has no blank: write VERSION-CONTROL" },
        { "X-A ", CORS_NAMES_EXPOSE_HEADERS,
          "a header name has no blank: write X-A" },
        { "Authorization X-A range", CORS_NAMES_ALLOW_HEADERS,
          BLANK ": write Authorization X-A range" },
        { "* authorization", CORS_NAMES_ALLOW_HEADERS,
          BLANK ": write * authorization" },
        { "My Header", CORS_NAMES_ALLOW_HEADERS, BLANK },
        { "X-My Header", CORS_NAMES_ALLOW_HEADERS, BLANK },
        { "Accept Encoding", CORS_NAMES_ALLOW_HEADERS, BLANK },
        { " ", CORS_NAMES_METHODS,
          "a method name has no blank, and quotes make one argument of "
          "several" },
        { "Cookie", CORS_NAMES_ALLOW_HEADERS,
          "browsers let no script set this header: leave it out" },
        { "Set-Cookie", CORS_NAMES_EXPOSE_HEADERS,
          "browsers show it to no script: leave it out" },
        { "Access-Control-Max-Age", CORS_NAMES_EXPOSE_HEADERS,
          "it is a header of CORS itself, which mod_cors sends: leave it "
          "out" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_name_e rv = cors_name_check(rows[i].name, rows[i].kind);

        if (rv == CORS_NAME_OK) {
            fail_msg("%s: accepted", rows[i].name);
        }
        assert_string_equal(
            cors_advice_name(rows[i].name, rows[i].kind, rv, *state),
            rows[i].message);
    }
}

static void advises_on_length(void **state)
{
    char *name = apr_pcalloc(*state, CORS_NAME_MAX + 2);

    memset(name, 'a', CORS_NAME_MAX + 1);
    assert_string_equal(
        cors_advice_name(name, CORS_NAMES_METHODS, CORS_NAME_LONG, *state),
        "a method name has at most 8190 bytes: leave it out");
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(advises),
                                        TEST(advises_on_length) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
