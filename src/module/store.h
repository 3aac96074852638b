/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The memory with the numbers, which all processes of the server share.
 *
 * The memory belongs to the parent for as long as the parent lives, and is
 * found again after each graceful restart, when everything else of the module
 * is new.
 */

#ifndef CORS_STORE_H
#define CORS_STORE_H

#include "module/module.h"
#include "observe/slots.h"
#include "observe/top.h"

typedef struct cors_store_t {
    cors_slots_t slots;
    cors_top_t *top;
    apr_time_t since; /* when counting began */
} cors_store_t;

/* Returns NULL where there is no shared memory. */
const cors_store_t *cors_store_get(void);

/* The most refused origins, to add to: never NULL. */
extern cors_top_t *cors_store_top;

/* Gives each virtual host its numbers when the configuration has been read. */
void cors_store_register_hooks(apr_pool_t *p);

/* Returns the numbers of a server.  Their address stands where other modules
 * have the configuration of a server: this one has none, so that a host takes
 * no further memory. */
static inline cors_counts_t *cors_store_counts(const server_rec *server)
{
    return ap_get_module_config(server->module_config, &cors_module);
}

/* Whether the numbers are counted: there is shared memory for them. */
int cors_store_has(const cors_counts_t *counts);

/* Returns the name that tells a server from the others: "api.example.com:443",
 * "api.example.com:*" if it answers on every port, and the name alone for the
 * main server.  Two servers with one such name share their numbers.  Made in
 * p. */
const char *cors_store_name(const server_rec *server, apr_pool_t *p);

#endif
