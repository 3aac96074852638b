/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The response that a trial's request gets: what request/filter.c sends, found
 * without sending it. */

#ifndef CORS_EXCHANGE_H
#define CORS_EXCHANGE_H

#include "report/explain.h"
#include "request/trial.h"

/* Sets all of the exchange but why.  The headers are made in p. */
void cors_exchange_set(cors_exchange_t *exchange, const cors_trial_t *trial,
                       apr_pool_t *p);

#endif
