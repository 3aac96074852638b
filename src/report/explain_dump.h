/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* httpd -t -D EXPLAIN_CORS: what cors-explain asks. */

#ifndef CORS_EXPLAIN_DUMP_H
#define CORS_EXPLAIN_DUMP_H

#include "module/module.h"

/* Does nothing unless the command line has -t and -D EXPLAIN_CORS. */
void cors_explain_dump_register_hooks(apr_pool_t *p);

#endif
