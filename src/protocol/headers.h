/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The header lines that carry a decision out.
 */

#ifndef CORS_HEADERS_H
#define CORS_HEADERS_H

#include <apr_tables.h>

#include "protocol/judge.h"

/* Takes what others have put on a response off it: every Access-Control-
 * header and, where the policy sends one, Timing-Allow-Origin. */
void cors_headers_strip(const cors_policy_t *policy, apr_table_t *headers);

/* Adds what a response to anything but an answered preflight has:
 * `Vary`, and what lets the allowed origin read it.  out and err are the two
 * tables of the response; they are read for the names that "*" stands for
 * where credentials would make it a literal "*", and out is written.
 * encoded: the response will have a Content-Encoding that is in neither. */
void cors_headers_actual(const cors_policy_t *policy,
                         const cors_decision_t *decision, int encoded,
                         apr_table_t *out, const apr_table_t *err,
                         apr_pool_t *p);

/* Adds what the response to a preflight has: `Vary`, and if the verdict is
 * allowed what lets the browser go on with the request. */
void cors_headers_preflight(const cors_policy_t *policy,
                            const cors_facts_t *facts,
                            const cors_decision_t *decision, apr_table_t *out,
                            apr_pool_t *p);

/* Adds the `Vary` of either alone: what a response gets whose headers are
 * left to the back end. */
void cors_headers_vary(const cors_policy_t *policy, int preflight,
                       apr_table_t *out);

#endif
