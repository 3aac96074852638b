/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* httpd -t -D DUMP_CORS: policies and findings for people. */

#ifndef CORS_DUMP_TEXT_H
#define CORS_DUMP_TEXT_H

#include <apr_file_io.h>

#include "config/finding.h"

/* Writes what has been checked, in 80 columns.  p is for the writing alone. */
void cors_dump_text(apr_file_t *out, const cors_check_t *check, apr_pool_t *p);

#endif
