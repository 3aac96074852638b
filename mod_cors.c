/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* mod_cors: Cross-Origin Resource Sharing for Apache httpd.
 *
 *     directives   -> src/config/directives.c  read and merged
 *                     src/cors_check.c    checked where they meet
 *                     src/cors_report.c   shown: -t -D DUMP_CORS
 *     requests     -> src/cors_request.c  facts in, headers out
 *     the rules    -> src/cors_judge.c    what a policy says to a request
 *
 * None of the rules knows httpd: see CONTRIBUTING.md for the whole layout.
 */

#include "config/directives.h"
#include "module/module.h"

static void cors_register_hooks(apr_pool_t *p)
{
    cors_conf_register_hooks(p);    /* pre_config */
    cors_report_register_hooks(p);  /* check_config, first */
    cors_check_register_hooks(p);   /* check_config */
    cors_request_register_hooks(p); /* header_parser, insert_filter,
                                     * insert_error_filter */
}

module AP_MODULE_DECLARE_DATA cors_module = {
    STANDARD20_MODULE_STUFF,
    cors_create_dir_conf,
    cors_merge_dir_conf,
    NULL, /* no configuration of its own for */
    NULL, /* a server: its default section */
    cors_cmds,
    cors_register_hooks
};
