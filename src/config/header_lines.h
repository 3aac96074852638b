/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Lines of mod_headers that a policy makes useless. */

#ifndef CORS_HEADER_LINES_H
#define CORS_HEADER_LINES_H

#include "config/walk.h"

/* Check one line: Header, RequestHeader. */
void cors_header_lines_check(cors_walk_t *walk, const ap_directive_t *node);
void cors_header_lines_check_request(cors_walk_t *walk,
                                     const ap_directive_t *node);

#endif
