/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Reads the numbers out of the shared memory. */

#ifndef CORS_SNAPSHOT_H
#define CORS_SNAPSHOT_H

#include "module/store.h"
#include "observe/snapshot.h"

/* Returns what has been counted so far, or NULL where nothing can be counted.
 * Made in p. */
const cors_snapshot_t *cors_snapshot_take(apr_pool_t *p);

#endif
