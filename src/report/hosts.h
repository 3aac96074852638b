/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The servers that a dump is asked to show: all, or those that answer for one
 * host name. */

#ifndef CORS_HOSTS_H
#define CORS_HOSTS_H

#include "config/finding.h"

typedef struct cors_hosts_t {
    const server_rec *main_server;
    const char *host; /* NULL: show everything */
} cors_hosts_t;

/* Reads the host of the command line: -D DUMP_CORS_HOST=a.example.  The
 * last one counts. */
cors_hosts_t cors_hosts_read(const server_rec *main_server);

/* Whether the server has the name: by ServerName or ServerAlias, wildcards
 * included. */
int cors_hosts_has(const cors_hosts_t *hosts, const server_rec *server);

/* Returns NULL if some server has the name.  Otherwise returns a message, made
 * in p, that lists the existing names. */
const char *cors_hosts_explain(const cors_hosts_t *hosts, apr_pool_t *p);

/* Visits the places that the dump shows, as cors_places_each does. */
int cors_hosts_each(const cors_hosts_t *hosts, const cors_check_t *check,
                    cors_places_fn *each, void *data);

/* Whether the finding is about a line that can hold on a server that is shown.
 */
int cors_hosts_has_finding(const cors_hosts_t *hosts,
                           const cors_finding_t *finding);

#endif
