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
                                        TEST(all) };

    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
