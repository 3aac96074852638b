/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What every file of mod_cors that knows httpd begins with. */

#ifndef CORS_MODULE_H
#define CORS_MODULE_H

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

extern module AP_MODULE_DECLARE_DATA cors_module;

APLOG_USE_MODULE(cors);

#endif
