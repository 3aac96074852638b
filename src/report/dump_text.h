/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* httpd -t -D DUMP_CORS: policies and findings for people. */

#ifndef CORS_DUMP_TEXT_H
#define CORS_DUMP_TEXT_H

#include <apr_file_io.h>

#include "report/hosts.h"

/* Writes the policies and findings that the dump shows, in 80
 * columns.  Policies with equal values are written once, below the names of
 * all their places.  Uses p for the writing alone. */
void cors_dump_text(apr_file_t *out, const cors_check_t *check,
                    const cors_hosts_t *hosts, apr_pool_t *p);

#endif
