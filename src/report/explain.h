/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* An explanation: what becomes of one request of a page, and why.
 * cors-explain and the page of CorsInfo show this model.  Trials
 * (request/trial.h) find what the server does, and protocol/browser.h finds
 * what a browser makes of the responses.
 */

#ifndef CORS_EXPLAIN_H
#define CORS_EXPLAIN_H

#include "module/line.h"
#include "report/values.h"

typedef struct cors_question_t {
    const char *method;
    const char *url;
    const char *origin;   /* of the page; NULL: no page sends the request */
    apr_table_t *headers; /* that its script sets; an empty value is not
                           * known */
    int credentials;      /* cookies and the like are sent along */
    const char *here;     /* an address of this server, or NULL */
} cors_question_t;

/* X(value, word): what it comes to. */
#define CORS_OUTCOMES(X)               \
    X(CORS_OUTCOME_ALLOWED, "allowed") \
    X(CORS_OUTCOME_REFUSED, "refused") \
    X(CORS_OUTCOME_UNKNOWN, "unknown") \
    X(CORS_OUTCOME_WRONG, "wrong")

typedef enum {
#define X(value, word) value,
    CORS_OUTCOMES(X)
#undef X
} cors_outcome_e;

/* A preflight or an actual request, and its response. */
typedef struct cors_exchange_t {
    int is_sent;
    const char *why;      /* the preflight is sent, or is not */
    const char *verdict;  /* NULL where no policy holds */
    int status;           /* 0: whoever answers decides */
    apr_table_t *headers; /* of the response, those of CORS */
    const char *location; /* where the response leads, or NULL */
} cors_exchange_t;

typedef struct cors_answer_t {
    cors_question_t question; /* as a browser writes it */
    cors_outcome_e outcome;
    const char *reason;  /* a fixed word */
    const char *summary; /* a sentence */
    const char *unknown; /* what can't be told, a sentence, or NULL */
    const char *careful; /* why the answer may be about something else than
                          * was meant, a sentence, or NULL */

    const server_rec *server;
    int holds;                          /* a policy */
    const apr_array_header_t *values;   /* cors_value_t, of the policy */
    const apr_array_header_t *sections; /* ap_directive_t *, of the values */
    cors_exchange_t preflight;
    cors_exchange_t actual;
    const char *enforced; /* the word of CORS_ENFORCED, or NULL */

    const char *directive;     /* that decided, NULL if none did */
    const cors_line_t *line;   /* where it stands; NULL: its default decided */
    const char *offender;      /* the value that was refused, or NULL */
    const char *write;         /* what to write to change it, or NULL */
    apr_array_header_t *notes; /* const char *, sentences */
    const char *chromium;      /* what the consoles say, or NULL */
    const char *firefox;
    const char *webkit;
} cors_answer_t;

/* Adds a header that the page's script sets: "name: value", or "name" where
 * the value is not known.  Copies the text. */
void cors_question_add_header(cors_question_t *question, const char *text);

/* Returns the word of the outcome. */
const char *cors_outcome_word(cors_outcome_e outcome);

/* Returns the answer, made in p.  cors_trial_register() must have been called.
 */
cors_answer_t *cors_explain(server_rec *main_server,
                            const cors_question_t *question, apr_pool_t *p);

#endif
