/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Data that outlives a restart.  Only the pool of the process lives as long:
 * when the configuration is read again, everything else of the module is new.
 * A graceful restart may load another mod_cors than the one that has left
 * something, so a name says which layout the data has.
 */

#ifndef CORS_KEPT_H
#define CORS_KEPT_H

#include "module/module.h"

/* Returns what has been kept under the name, by this configuration or an
 * earlier one, or NULL. */
void *cors_kept_get(const server_rec *s, const char *name);

/* Keeps data under the name, which is copied.  data and all that it points to
 * must live in s->process->pool, or outside of all pools. */
void cors_kept_set(const server_rec *s, const char *name, void *data);

#endif
