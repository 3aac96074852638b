/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* httpd -t -D DUMP_CORS_JSON: policies and findings for tools. */

#ifndef CORS_DUMP_JSON_H
#define CORS_DUMP_JSON_H

#include <apr_file_io.h>
#include <jansson.h>

#include "report/hosts.h"

/* Returns the policies and findings that the dump shows, an object that the
 * caller releases.  Of the places it has `most`, and says whether these are
 * all; 0 is no limit.  Uses p for the making alone. */
json_t *cors_dump_json_make(const cors_check_t *check,
                            const cors_hosts_t *hosts, size_t most,
                            apr_pool_t *p);

/* Writes the policies and findings that the dump shows, as one JSON
 * object (RFC 8259).  Uses p for the writing alone. */
void cors_dump_json(apr_file_t *out, const cors_check_t *check,
                    const cors_hosts_t *hosts, apr_pool_t *p);

#endif
