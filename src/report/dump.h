/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* httpd -t -D DUMP_CORS: which policy holds where, and which line says so. */

#ifndef CORS_DUMP_H
#define CORS_DUMP_H

#include "module/module.h"

void cors_dump_register_hooks(apr_pool_t *p);

#endif
