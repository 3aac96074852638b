/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The sentences that the consoles of browsers print (docs/console.md). */

#ifndef CORS_SENTENCE_H
#define CORS_SENTENCE_H

#include "protocol/browser.h"

/* The fault that the sentence is about, and its place. */
typedef struct cors_blocked_t {
    cors_browser_e why;
    int is_preflight;
    int status; /* 0: not known */
    const char *url;
    const char *origin; /* of the page */
    const char *method;
    const char *header; /* CORS_BROWSER_HEADER: its name, in lower case */
    const apr_table_t *headers; /* that the script sets */
    const char *allowed;        /* CORS_BROWSER_OTHER_ORIGIN: the other one */
} cors_blocked_t;

/* Return the sentence, made in p; NULL if the console stays empty. */
const char *cors_sentence_chromium(const cors_blocked_t *blocked,
                                   apr_pool_t *p);
const char *cors_sentence_firefox(const cors_blocked_t *blocked,
                                  apr_pool_t *p);
const char *cors_sentence_webkit(const cors_blocked_t *blocked, apr_pool_t *p);

#endif
