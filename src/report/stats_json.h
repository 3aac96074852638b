/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The numbers as JSON (RFC 8259): docs/info.md has the names. */

#ifndef CORS_STATS_JSON_H
#define CORS_STATS_JSON_H

#include <jansson.h>

#include "report/snapshot.h"

/* Returns an object that the caller releases, or null for NULL: nothing is
 * counted.  Uses p for the making alone. */
json_t *cors_stats_json(const cors_snapshot_t *snapshot, apr_pool_t *p);

#endif
