/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Where a policy holds: a server, a virtual host or a section in it, with all
 * that is merged there before any request comes.
 */

#ifndef CORS_PLACES_H
#define CORS_PLACES_H

#include "module/module.h"
#include "policy/policy.h"

typedef struct cors_place_t {
    const server_rec *server;
    const ap_directive_t *section; /* <Location> and so on; NULL: the whole
                                    * server or virtual host */
    const cors_policy_t *policy;   /* as it merges here */
} cors_place_t;

/* Every place that has a directive of ours, as cors_place_t: in the order of
 * the configuration, those of the main server first.  Its sections come once
 * more for each virtual host that has directives of its own, since they are
 * laid over these.  Made in p. */
const apr_array_header_t *cors_places_find(const server_rec *main_server,
                                           apr_pool_t *p);

/* What merges for a line that stands in the section, or at the level of the
 * whole server if it is NULL or <VirtualHost>.  Made in p. */
const cors_policy_t *cors_place_policy(const server_rec *server,
                                       const ap_directive_t *section,
                                       apr_pool_t *p);

/* The place in words, with the lines that begin it, made in p: "<Location
 * /api> (line 3 of x.conf) in the main server". */
const char *cors_place_name(const cors_place_t *place, apr_pool_t *p);

#endif
