/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Unknown data: data of a request, such as a cookie, that decides and that the
 * question does not give.  No trial can know such data. */

#ifndef CORS_UNKNOWN_H
#define CORS_UNKNOWN_H

#include "request/trial.h"

/* Returns a sentence about the first line that may decide otherwise for a real
 * request, made in p, or NULL if the trial tells all.  headers are those that
 * the page's script sets; an empty value is not known. */
const char *cors_unknown_find(const cors_trial_t *trial,
                              const apr_table_t *headers, apr_pool_t *p);

/* Returns the first RewriteRule of the server that may have ended the trial
 * with the status, or NULL.  Uses p for the search. */
const ap_directive_t *cors_unknown_find_rule(const cors_trial_t *trial,
                                             int status, apr_pool_t *p);

#endif
