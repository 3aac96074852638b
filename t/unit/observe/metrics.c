/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "observe/metrics.h"

typedef struct text_t {
    const char *text;
    apr_pool_t *p;
} text_t;

static void put(void *to, const char *piece)
{
    text_t *text = to;

    text->text = apr_pstrcat(text->p, text->text, piece, NULL);
}

/* A list that has no end, one that has, and a look-up. */
static const apr_array_header_t *make_sets(apr_pool_t *p)
{
    apr_array_header_t *three = apr_array_make(p, 3,
                                               sizeof(cors_set_numbers_t));
    cors_set_numbers_t list = { .name = "partners",
                                .refreshes = 5,
                                .failures = 2,
                                .failing = 1,
                                .origins = 12,
                                .skipped = 3,
                                .refresh = 30,
                                .read_at = 1700000001,
                                .good_until = CORS_SET_FOREVER };
    cors_set_numbers_t lookup = { .name = "shops",
                                  .is_lookup = 1,
                                  .failures = 9,
                                  .kept = 6,
                                  .asked = 7,
                                  .refused = 8 };

    *(cors_set_numbers_t *)apr_array_push(three) = list;
    *(cors_set_numbers_t *)apr_array_push(three) = lookup;
    list.name = "tenants";
    list.good_until = 1700000002;
    *(cors_set_numbers_t *)apr_array_push(three) = list;
    return three;
}

static const char *write_two(cors_metrics_e form, apr_pool_t *p)
{
    cors_host_numbers_t host = { "a.example:443" };
    cors_snapshot_t snapshot = { apr_time_from_sec(1700000000) };
    apr_array_header_t *hosts = apr_array_make(p, 2, sizeof(host));
    text_t text = { "", p };

    host.counts.of[CORS_COUNT_preflight_CORS_ALLOWED] = 7;
    host.counts.of[CORS_COUNT_refused] = 3;
    *(cors_host_numbers_t *)apr_array_push(hosts) = host;
    host.name = "b\"\\\n\xC3\xA9:*";
    *(cors_host_numbers_t *)apr_array_push(hosts) = host;
    snapshot.hosts = hosts;
    snapshot.sets = make_sets(p);
    cors_metrics_write(&snapshot, form, put, &text, p);
    return text.text;
}

static void has(const char *text, const char *line)
{
    if (!strstr(text, line)) {
        fail_msg("no line %s in:\n%s", line, text);
    }
}

/* What promtool thinks of the text.  A machine without it passes. */
static void ask_promtool(const char *text)
{
    FILE *promtool;

    /* A fixed command, found by the PATH of who runs the test. */
    /* NOLINTNEXTLINE(cert-env33-c) */
    if (system("command -v promtool >/dev/null") != 0) {
        return;
    }
    /* NOLINTNEXTLINE(cert-env33-c) */
    promtool = popen("promtool check metrics >&2", "w");
    assert_non_null(promtool);
    (void)fputs(text, promtool);
    assert_int_equal(pclose(promtool), 0);
}

static void plain(void **state)
{
    const char *text = write_two(CORS_METRICS_PLAIN, *state);

    has(text, "# TYPE mod_cors_requests_total counter\n");
    has(text, "# HELP mod_cors_requests_total ");
    has(text, "\nmod_cors_requests_total{vhost=\"a.example:443\","
              "kind=\"preflight\",outcome=\"allowed\"} 7\n");
    has(text, "\nmod_cors_enforcements_total{vhost=\"a.example:443\","
              "kind=\"enforcement\",outcome=\"refused\"} 3\n");
    has(text, "{vhost=\"b\\\"\\\\\\n\xC3\xA9:*\",kind=\"actual\","
              "outcome=\"origin-missing\"} 0\n");
    has(text, "\nmod_cors_counting_start_time_seconds 1700000000\n");
    assert_null(strstr(text, "# EOF"));
    ask_promtool(text);
}

static void open_metrics(void **state)
{
    const char *text = write_two(CORS_METRICS_OPEN, *state);

    has(text, "# TYPE mod_cors_requests counter\n# HELP mod_cors_requests ");
    has(text, "\nmod_cors_requests_total{");
    has(text, "# TYPE mod_cors_counting_start_time_seconds gauge\n");
    assert_string_equal(text + strlen(text) - 6, "# EOF\n");
}

static void sets(void **state)
{
    const char *text = write_two(CORS_METRICS_PLAIN, *state);

    has(text, "# TYPE mod_cors_set_refreshes_total counter\n");
    has(text, "\nmod_cors_set_refreshes_total{set=\"partners\"} 5\n");
    has(text, "\nmod_cors_set_failures_total{set=\"partners\"} 2\n"
              "mod_cors_set_failures_total{set=\"shops\"} 9\n"
              "mod_cors_set_failures_total{set=\"tenants\"} 2\n");
    has(text, "\nmod_cors_set_kept_answers_total{set=\"shops\"} 6\n");
    has(text, "\nmod_cors_set_questions_total{set=\"shops\"} 7\n");
    has(text, "\nmod_cors_set_questions_refused_total{set=\"shops\"} 8\n");
    has(text, "# TYPE mod_cors_set_failing gauge\n");
    has(text, "\nmod_cors_set_failing{set=\"partners\"} 1\n"
              "mod_cors_set_failing{set=\"shops\"} 0\n");
    has(text, "\nmod_cors_set_origins{set=\"partners\"} 12\n");
    has(text, "\nmod_cors_set_skipped_rows{set=\"partners\"} 3\n");
    has(text, "\nmod_cors_set_refresh_seconds{set=\"partners\"} 30\n");
    has(text, "\nmod_cors_set_read_timestamp_seconds{set=\"partners\"} "
              "1700000001\n");
    has(text, "\nmod_cors_set_good_until_timestamp_seconds{set=\"partners\"} "
              "+Inf\nmod_cors_set_good_until_timestamp_seconds"
              "{set=\"tenants\"} 1700000002\n");
    /* A look-up has no list, and a list no questions. */
    assert_null(strstr(text, "origins{set=\"shops\"}"));
    assert_null(strstr(text, "refreshes_total{set=\"shops\"}"));
    assert_null(strstr(text, "questions_total{set=\"partners\"}"));
}

/* Each number is in one family. */
static void all(void **state)
{
    const char *text = write_two(CORS_METRICS_PLAIN, *state);
    int count = 0;

    for (; (text = strstr(text, "{vhost=\"a.")); text++) {
        count++;
    }
    assert_int_equal(count, CORS_COUNT_ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(plain), TEST(open_metrics),
                                        TEST(sets), TEST(all) };

    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
