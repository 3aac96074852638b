/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Refreshing: which process reads a source, and when.  Each process has a
 * thread of mod_watchdog that looks once a second whether a set is due.  The
 * first process to find a set due takes the lock of the set's memory, reads
 * and publishes.  A process that dies while it reads leaves nothing behind:
 * the next to look reads again. */

#ifndef CORS_REFRESH_H
#define CORS_REFRESH_H

#include "module/module.h"

/* Whether this httpd has mod_watchdog. */
int cors_refresh_has_watchdog(void);

void cors_refresh_register_hooks(apr_pool_t *p);

#endif
