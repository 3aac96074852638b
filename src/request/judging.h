/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Each request is judged once, as early as it can be.  After an internal
 * redirect the decision of the first request is taken over.
 */

#ifndef CORS_JUDGING_H
#define CORS_JUDGING_H

#include "module/request.h"

/* Judges r by the policy in r->per_dir_config, tells who is to be told, and
 * keeps the outcome with r.  Never returns NULL. */
cors_request_t *cors_request_judge(request_rec *r);

/* Returns what is kept with r, NULL if it has not been judged. */
cors_request_t *cors_request_get(const request_rec *r);

/* Returns what is known of the request that the client sent: r itself, or the
 * one that r was redirected from.  Judges it if that has not been done, which
 * is so where it failed before header_parser.  Never returns NULL. */
cors_request_t *cors_request_get_first(request_rec *r);

/* Makes r a request without a policy: its response gets no header of ours. */
void cors_request_drop(const request_rec *r);

#endif
