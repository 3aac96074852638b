/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Where a URL reaches this server: the address and port that httpd chooses a
 * virtual host by.  Nothing is looked up: names are those of the
 * configuration. */

#ifndef CORS_REACH_H
#define CORS_REACH_H

#include <apr_network_io.h>

#include "report/hosts.h"

typedef struct cors_reach_t {
    apr_sockaddr_t *address;
    const char *note; /* what was taken for granted, or NULL */
} cors_reach_t;

/* Returns where the URL's host and port lead.  here is an address to take
 * where the configuration names none, or NULL.  Made in p. */
cors_reach_t cors_reach_find(const server_rec *main_server, const char *host,
                             int port, const char *here, apr_pool_t *p);

#endif
