/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* CorsEngine DetectionOnly: compares the response of today with the one that
 * the policy would make. */

#ifndef CORS_DIFFER_H
#define CORS_DIFFER_H

#include "module/request.h"

/* Registers the filter under its name. */
void cors_differ_register(void);

/* Adds the filter that compares the response to a request with an origin, and
 * changes nothing.  early: the request has failed before it was judged. */
void cors_differ_watch(request_rec *r, cors_request_t *cors, int early);

#endif
