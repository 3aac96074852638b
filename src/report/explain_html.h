/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* An explanation as HTML, for the page of CorsInfo. */

#ifndef CORS_EXPLAIN_HTML_H
#define CORS_EXPLAIN_HTML_H

#include "report/explain.h"

/* Returns the outcome as a heading: "Refused". */
const char *cors_explain_title(const cors_answer_t *answer);

/* Writes a section with the id "answer".  The question must have been
 * understood: the outcome is not CORS_OUTCOME_WRONG. */
void cors_explain_html(request_rec *r, const cors_answer_t *answer);

#endif
