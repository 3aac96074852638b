/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A connection to Redis, by hiredis, with one deadline for all that a question
 * takes: connecting, TLS, the password and the question itself.
 *
 * The time-outs of hiredis hold for each system call.  A server that sends a
 * byte now and then could hold up a request for much longer. */

#ifndef CORS_REDIS_LINK_H
#define CORS_REDIS_LINK_H

#include <apr_network_io.h>
#include <apr_pools.h>
#include <apr_time.h>

/* Bytes of a cause, with its NUL. */
#define CORS_REDIS_CAUSE_MAX 200

/* The things that a server requires of whoever connects. */
typedef struct cors_redis_server_t {
    const char *host; /* as written, without brackets */
    apr_port_t port;
    const char *user;     /* NULL: that of the server's default */
    const char *password; /* NULL: it asks for none */
    int has_tls;
    const char *ca; /* a file of certificates to trust, NULL: the system's */
} cors_redis_server_t;

struct redisContext;
struct ssl_ctx_st;

/* Used by one thread at a time. */
typedef struct cors_redis_link_t {
    const cors_redis_server_t *server;
    struct ssl_ctx_st *tls;       /* NULL: without TLS */
    struct redisContext *context; /* NULL: not connected */
    int is_cut; /* the server closed the connection, and answered nothing */
    int is_refused; /* nobody answers at the address: another may be asked */
    char cause[CORS_REDIS_CAUSE_MAX]; /* why the last question failed */
} cors_redis_link_t;

/* The time that deadlines are of, in microseconds: it never goes back. */
apr_time_t cors_redis_now(void);

/* Returns what has to be installed for such a connection, or NULL. */
const char *cors_redis_link_needs(int has_tls);

/* Asks whether the key exists, on the connection there is or on a new one to
 * the address, which is not a name.  Returns 1 or 0, or -1 with link->cause
 * set: only the integers 1 and 0 are answers.  Then the connection is closed,
 * so that no later question gets a late answer.  The cause holds nothing that
 * a client has sent and no password.  Takes until the deadline at most. */
int cors_redis_link_exists(cors_redis_link_t *link, const char *address,
                           const char *key, apr_size_t len,
                           apr_time_t deadline);

void cors_redis_link_close(cors_redis_link_t *link);

#endif
