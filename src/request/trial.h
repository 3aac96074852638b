/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A request that nobody has sent, made to see what would become of one.
 *
 * httpd's own walks find the server, the sections and the policy.  The trial
 * ends before the first check of access and before any handler: nothing is
 * asked of a back end, written or logged by this module.
 */

#ifndef CORS_TRIAL_H
#define CORS_TRIAL_H

#include "module/request.h"

/* The request to try. */
typedef struct cors_trial_ask_t {
    server_rec *server;      /* the main server */
    apr_sockaddr_t *address; /* where the request arrives */
    const char *host;        /* Host */
    const char *method;
    const char *path; /* with the query */
    const apr_table_t *headers;
} cors_trial_ask_t;

typedef struct cors_trial_t {
    cors_request_t cors; /* what judging comes to.  First: request_config
                          * points here while the request is on its way. */
    request_rec *r;
    int status;           /* the status of a request that ends before it is
                           * judged, else 0 */
    const char *location; /* where a redirect leads, or NULL */
    char *proxied;        /* the file name of a proxied request that rewriting
                           * has made, to go on with; else NULL */
    const char *unread;   /* the .htaccess file that httpd could not read, or
                           * NULL */
    const char *unread_why; /* in httpd's words */
} cors_trial_t;

/* Sees that trials end.  Call it only where trials are made: the hook costs
 * each request some steps. */
void cors_trial_register(void);

/* Sees besides that trials work while httpd tests the configuration, when
 * modules are not ready for requests. */
void cors_trial_register_in_test(void);

/* Made in p. */
cors_trial_t *cors_trial_run(const cors_trial_ask_t *ask, apr_pool_t *p);

#endif
