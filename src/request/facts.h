/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Header fields of a request -> cors_facts_t.  Nothing else reads them. */

#ifndef CORS_FACTS_H
#define CORS_FACTS_H

#include "module/module.h"
#include "protocol/judge.h"

/* Writes all of *facts; they point into r->headers_in. */
void cors_facts_gather(const request_rec *r, cors_facts_t *facts);

#endif
