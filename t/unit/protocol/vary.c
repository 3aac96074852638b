/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include "protocol/vary.h"

static apr_pool_t *pool;

static apr_table_t *lines(const char *text, apr_pool_t *p)
{
    apr_table_t *table = apr_table_make(p, 2);
    char *state;
    char *line = apr_strtok(apr_pstrdup(p, text), "|", &state);

    for (; line; line = apr_strtok(NULL, "|", &state)) {
        apr_table_addn(table, "Vary", line);
    }
    apr_table_addn(table, "Server", "Apache");
    return table;
}

static int join_line(void *joined, const char *name, const char *value)
{
    const char **text = joined;

    *text = *text ? apr_pstrcat(pool, *text, "|", value, NULL) : value;
    return 1;
}

static const char *text_of(const apr_table_t *table)
{
    const char *text = NULL;

    apr_table_do(join_line, &text, table, "Vary", NULL);
    return text ? text : "";
}

static void merges(void **state)
{
    static const struct {
        const char *out;
        const char *err;
        const char *value;
        const char *out_after;
        const char *err_after;
    } rows[] = {
        { "", "", "Origin", "Origin", "" },
        { "Origin", "", "Origin", "Origin", "" },
        { "origin", "", "Origin", "origin", "" },
        { "Accept-Encoding", "", "Origin", "Accept-Encoding, Origin", "" },
        { "Accept|Cookie", "", "Origin", "Accept, Cookie, Origin", "" },
        { "Accept|Origin, accept", "", "Origin", "Accept, Origin", "" },
        { "", "X-A", "Origin", "", "X-A, Origin" },
        { "Accept", "X-A", "Origin", "", "X-A, Accept, Origin" },
        { "*", "", "Origin", "*", "" },
        { "Accept, *", "", "Origin", "Accept, *", "" },
        { "Accept|*", "", "Origin", "Accept, *", "" },
        { "X-Original", "", "Origin", "X-Original, Origin", "" },
        { "Origin-X", "", "Origin", "Origin-X, Origin", "" },
        { "Origin|Origin-X", "", "Origin", "Origin, Origin-X", "" },
        { "Origin", "Accept", "Origin", "", "Accept, Origin" },
        { "", "Accept, origin", "Origin", "", "Accept, origin" },
        { "", "*", "Origin", "", "*" },
        { "", "", "Origin, Origin", "Origin", "" },
        { "Accept, ,", "", "Origin", "Accept, Origin", "" },
        { "a b", "", "Origin", "a b, Origin", "" },
        { "Accept", "", "Origin, X-B", "Accept, Origin, X-B", "" },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        apr_table_t *out = lines(rows[i].out, *state);
        apr_table_t *err = lines(rows[i].err, *state);

        cors_vary_merge(rows[i].value, out, err, *state);
        assert_string_equal(text_of(out), rows[i].out_after);
        assert_string_equal(text_of(err), rows[i].err_after);
        assert_string_equal(apr_table_get(out, "Server"), "Apache");
    }
}

static void tells_what_a_response_depends_on(void **state)
{
    cors_policy_t policy = { 0 };

    policy.origins = origins("https://a.example", *state);
    assert_string_equal(cors_vary_value(&policy, 0), "Origin");
    assert_string_equal(cors_vary_value(&policy, 1),
                        "Origin, Access-Control-Request-Method, "
                        "Access-Control-Request-Headers");
    policy.private_network = 1;
    assert_string_equal(cors_vary_value(&policy, 1),
                        "Origin, Access-Control-Request-Method, "
                        "Access-Control-Request-Headers, "
                        "Access-Control-Request-Private-Network");
    assert_string_equal(cors_vary_value(&policy, 0), "Origin");
    policy.private_network = 0;
    policy.static_origin = 1;
    assert_null(cors_vary_value(&policy, 0));
    assert_string_equal(cors_vary_value(&policy, 1),
                        "Origin, Access-Control-Request-Method, "
                        "Access-Control-Request-Headers");
    policy.private_network = 1;
    policy.origins = origins("*", *state);
    assert_null(cors_vary_value(&policy, 0));
    assert_string_equal(cors_vary_value(&policy, 1),
                        "Access-Control-Request-Method, "
                        "Access-Control-Request-Headers, "
                        "Access-Control-Request-Private-Network");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(merges), TEST(tells_what_a_response_depends_on)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
