/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The headers of httpd, for every file of mod_cors that uses httpd. */

#ifndef CORS_MODULE_H
#define CORS_MODULE_H

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

extern module AP_MODULE_DECLARE_DATA cors_module;

APLOG_USE_MODULE(cors);

#endif
