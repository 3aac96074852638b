/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/early.h"

#include <httpd.h>

#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "module/dir_conf.h"
#include "request/filter.h"
#include "request/judging.h"

static ap_filter_rec_t *cors_early_filter_handle;

/* A request that is judged has a filter of its own.  The policy of any other
 * is mostly that of the server, the virtual host and <Location>: its response
 * comes before httpd has looked for a file, or from another module's
 * header_parser. */
static apr_status_t cors_early_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;

    if (!cors_request_get(r)) {
        cors_request_t *cors = cors_request_get_first(r);

        if (cors_request_sends_headers(cors)) {
            cors_filter_write(r, cors);
        }
    }
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

/* Whether the server, the virtual host or a <Location> names origins.  Without
 * any, no policy of such a response can hold.  httpd matches each <Location>
 * with each request, which takes longer. */
static int names_origins(const server_rec *server)
{
    const core_server_config *core = ap_get_core_module_config(
        server->module_config);
    const apr_array_header_t *locations = core->sec_url;
    int found = cors_dir_conf_policy(server->lookup_defaults)->origins != NULL;
    int i;

    for (i = 0; i < locations->nelts && !found; i++) {
        const ap_conf_vector_t *location = APR_ARRAY_IDX(locations, i,
                                                         ap_conf_vector_t *);
        const cors_dir_conf_t *conf = cors_dir_conf(location);

        found = conf && conf->policy.origins;
    }
    return found;
}

/* Runs before the quick handlers of others.  mod_cache takes the filter off
 * what it has kept, which has its headers.  A request that was redirected has
 * the policy of the first one, which may be that of a <Directory>. */
static int cors_quick_handler(request_rec *r, int lookup)
{
    if (!lookup && !r->main && (r->prev || names_origins(r->server))) {
        ap_add_output_filter_handle(cors_early_filter_handle, NULL, r,
                                    r->connection);
    }
    return DECLINED;
}

/* By now all modules are loaded.  httpd sorts the hooks once more when it has
 * read the configuration. */
static int cors_early_pre_config(apr_pool_t *pconf, apr_pool_t *plog,
                                 apr_pool_t *ptemp)
{
    if (ap_find_linked_module("mod_lua.c")
        || ap_find_linked_module("mod_perl.c")) {
        ap_hook_quick_handler(cors_quick_handler, NULL, NULL,
                              APR_HOOK_REALLY_FIRST);
    }
    return OK;
}

void cors_early_register(void)
{
    cors_early_filter_handle = ap_register_output_filter(
        "CORS_EARLY", cors_early_filter, NULL, AP_FTYPE_CONTENT_SET);
    ap_hook_pre_config(cors_early_pre_config, NULL, NULL, APR_HOOK_LAST);
}
