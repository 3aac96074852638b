/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include <regex.h>

#include "grammar/regex.h"

#define A      "https://a.example"
#define BELOW  "https://*.a.example"
#define EITHER A " " BELOW

static const struct {
    const char *regex;
    const char *mended; /* NULL: it can't be told */
} rows[] = {
    { ".*", "*" },
    { ".+", "*" },
    { "^(.*)$", "*" },
    { "^(.+)$", "*" },
    { "^https://a\\.example$", A },
    { "^https://A\\.Example$", A },
    { "https?://a\\.example", A },
    { "^http(s)?://a\\.example$", A },
    { "^(http|https)://a\\.example$", A },
    { "^(https|http)://a\\.example$", A },
    { "^http://a\\.example:8080$", "http://a.example:8080" },
    { "^https://a\\-b\\.example$", "https://a-b.example" },
    { "^https://(.*\\.)?a\\.example$", EITHER },
    { "^https://(.+\\.)?a\\.example$", EITHER },
    { "^https://(?:.*\\.)?a\\.example$", EITHER },
    { "^https://(?:.+\\.)?a\\.example$", EITHER },
    { "(.+\\.)?a\\.example$", EITHER },
    { "^https://(.*)\\.a\\.example$", BELOW },
    { "^https://(.+)\\.a\\.example$", BELOW },
    { "^https://(.*\\.)a\\.example$", BELOW },
    { "^https://(.+\\.)a\\.example$", BELOW },
    { "^https://.*\\.a\\.example$", BELOW },
    { "^https://.+\\.a\\.example$", BELOW },
    { "^https://.*.a.example$", BELOW },
    { "^https://.+.a.example$", BELOW },
    { "\\.a\\.example$", BELOW },
    { "^.*\\.a\\.example$", BELOW },
    { "^https://a\\.example(:[0-9]+)?$", A ":*" },
    { "^https://a\\.example(:[0-9]*)?$", A ":*" },
    { "^https://a\\.example(:\\d+)?$", A ":*" },
    { "^https://a\\.example(?::[0-9]+)?$", A ":*" },
    { "^https://a\\.example(?::\\d+)?$", A ":*" },
    { "/^https:\\/\\/a\\.example$/", A },
    { "/^https:\\/\\/a\\.example$/i", A },

    { "^a\\.example$", NULL },
    { "^\\.a\\.example$", NULL },
    { "^(.+\\.)?a\\.example$", NULL },
    { "a\\.example$", NULL },
    { "^https://[a-z]+\\.a\\.example$", NULL },
    { "^https://(a|b)\\.example$", NULL },
    { "^https://.*a\\.example$", NULL },
    { "^https://a\\.example:[0-9]+$", NULL },
    { "^https://a\\.example:443$", NULL },
    { "^https://a\\.example:", NULL },
    { "^https://a?\\.example$", NULL },
    { "^https://ab*\\.example$", NULL },
    { "^ftp://a\\.example$", NULL },
    { "^https://", NULL },
    { "^https://.*", NULL },
    { "^", NULL },
    { "$", NULL },
    { "/", NULL },
    { "//", NULL },
    { "", NULL },
};

static void mends(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const char *mended = cors_regex_mend(rows[i].regex, *state);

        if (!mended != !rows[i].mended
            || (mended && strcmp(mended, rows[i].mended) != 0)) {
            fail_msg("%s: %s", rows[i].regex, mended ? mended : "NULL");
        }
    }
}

/* One origin that the pattern allows: label stands for "*.", port for ":*". */
static const char *example(const char *pattern, const char *label,
                           const char *port, apr_pool_t *p)
{
    const char *wild = strstr(pattern, "*.");
    const char *any = strstr(pattern, ":*");
    const char *host = wild ? wild + 2 : pattern;
    size_t len = any ? (size_t)(any - host) : strlen(host);

    return apr_psprintf(p, "%.*s%s%.*s%s", wild ? (int)(wild - pattern) : 0,
                        pattern, wild ? label : "", (int)len, host,
                        any ? port : "");
}

/* What a pattern allows, the expression matches. */
static void is_not_wider(const char *regex, const char *pattern, apr_pool_t *p)
{
    static const char *const labels[] = { "b.", "b.c.", "b-1.c.d." };
    static const char *const ports[] = { "", ":1", ":65535" };
    regex_t compiled;
    size_t i;

    assert_int_equal(regcomp(&compiled, regex, REG_EXTENDED | REG_ICASE), 0);
    for (i = 0; i < 9; i++) {
        const char *origin = example(pattern, labels[i / 3], ports[i % 3], p);

        if (regexec(&compiled, origin, 0, NULL, 0) != 0) {
            fail_msg("%s does not match %s", regex, origin);
        }
    }
    regfree(&compiled);
}

static void never_allows_more(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        /* regcomp() knows neither (?: nor \d, and takes no slashes. */
        int is_posix = !strstr(rows[i].regex, "(?:")
                       && !strstr(rows[i].regex, "\\d")
                       && rows[i].regex[0] != '/';
        char *last = NULL;
        char *pattern;

        if (!rows[i].mended || !is_posix || !strcmp(rows[i].mended, "*")) {
            continue;
        }
        pattern = apr_strtok(apr_pstrdup(*state, rows[i].mended), " ", &last);
        for (; pattern; pattern = apr_strtok(NULL, " ", &last)) {
            is_not_wider(rows[i].regex, pattern, *state);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(mends), TEST(never_allows_more) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
