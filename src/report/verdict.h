/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The verdict on a request: what trials and a browser come to together, the
 * line that decided, and what to write. */

#ifndef CORS_VERDICT_H
#define CORS_VERDICT_H

#include "protocol/browser.h"
#include "report/explain.h"
#include "request/trial.h"

/* Sets outcome, reason, summary, directive, line, offender, write, chromium,
 * firefox and webkit of the answer, whose other fields are set.  preflight is
 * NULL where the browser sends none.  is_own: the page is the server's own. */
void cors_verdict_find(cors_answer_t *answer, const cors_page_t *page,
                       const cors_trial_t *preflight,
                       const cors_trial_t *actual, int is_own, apr_pool_t *p);

#endif
