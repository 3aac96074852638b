/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Lines of the configuration and the values of a policy, on the page of
 * CorsInfo. */

#ifndef CORS_INFO_LINES_H
#define CORS_INFO_LINES_H

#include "module/line.h"

/* Writes "line 3 of x.conf". */
void cors_info_line_print(request_rec *r, const cors_line_t *line);

/* Writes "Virtual host a.example" with its line, or "Main server". */
void cors_info_server_print(request_rec *r, const server_rec *server);

/* Writes "<Location /api>" with its line. */
void cors_info_section_print(request_rec *r, const ap_directive_t *section);

/* A function that writes what stands behind the values of one line. */
typedef void cors_info_after_fn(void *data, int index);

/* Writes the values, an array of cors_value_t: those of one line stand
 * together.  Writes nothing if there are none. */
void cors_info_values_print(request_rec *r, const apr_array_header_t *values);

/* Writes the values as cors_info_values_print() does, and calls `after` for
 * each line with the index of its first value. */
void cors_info_values_print_with(request_rec *r,
                                 const apr_array_header_t *values,
                                 cors_info_after_fn *after, void *data);

#endif
