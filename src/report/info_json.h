/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The page of CorsInfo as JSON (RFC 8259): docs/info.md has the names. */

#ifndef CORS_INFO_JSON_H
#define CORS_INFO_JSON_H

#include "report/explain.h"
#include "report/hosts.h"
#include "report/info_ask.h"

/* Writes one object.  answer is NULL where nothing is asked; wrong is what is
 * wrong with the request, or NULL. */
void cors_info_json_print(request_rec *r, const cors_check_t *check,
                          const cors_info_ask_t *ask,
                          const cors_answer_t *answer, const char *wrong);

#endif
