/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/info.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "module/dir_conf.h"
#include "protocol/headers.h"

static cors_info_answer_fn *answer_page;
static const char *page_style;
static ap_filter_rec_t *cors_info_filter_handle;

static int is_page(const request_rec *r)
{
    return cors_dir_conf_policy(r->per_dir_config)->info;
}

/* Switches off whatever policy holds for the page, before it is judged.
 * What has been merged for the request may be shared: a section is laid over
 * it, as httpd does. */
static int cors_info_post_perdir_config(request_rec *r)
{
    ap_conf_vector_t *off;
    cors_dir_conf_t *conf;

    if (!is_page(r)) {
        return DECLINED;
    }
    conf = cors_create_dir_conf(r->pool, NULL);
    conf->policy.named = 1;
    conf->policy.engine = CORS_ENGINE_OFF;
    conf->policy.engine_set = 1;
    off = ap_create_per_dir_config(r->pool);
    ap_set_module_config(off, &cors_module, conf);
    r->per_dir_config = ap_merge_per_dir_configs(r->pool, r->per_dir_config,
                                                 off);
    return OK;
}

static void set(request_rec *r, const char *name, const char *value)
{
    apr_table_unset(r->err_headers_out, name);
    apr_table_setn(r->headers_out, name, value);
}

static void set_all(request_rec *r)
{
    static const char *const fixed[][2] = {
        { "Cache-Control", "no-store" },
        { "Cross-Origin-Opener-Policy", "same-origin" },
        { "Cross-Origin-Resource-Policy", "same-origin" },
        { "Referrer-Policy", "no-referrer" },
        { "X-Content-Type-Options", "nosniff" },
        { "X-Frame-Options", "DENY" },
    };
    size_t i;

    for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        set(r, fixed[i][0], fixed[i][1]);
    }
    set(r, "Content-Security-Policy",
        apr_pstrcat(r->pool, "default-src 'none'; style-src ", page_style,
                    "; form-action 'self'; base-uri 'none'; "
                    "frame-ancestors 'none'",
                    NULL));
}

/* A subrequest would put the page into another one, which may have a policy.
 */
static int cors_info_handler(request_rec *r)
{
    int status;

    if (!is_page(r)) {
        return DECLINED;
    }
    if (r->main) {
        return HTTP_NOT_FOUND;
    }
    if (r->method_number != M_GET) {
        ap_allow_standard_methods(r, REPLACE_ALLOW, M_GET, -1);
        return HTTP_METHOD_NOT_ALLOWED;
    }
    status = ap_discard_request_body(r);
    return status == OK ? answer_page(r) : status;
}

/* Runs after the filters of mod_headers and of this module, so that what lines
 * such as Header set Access-Control-Allow-Origin * have added is taken off;
 * and before mod_cache looks, which would show the page to anybody. */
static apr_status_t cors_info_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    static const cors_policy_t all = { .timing_allow_origin = 1 };
    request_rec *r = f->r;

    cors_headers_strip(&all, r->headers_out);
    cors_headers_strip(&all, r->err_headers_out);
    set_all(r);
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

static void cors_info_insert_filter(request_rec *r)
{
    if (is_page(r) && !r->main) {
        ap_add_output_filter_handle(cors_info_filter_handle, NULL, r,
                                    r->connection);
    }
}

void cors_info_register(cors_info_answer_fn *answer, const char *style)
{
    answer_page = answer;
    page_style = style;
    ap_hook_post_perdir_config(cors_info_post_perdir_config, NULL, NULL,
                               APR_HOOK_FIRST);
    ap_hook_insert_filter(cors_info_insert_filter, NULL, NULL,
                          APR_HOOK_LAST + 1);
    ap_hook_handler(cors_info_handler, NULL, NULL, APR_HOOK_REALLY_FIRST);
    cors_info_filter_handle = ap_register_output_filter(
        "CORS_INFO", cors_info_filter, NULL, AP_FTYPE_CONTENT_SET);
}
