/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The question to the page of CorsInfo: the query string of its URL. */

#ifndef CORS_INFO_ASK_H
#define CORS_INFO_ASK_H

#include "report/explain.h"

/* No value may be longer, in bytes. */
#define CORS_INFO_ASK_MAX 4096

/* X(value, word, type): the formats. */
#define CORS_INFO_FORMATS(X)                                        \
    X(CORS_INFO_HTML, "html", "text/html; charset=utf-8")           \
    X(CORS_INFO_JSON, "json", "application/json")                   \
    X(CORS_INFO_OPENMETRICS, "openmetrics",                         \
      "application/openmetrics-text; version=1.0.0; charset=utf-8") \
    X(CORS_INFO_PROMETHEUS, "prometheus",                           \
      "text/plain; version=0.0.4; charset=utf-8")

typedef enum {
#define X(value, word, type) value,
    CORS_INFO_FORMATS(X)
#undef X
} cors_info_format_e;

/* The values as they were sent, "" if they were not. */
typedef struct cors_info_ask_t {
    const char *url;
    const char *origin;
    const char *method;
    const char *header; /* each "name" or "name: value", a line each */
    const char *host;   /* whose policies to show; NULL: all */
    int credentials;
    cors_info_format_e format;
    const char *wrong; /* what is wrong with the query, a sentence, or NULL */
} cors_info_ask_t;

/* Returns the Content-Type of the format. */
const char *cors_info_media_type(cors_info_format_e format);

/* Reads the query string and the header Accept.  Made in r->pool. */
void cors_info_ask_read(request_rec *r, cors_info_ask_t *ask);

/* Whether a URL is asked about, and the query can be understood. */
int cors_info_ask_is_question(const cors_info_ask_t *ask);

/* Makes the question in p. */
cors_question_t cors_info_ask_question(const cors_info_ask_t *ask,
                                       const request_rec *r, apr_pool_t *p);

#endif
