/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* httpd -t -D DUMP_CORS_JSON: policies and findings for tools. */

#ifndef CORS_DUMP_JSON_H
#define CORS_DUMP_JSON_H

#include <apr_file_io.h>

#include "report/hosts.h"

/* Writes the policies and findings that the dump shows, as one JSON
 * object (RFC 8259).  Uses p for the writing alone. */
void cors_dump_json(apr_file_t *out, const cors_check_t *check,
                    const cors_hosts_t *hosts, apr_pool_t *p);

#endif
