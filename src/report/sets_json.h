/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The sets as JSON (RFC 8259): docs/checking.md has the names. */

#ifndef CORS_SETS_JSON_H
#define CORS_SETS_JSON_H

#include <apr_pools.h>
#include <jansson.h>

/* Returns an array of all sets that the caller releases.  Uses p for the
 * making alone. */
json_t *cors_sets_json(apr_pool_t *p);

#endif
