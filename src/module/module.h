/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What the files of mod_cors share that know httpd. */

#ifndef CORS_MODULE_H
#define CORS_MODULE_H

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

#include "policy/policy.h"

extern module AP_MODULE_DECLARE_DATA cors_module;

APLOG_USE_MODULE(cors);

/* Each registers the hooks of one part of the module. */
void cors_conf_register_hooks(apr_pool_t *p);
void cors_check_register_hooks(apr_pool_t *p);
void cors_report_register_hooks(apr_pool_t *p);
void cors_request_register_hooks(apr_pool_t *p);

#endif
