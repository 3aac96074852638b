/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The servers that a dump is asked to show: all, or those that answer for one
 * host name. */

#ifndef CORS_FILTER_H
#define CORS_FILTER_H

#include "config/finding.h"

typedef struct cors_filter_t {
    const server_rec *main_server;
    const char *host; /* NULL: show everything */
} cors_filter_t;

/* Returns the filter of the command line: -D DUMP_CORS_HOST=a.example.  The
 * last one counts. */
cors_filter_t cors_filter_read(const server_rec *main_server);

/* Whether the server has the name: by ServerName or ServerAlias, wildcards
 * included. */
int cors_filter_has(const cors_filter_t *filter, const server_rec *server);

/* Returns NULL if some server has the name.  Otherwise returns a message, made
 * in p, that lists the existing names. */
const char *cors_filter_explain(const cors_filter_t *filter, apr_pool_t *p);

/* Visits the places that the filter lets through, as cors_places_each does. */
int cors_filter_each(const cors_filter_t *filter, const cors_check_t *check,
                     cors_places_fn *each, void *data);

/* Whether the finding is about a line that can hold on a server that is shown.
 */
int cors_filter_has_finding(const cors_filter_t *filter,
                            const cors_finding_t *finding);

#endif
