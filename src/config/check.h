/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The checks that need the whole configuration. */

#ifndef CORS_CHECK_H
#define CORS_CHECK_H

#include "config/finding.h"

/* Looks through the configuration.  Made in p. */
cors_check_t *cors_check_all(const server_rec *main_server, apr_pool_t *p);

void cors_check_register_hooks(apr_pool_t *p);

#endif
