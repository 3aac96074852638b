/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Parts that all reports in JSON (RFC 8259) share: text in UTF-8, lines of the
 * configuration, servers, sections and values. */

#ifndef CORS_JSON_H
#define CORS_JSON_H

#include <jansson.h>

#include "module/line.h"
#include "report/values.h"

/* Returns the text as a string, and null for NULL. */
json_t *cors_json_string(const char *text, apr_pool_t *p);

/* Puts the text into the object; NULL puts nothing. */
void cors_json_set(json_t *object, const char *name, const char *text,
                   apr_pool_t *p);

/* Puts "file" and "line" into the object. */
void cors_json_set_line(json_t *object, const cors_line_t *line,
                        apr_pool_t *p);

json_t *cors_json_server(const server_rec *server, apr_pool_t *p);

/* Returns null for NULL, the server itself. */
json_t *cors_json_section(const ap_directive_t *section, apr_pool_t *p);

/* Returns an array of cors_value_t. */
json_t *cors_json_values(const apr_array_header_t *values, apr_pool_t *p);

#endif
