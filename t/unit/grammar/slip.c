/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/slip.h"

static void tells_the_meant_scheme(void **state)
{
    static const struct {
        const char *scheme;
        const char *meant;
        const char *reason;
    } rows[] = {
        { "http", NULL, "what it is" },
        { "https", NULL, "what it is" },
        { "htps", "https", "one byte too few" },
        { "ttps", "https", "the first is missing" },
        { "htp", "http", "one byte too few" },
        { "htt", "http", "the last is missing" },
        { "hhttp", "http", "one byte too many" },
        { "htttp", "http", "one byte too many" },
        { "httpss", "https", "one byte too many" },
        { "xhttps", "https", "one byte too many, the first" },
        { "hxtps", "https", "a wrong byte" },
        { "htpps", "https", "a wrong byte" },
        { "xttp", "http", "the first is wrong" },
        { "httx", "http", "the last is wrong" },
        { "httpx", "https", "as near to both: https is meant more often" },
        { "htpts", "https", "two in the wrong order" },
        { "thtps", "https", "the first two" },
        { "httsp", "https", "the last two" },
        { "htpt", "http", "two in the wrong order" },
        { "", NULL, "nothing is alike" },
        { "h", NULL, "too little is alike" },
        { "tp", NULL, "two bytes too few" },
        { "httpsss", NULL, "two bytes too many" },
        { "pttps", "https", "a wrong byte" },
        { "ptths", NULL, "not beside each other" },
        { "app", NULL, "an application's own" },
        { "capacitor", NULL, "an application's own" },
        { "chrome-extension", NULL, "an extension's" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        check_text(
            rows[i].scheme,
            cors_slip_meant_scheme(rows[i].scheme, strlen(rows[i].scheme)),
            rows[i].meant, rows[i].reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(tells_the_meant_scheme) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
