/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/info_ask.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

/* X(name): the parameters that are texts. */
#define TEXTS(X) X(url) X(origin) X(method) X(header)

static const struct {
    const char *word;
    const char *media;
} formats[] = {
#define X(value, word, type) { word, type },
    CORS_INFO_FORMATS(X)
#undef X
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

const char *cors_info_media_type(cors_info_format_e format)
{
    return formats[format].media;
}

/* State of the reading. */
typedef struct ask_t {
    cors_info_ask_t *ask;
    apr_table_t *seen;
    apr_pool_t *p;
} ask_t;

static const char *set_format(ask_t *reading, const char *value)
{
    size_t i;

    for (i = 0; i < FORMATS; i++) {
        if (strcmp(formats[i].word, value) == 0) {
            reading->ask->format = (cors_info_format_e)i;
            return NULL;
        }
    }
    return apr_psprintf(reading->p, "there is no format '%s'", value);
}

static const char *set_credentials(ask_t *reading, const char *value)
{
    reading->ask->credentials = strcmp(value, "on") == 0;
    return reading->ask->credentials || strcmp(value, "off") == 0
               ? NULL
               : apr_psprintf(reading->p,
                              "credentials is on or off, and not '%s'", value);
}

/* Returns a sentence if the value is wrong. */
static const char *set(ask_t *reading, const char *name, const char *value)
{
    cors_info_ask_t *ask = reading->ask;

#define X(text)                     \
    if (strcmp(name, #text) == 0) { \
        ask->text = value;          \
        return NULL;                \
    }
    TEXTS(X)
#undef X
    if (strcmp(name, "host") == 0) {
        ask->host = *value ? value : NULL;
        return NULL;
    }
    if (strcmp(name, "format") == 0) {
        return set_format(reading, value);
    }
    if (strcmp(name, "credentials") == 0) {
        return set_credentials(reading, value);
    }
    return apr_psprintf(reading->p, "there is no parameter '%s'", name);
}

/* Several headers may be given, as in cors-explain. */
static const char *add(ask_t *reading, const char *name, const char *value)
{
    if (strlen(value) > CORS_INFO_ASK_MAX) {
        return apr_psprintf(reading->p, "%s has more than %d bytes", name,
                            CORS_INFO_ASK_MAX);
    }
    if (apr_table_get(reading->seen, name)) {
        if (strcmp(name, "header") != 0) {
            return apr_psprintf(reading->p, "%s is given twice", name);
        }
        value = apr_pstrcat(reading->p, reading->ask->header, "\n", value,
                            NULL);
    }
    apr_table_setn(reading->seen, name, "");
    return set(reading, name, value);
}

/* Reads one name and value.  Returns a sentence if they are wrong. */
static const char *read_pair(ask_t *reading, char *pair)
{
    char *value = strchr(pair, '=');

    if (value) {
        *value++ = '\0';
    }
    else {
        value = pair + strlen(pair);
    }
    if (ap_unescape_urlencoded(pair) != OK
        || ap_unescape_urlencoded(value) != OK) {
        return "the query has a % that two hexadecimal digits do not follow, "
               "or %00";
    }
    return *pair ? add(reading, pair, value) : NULL;
}

/* Returns how much the client wants the media type, in thousandths. */
static int quality(const char *accept, const char *media, apr_pool_t *p)
{
    size_t len = strcspn(media, ";");
    char *rest = apr_pstrdup(p, accept);
    const char *range;

    while ((range = apr_strtok(rest, ",", &rest)) != NULL) {
        const char *q = ap_strcasestr(range, ";q=");

        range += strspn(range, " \t");
        if (strncasecmp(range, media, len) == 0
            && strchr(" \t;", range[len])) {
            return q ? (int)(strtod(q + 3, NULL) * 1000) : 1000;
        }
    }
    return 0;
}

static cors_info_format_e accepted(const request_rec *r)
{
    const char *accept = apr_table_get(r->headers_in, "Accept");
    size_t best = 0;
    size_t i;

    for (i = 1; accept && i < FORMATS; i++) {
        if (quality(accept, formats[i].media, r->pool)
            > quality(accept, formats[best].media, r->pool)) {
            best = i;
        }
    }
    return (cors_info_format_e)best;
}

void cors_info_ask_read(request_rec *r, cors_info_ask_t *ask)
{
    ask_t reading = { NULL, apr_table_make(r->pool, 8), r->pool };
    char *rest = apr_pstrdup(r->pool, r->args ? r->args : "");
    char *pair;

    memset(ask, 0, sizeof(*ask));
#define X(name) ask->name = "";
    TEXTS(X)
#undef X
    ask->format = accepted(r);
    reading.ask = ask;
    while ((pair = apr_strtok(rest, "&", &rest)) != NULL) {
        const char *wrong = read_pair(&reading, pair);

        if (!ask->wrong) {
            ask->wrong = wrong;
        }
    }
}

int cors_info_ask_is_question(const cors_info_ask_t *ask)
{
    return *ask->url && !ask->wrong;
}

cors_question_t cors_info_ask_question(const cors_info_ask_t *ask,
                                       const request_rec *r, apr_pool_t *p)
{
    cors_question_t question = { *ask->method ? ask->method : "GET",
                                 ask->url,
                                 *ask->origin ? ask->origin : NULL,
                                 apr_table_make(p, 8),
                                 ask->credentials,
                                 r->connection->local_ip };
    char *rest = apr_pstrdup(p, ask->header);
    const char *line;

    while ((line = apr_strtok(rest, "\r\n", &rest)) != NULL) {
        if (line[strspn(line, " \t")]) {
            cors_question_add_header(&question, line);
        }
    }
    return question;
}
