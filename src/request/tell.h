/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Telling of a decision: counters, environment variables and the error log. */

#ifndef CORS_TELL_H
#define CORS_TELL_H

#include "module/request.h"
#include "module/store.h"
#include "protocol/compare.h"
#include "protocol/enforce.h"

/* Counts the request by its verdict.  The request must have an origin, or be
 * one that enforcement refuses. */
static inline void cors_tell_count(const request_rec *r,
                                   const cors_request_t *cors)
{
    cors_counts_add(cors_store_counts(r->server),
                    CORS_COUNT_PLACE(cors_request_is_preflight(cors),
                                     cors->decision.verdict));
}

/* Counts that enforcement refuses the request, or would. */
void cors_tell_count_enforced(const request_rec *r,
                              const cors_request_t *cors);

/* Sets CORS_REQUEST, CORS_VERDICT, CORS_ORIGIN, CORS_OFFENDER and CORS_SOURCE.
 * The request must have an origin. */
void cors_tell_variables(const request_rec *r, const cors_request_t *cors);

/* Sets CORS_ENFORCED, and CORS_VERDICT, which a request without an origin does
 * not have yet.  Enforcement must refuse the request, or would. */
void cors_tell_enforced(const request_rec *r, const cors_request_t *cors);

/* Notes a refused origin, and logs the verdict: a refused preflight at info,
 * another refused request at debug, an allowed one at trace1.  The request
 * must have an origin. */
void cors_tell_verdict(const request_rec *r, const cors_request_t *cors);

/* Notes a refused origin, and logs at info that enforcement refuses the
 * request, or would. */
void cors_tell_refusal(const request_rec *r, const cors_request_t *cors,
                       const cors_sender_t *sender);

/* Sets CORS_DIFFERS and logs at info that the response of today differs from
 * what the policy would send then.  Counts that once for a request: httpd can
 * drop a response that was compared and send an error. */
void cors_tell_differs(const request_rec *r, const cors_request_t *cors,
                       unsigned int differs, const cors_response_t *today,
                       const cors_response_t *then);

/* Logs, once in each child, the two lines that conflict, if two do: an origin
 * with a risk, or with a ceiling.  The decision must have a word. */
void cors_tell_meeting(const request_rec *r, const cors_request_t *cors);

/* Logs, once in each child, that CorsEnforce has no list to enforce. */
void cors_tell_no_list(const request_rec *r, const cors_policy_t *policy);

/* Logs at info that something else ended the preflight, or that a back end
 * answered a forwarded one: the status, and what the verdict is. */
void cors_tell_elsewhere(const request_rec *r, const cors_request_t *cors);

/* Logs which list is longer than CORS_VALUE_MAX.  Returns the status of the
 * response. */
int cors_tell_too_long(const request_rec *r, const cors_request_t *cors);

#endif
