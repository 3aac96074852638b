/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/set_options.h"

#include <string.h>

#include <apr_strings.h>

#define MEGABYTE (1024 * 1024)
#define DAY      APR_TIME_C(86400000000)

/* The defaults of the options; that of refresh= is the kind's. */
#define STALE   APR_TIME_C(3600000000)
#define TIMEOUT APR_TIME_C(200000)
#define SIZE    ((apr_size_t)256 * MEGABYTE)

/* Bytes.  The largest size= is just under 4G. */
#define SIZE_MIN         ((apr_uint64_t)MEGABYTE)
#define SIZE_MAX_WRITTEN (APR_UINT64_C(4096) * MEGABYTE)

static cors_wrong_t wrong_option(const char *sentence)
{
    return cors_wrong(CORS_CODE_SET_OPTION, sentence);
}

/* Reads a time of httpd's, from least to most. */
static cors_wrong_t read_time(const char *value, apr_interval_time_t least,
                              apr_interval_time_t most, const char *sentence,
                              apr_interval_time_t *time)
{
    apr_interval_time_t found;

    if (*value < '0' || *value > '9'
        || ap_timeout_parameter_parse(value, &found, "s") != APR_SUCCESS
        || found < least || found > most) {
        return wrong_option(sentence);
    }
    *time = found;
    return cors_right();
}

static cors_wrong_t read_refresh(const char *value, cors_source_t *source)
{
    return read_time(value, APR_TIME_C(1000000), DAY,
                     "write a time from 1s to 24h, as in refresh=30s",
                     &source->refresh);
}

/* httpd's times have no unit of days. */
static cors_wrong_t read_stale(const char *value, cors_source_t *source)
{
    const char *sentence = "write a time from 0 to 7d, as in stale=1h, or "
                           "stale=forever";
    char *end;
    apr_int64_t days = apr_strtoi64(value, &end, 10);

    if (strcasecmp(value, "forever") == 0) {
        source->stale = CORS_STALE_FOREVER;
        return cors_right();
    }
    if (*value >= '0' && *value <= '9' && strcmp(end, "d") == 0) {
        source->stale = days * DAY;
        return days >= 0 && days <= 7 ? cors_right() : wrong_option(sentence);
    }
    return read_time(value, 0, 7 * DAY, sentence, &source->stale);
}

static cors_wrong_t read_size(const char *value, cors_source_t *source)
{
    char *end;
    apr_uint64_t size = *value >= '0' && *value <= '9'
                            ? (apr_uint64_t)apr_strtoi64(value, &end, 10)
                            : 0;

    if (size && size <= SIZE_MAX_WRITTEN / MEGABYTE) {
        size *= strcmp(end, "M") == 0   ? MEGABYTE
                : strcmp(end, "G") == 0 ? 1024 * (apr_uint64_t)MEGABYTE
                                        : 0;
    }
    else {
        size = 0;
    }
    if (size < SIZE_MIN || size > SIZE_MAX_WRITTEN
        || size > (apr_uint64_t)APR_SIZE_MAX / 4) {
        return wrong_option("write a size from 1M to 4G, as in size=256M");
    }
    source->size = (apr_size_t)(size < CORS_IMAGE_SIZE_MAX
                                    ? size
                                    : CORS_IMAGE_SIZE_MAX);
    return cors_right();
}

static cors_wrong_t read_timeout(const char *value, cors_source_t *source)
{
    return read_time(value, APR_TIME_C(10000), APR_TIME_C(5000000),
                     "write a time from 10ms to 5s, as in timeout=200ms",
                     &source->timeout);
}

static cors_wrong_t read_version(const char *value, cors_source_t *source)
{
    if (!*value) {
        return wrong_option("write an SQL statement, as in "
                            "\"version=SELECT max(id) FROM cors_change\"");
    }
    source->version = value;
    return cors_right();
}

/* The kind reads the file, and says what is wrong with it. */
static cors_wrong_t read_password(const char *value, cors_source_t *source)
{
    source->password = value;
    return *value ? cors_right()
                  : wrong_option("write a file with the password in its first "
                                 "line, as in password=/etc/httpd/redis");
}

static cors_wrong_t read_ca(const char *value, cors_source_t *source)
{
    source->ca = value;
    return *value ? cors_right()
                  : wrong_option("write a file of certificates to trust, as "
                                 "in ca=/etc/httpd/ca.pem");
}

static const struct {
    const char *name;
    unsigned int bit;
    cors_wrong_t (*read)(const char *value, cors_source_t *source);
} options[] = { { "refresh=", CORS_OPTION_REFRESH, read_refresh },
                { "stale=", CORS_OPTION_STALE, read_stale },
                { "size=", CORS_OPTION_SIZE, read_size },
                { "timeout=", CORS_OPTION_TIMEOUT, read_timeout },
                { "version=", CORS_OPTION_VERSION, read_version },
                { "password=", CORS_OPTION_PASSWORD, read_password },
                { "ca=", CORS_OPTION_CA, read_ca } };

/* Returns "write refresh=, stale= or size=": the options of the kind. */
static const char *option_advice(const cors_source_kind_t *kind, apr_pool_t *p)
{
    const char *all = "";
    apr_size_t i;

    for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
        if (kind->options & options[i].bit) {
            all = apr_pstrcat(p, all, *all ? ", " : "", options[i].name, NULL);
        }
    }
    return apr_pstrcat(p, kind->prefix, ": has no such option, but ", all,
                       ": write one of these", NULL);
}

void cors_set_options_init(cors_source_t *source)
{
    source->refresh = source->kind->refresh;
    source->stale = STALE;
    source->timeout = TIMEOUT;
    source->size = SIZE;
}

cors_wrong_t cors_set_options_read(const char *arg, cors_source_t *source,
                                   apr_pool_t *p)
{
    apr_size_t i;

    for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
        apr_size_t len = strlen(options[i].name);

        if (strncasecmp(arg, options[i].name, len) == 0
            && (source->kind->options & options[i].bit)) {
            return options[i].read(arg + len, source);
        }
    }
    return wrong_option(option_advice(source->kind, p));
}
