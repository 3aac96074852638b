/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* TLS for connections to Redis, where hiredis has been built with it. */

#ifndef CORS_REDIS_TLS_H
#define CORS_REDIS_TLS_H

#include "sources/redis_link.h"

/* Makes what the connections of a process have in common: which certificates
 * they trust.  Returns NULL where the server has no TLS, or where that can't
 * be made: then *cause says why.  Lives as long as p. */
struct ssl_ctx_st *cors_redis_tls_make(const cors_redis_server_t *server,
                                       const char **cause, apr_pool_t *p);

/* Begins TLS on a connection to the server.  Its certificate must be for
 * server->host.  Returns 0 with link->cause set on failure. */
int cors_redis_tls_begin(cors_redis_link_t *link);

/* Returns the last error of TLS in this thread, in words that last, and has
 * OpenSSL forget it.  mod_ssl, which serves requests in this thread, would
 * take the error for its own. */
const char *cors_redis_tls_error(void);

#endif
