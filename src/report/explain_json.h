/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* An explanation as JSON (RFC 8259): docs/explaining.md has the names. */

#ifndef CORS_EXPLAIN_JSON_H
#define CORS_EXPLAIN_JSON_H

#include <jansson.h>

#include "report/explain.h"

/* Returns an object that the caller releases.  Uses p for the making alone. */
json_t *cors_explain_json(const cors_answer_t *answer, apr_pool_t *p);

/* Reads a question from an object: method, url, origin, headers (an array of
 * "name" and "name: value") and credentials.  Returns 0 if it is none, such as
 * NULL.  Made in p. */
int cors_explain_read(const json_t *object, cors_question_t *question,
                      apr_pool_t *p);

#endif
