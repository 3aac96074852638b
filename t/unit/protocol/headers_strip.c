/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The header lines of others: which are seen, and which are taken off. */

#include "tables.h"

#include "protocol/headers.h"

static const char *names_in(const apr_table_t *table)
{
    const apr_array_header_t *lines = apr_table_elts(table);
    const char *text = "";
    int i;

    for (i = 0; i < lines->nelts; i++) {
        text = apr_pstrcat(pool, text, i ? " " : "",
                           APR_ARRAY_IDX(lines, i, apr_table_entry_t).key,
                           NULL);
    }
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

static void strips_what_others_sent(void **state)
{
    static const struct {
        const char *names;
        int timing;
        const char *left;
        const char *reason;
    } rows[] = {
        { "", 0, "", "no line" },
        { "Vary ETag", 0, "Vary ETag", "nothing to take off" },
        { AC "Allow-Origin", 0, "", "the only line" },
        { AC "Allow-Origin Vary", 0, "Vary", "the first line" },
        { "Vary " AC "Allow-Origin", 0, "Vary", "the last line" },
        { AC "A " AC "B " AC "C", 0, "", "lines that follow each other" },
        { AC "A Vary " AC "A", 0, "Vary", "a name that is there twice" },
        { AC "A " AC "A Vary " AC "B", 0, "Vary", "twice, then another" },
        { AC "B Vary " AC "A Age " AC "B", 0, "Vary Age",
          "lines that move up are looked at" },
        { "ETag " AC "A " AC "B " AC "B ETag " AC "A", 0, "ETag ETag",
          "other names are there twice, too" },
        { "access-control-allow-origin", 0, "", "in lower case" },
        { "ACCESS-CONTROL-X", 0, "", "in upper case" },
        { "AcCeSs-CoNtRoL-X", 0, "", "in any case" },
        { "Access-Control", 0, "Access-Control", "too short" },
        { "Access-Controls-X X-Access-Control-Allow-Origin", 0,
          "Access-Controls-X X-Access-Control-Allow-Origin", "like it" },
        { "Accept Accept-Ranges A Acc", 0, "Accept Accept-Ranges A Acc",
          "begin like it" },
        { "Timing-Allow-Origin", 0, "Timing-Allow-Origin",
          "the policy sends none" },
        { "Timing-Allow-Origin", 1, "", "the policy sends one" },
        { "timing-allow-origin Vary", 1, "Vary", "in any case" },
        { "TIMING-ALLOW-ORIGIN Timing-Allow", 1, "Timing-Allow",
          "in any case" },
        { "Timing-Allow-Origin " AC "A Vary Timing-Allow-Origin", 1, "Vary",
          "both" },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        apr_table_t *table = table_of(rows[i].names);
        cors_policy_t policy = { 0 };

        policy.timing_allow_origin = rows[i].timing;
        cors_headers_strip(&policy, table);
        check_text(rows[i].names, names_in(table), rows[i].left,
                   rows[i].reason);
    }
}

/* One table has several kinds of lines. */
static void sees_all_lines(void **state)
{
    static const struct {
        const char *names;
        int timing;
        int seen;
    } rows[] = {
        { "", 1, 0 },
        { AC "A Vary", 0, CORS_SEEN_CORS | CORS_SEEN_VARY },
        { "Vary " AC "A", 0, CORS_SEEN_CORS | CORS_SEEN_VARY },
        { "Vary Timing-Allow-Origin", 1, CORS_SEEN_CORS | CORS_SEEN_VARY },
        { AC "A Allow", 0, CORS_SEEN_CORS },
        { "Vary Trailer", 0, CORS_SEEN_VARY },
        { "! 1 4 6 \xc1 \xd4 \xd6", 1, 0 },
    };
    size_t i;

    pool = *state;
    for (i = 0; i < COUNT(rows); i++) {
        cors_policy_t policy = { 0 };

        policy.timing_allow_origin = rows[i].timing;
        check_number(
            rows[i].names,
            (unsigned long)cors_headers_seen(&policy, table_of(rows[i].names)),
            (unsigned long)rows[i].seen, "each line counts");
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(strips),
                                        TEST(strips_what_others_sent),
                                        TEST(sees), TEST(sees_all_lines) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
