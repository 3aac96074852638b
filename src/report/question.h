/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Reads a question: what a browser makes of it, and where it leads. */

#ifndef CORS_QUESTION_H
#define CORS_QUESTION_H

#include "protocol/browser.h"
#include "report/explain.h"
#include "request/trial.h"

typedef struct cors_asked_t {
    cors_page_t page;
    cors_trial_ask_t trial; /* without method and headers */
    const char *own;        /* the origin of the URL, well-formed */
    const char *host;       /* of the URL, without the port */
    int is_address;         /* the host, which is no name */
} cors_asked_t;

/* Writes *asked, made in p and as long-lived as *question.  Writes method and
 * URL as browsers do into *question, and adds sentences about what was taken
 * for granted to notes.  Returns a sentence if no browser sends the request;
 * *asked is then of no use. */
const char *cors_question_read(cors_question_t *question,
                               server_rec *main_server, cors_asked_t *asked,
                               apr_array_header_t *notes, apr_pool_t *p);

#endif
