/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Advice: what to write so that a refused request is allowed, with the line.
 */

#ifndef CORS_REPORT_ADVICE_H
#define CORS_REPORT_ADVICE_H

#include "protocol/browser.h"
#include "request/trial.h"

/* Returns the reason of a refusal, as a clause made in p. */
const char *cors_advice_reason(const cors_decision_t *decision, apr_pool_t *p);

/* Return what to write, as a sentence made in p, or NULL if no line of this
 * module changes it: after a refusal by the policy, */
const char *cors_advice_on_refusal(const cors_trial_t *trial,
                                   const cors_page_t *page, apr_pool_t *p);

/* where nothing is sent, */
const char *cors_advice_on_no_policy(const cors_policy_t *policy,
                                     const cors_page_t *page,
                                     const server_rec *server, apr_pool_t *p);

/* and where the browser refuses what the policy allows. */
const char *cors_advice_on_browser(const cors_trial_t *trial,
                                   const cors_page_t *page, cors_browser_e why,
                                   int status, apr_pool_t *p);

/* Returns a sentence about the .htaccess file that httpd could not read:
 * trial->unread. */
const char *cors_advice_unread(const cors_trial_t *trial, apr_pool_t *p);

#endif
