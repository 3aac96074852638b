/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Where httpd calls for a request. */

#ifndef CORS_HOOKS_H
#define CORS_HOOKS_H

#include "module/module.h"

void cors_request_register_hooks(apr_pool_t *p);

#endif
