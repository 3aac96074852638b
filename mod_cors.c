/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* mod_cors: cross-origin resource sharing (CORS) for Apache httpd.
 *
 * This file is the index: which hook does what, in the order of httpd's calls.
 * The folders of src/ stand in the order of dependence; none includes what
 * stands below it.
 *
 *     grammar/   what a text is by the standards          } the rules of CORS:
 *     policy/    what an administrator allows             } no file of these
 *     protocol/  what a policy says to a request          } knows httpd
 *     module/    what configuration and requests share
 *     config/    directives, and the checks across them
 *     request/   one request: facts in, headers out
 *     report/    what is shown: -t -D DUMP_CORS
 *
 * Where to begin: config/directives.c for a directive, request/hooks.c for a
 * request, protocol/judge.c for a decision.
 */

#include "config/check.h"
#include "config/directives.h"
#include "module/dir_conf.h"
#include "report/dump.h"
#include "request/hooks.h"

static void cors_register_hooks(apr_pool_t *p)
{
    /* the configuration */
    cors_directives_register_hooks(p); /* pre_config: forget the last one */
    cors_dump_register_hooks(p);       /* check_config, first: show it */
    cors_check_register_hooks(p); /* check_config: refuse what is unsafe */

    /* a request: header_parser judges it, ends a preflight, and refuses what no
     * allowed page sent; insert_filter and insert_error_filter see that its
     * response carries the headers */
    cors_request_register_hooks(p);
}

module AP_MODULE_DECLARE_DATA cors_module = {
    STANDARD20_MODULE_STUFF,
    cors_create_dir_conf,
    cors_merge_dir_conf,
    NULL, /* a server has no configuration besides */
    NULL, /* that of its default section */
    cors_cmds,
    cors_register_hooks
};
