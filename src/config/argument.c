/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/argument.h"

#include <string.h>

#include <apr_strings.h>

/* Seconds.  No browser keeps a preflight for longer than a day. */
#define MAX_AGE_MAX 86400

const char *cors_argument_append(const char *sentence, const char *word,
                                 int place, int is_last, apr_pool_t *p)
{
    const char *before = !place ? " " : is_last ? " or " : ", ";

    return apr_pstrcat(p, sentence, before, word, NULL);
}

cors_wrong_t cors_argument_choose(cmd_parms *cmd, const char *arg,
                                  const char *const *words, int *value)
{
    const char *write = "the directive has no such value: write";
    int i;

    for (i = 0; words[i]; i++) {
        if (strcasecmp(arg, words[i]) == 0) {
            *value = i;
            return cors_right();
        }
        write = cors_argument_append(write, words[i], i, !words[i + 1],
                                     cmd->temp_pool);
    }
    return cors_wrong(CORS_CODE_UNKNOWN_VALUE, write);
}

/* Reads whole seconds, by themselves or in httpd's units, into *seconds. */
static cors_wrong_t parse_seconds(const char *arg, int *seconds)
{
    static const char *const units[] = { "", "ms", "s", "mi", "min", "h" };
    const char *unit = arg + strspn(arg, "0123456789");
    apr_interval_time_t time;
    apr_size_t i = 0;

    if (*arg == '-') {
        return cors_wrong(CORS_CODE_MAX_AGE_NEGATIVE,
                          "a time can't be negative: write 0 to have no "
                          "preflight cached");
    }
    while (i < sizeof(units) / sizeof(*units) && strcmp(unit, units[i]) != 0) {
        i++;
    }
    if (unit == arg || i == sizeof(units) / sizeof(*units)) {
        return cors_wrong(CORS_CODE_MAX_AGE_FORMAT,
                          "this is not a time: write seconds, as in 600, or a "
                          "number with a unit, as in 10min or 2h, or none");
    }
    if (ap_timeout_parameter_parse(arg, &time, "s") != APR_SUCCESS
        || time > apr_time_from_sec(MAX_AGE_MAX)) {
        return cors_wrong(CORS_CODE_MAX_AGE_TOO_LONG,
                          "no browser caches a preflight for more than a day: "
                          "write 86400 or less");
    }
    if (time % APR_USEC_PER_SEC) {
        return cors_wrong(CORS_CODE_MAX_AGE_FRACTION,
                          "browsers read whole seconds only: write 1s or "
                          "more");
    }
    *seconds = (int)apr_time_sec(time);
    return cors_right();
}

cors_wrong_t cors_argument_read_age(cmd_parms *cmd, const char *arg,
                                    const char **value)
{
    int seconds = 0;
    cors_wrong_t wrong = cors_right();

    if (strcasecmp(arg, "none") == 0) {
        *value = NULL;
        return wrong;
    }
    wrong = parse_seconds(arg, &seconds);
    if (!wrong.sentence) {
        *value = apr_itoa(cmd->pool, seconds);
    }
    return wrong;
}
