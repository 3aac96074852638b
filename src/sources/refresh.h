/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Who reads a source, and when.  Each process has a thread of mod_watchdog
 * that looks once a second whether a set is due.  Whoever finds that first
 * takes the lock of the set's memory, reads and publishes.  A process that
 * dies while it reads leaves nothing behind: the next to look reads again. */

#ifndef CORS_REFRESH_H
#define CORS_REFRESH_H

#include "sources/source.h"

/* Reads the whole list of a source once, for configtest.  The result lives as
 * long as p; *status is what read() has come to.  Returns NULL if the system
 * has no memory. */
const cors_rows_t *cors_refresh_try(cors_source_t *source, cors_read_e *status,
                                    apr_pool_t *p);

/* Reads the sets that are files into memory of this process alone, made in p,
 * for a process that only tests the configuration.  A set that can't be read
 * is left without a list. */
void cors_refresh_load(apr_pool_t *p);

/* Whether this httpd has mod_watchdog. */
int cors_refresh_has_watchdog(void);

void cors_refresh_register_hooks(apr_pool_t *p);

#endif
