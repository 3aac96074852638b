/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The sets on the page of CorsInfo: their sources, lists and failures. */

#ifndef CORS_INFO_SETS_H
#define CORS_INFO_SETS_H

#include <apr_tables.h>

#include "module/module.h"

/* Writes a section about the sets, an array of cors_set_state_t; nothing if
 * there are none. */
void cors_info_sets_print(request_rec *r, const apr_array_header_t *states);

#endif
