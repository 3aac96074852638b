/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A snapshot as the text that Prometheus scrapes. */

#ifndef CORS_METRICS_H
#define CORS_METRICS_H

#include "observe/snapshot.h"

/* The two forms differ in what a counter's family is called, and in the line
 * at the end. */
typedef enum {
    CORS_METRICS_PLAIN, /* text/plain; version=0.0.4 */
    CORS_METRICS_OPEN   /* application/openmetrics-text; version=1.0.0 */
} cors_metrics_e;

/* Takes a piece of text. */
typedef void cors_metrics_put_fn(void *to, const char *text);

/* Puts the numbers of each host and of each set, line by line.  The names of
 * the hosts must be UTF-8.  The origins are left out: who sends requests would
 * decide how many series there are.  What is put lives as long as p. */
void cors_metrics_write(const cors_snapshot_t *snapshot, cors_metrics_e form,
                        cors_metrics_put_fn *put, void *to, apr_pool_t *p);

#endif
