/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The least that any module could do: writes the header lines that it is
 * told to on every response, and decides nothing.  What the benchmark
 * measures mod_cors against; of no other use.
 */

#include <httpd.h>
#include <http_config.h>
#include <http_request.h>
#include <util_filter.h>

module AP_MODULE_DECLARE_DATA floor_module;

/* One for the server: no sections. */
static apr_table_t *lines;
static int answers; /* OPTIONS is answered with 204 */

static ap_filter_rec_t *floor_filter_handle;

static const char *floor_cmd_header(cmd_parms *cmd, void *dconf,
                                    const char *name, const char *value)
{
    apr_table_addn(lines, name, value);
    return NULL;
}

static const char *floor_cmd_answer(cmd_parms *cmd, void *dconf, int on)
{
    answers = on;
    return NULL;
}

/* Leaves a word where httpd has put it. */
static const char *floor_cmd_ignore(cmd_parms *cmd, void *dconf,
                                    const char *word)
{
    return NULL;
}

static const command_rec floor_cmds[] = {
    AP_INIT_TAKE2("FloorHeader", floor_cmd_header, NULL, RSRC_CONF,
                  "name and value of a line for every response"),
    AP_INIT_FLAG("FloorAnswer", floor_cmd_answer, NULL, RSRC_CONF,
                 "On: answer OPTIONS with 204"),
    AP_INIT_ITERATE("FloorIgnore", floor_cmd_ignore, NULL, RSRC_CONF,
                    "words that are read and not looked at"),
    { NULL }
};

static int floor_pre_config(apr_pool_t *pconf, apr_pool_t *plog,
                            apr_pool_t *ptemp)
{
    lines = apr_table_make(pconf, 8);
    answers = 0;
    return OK;
}

static void write_lines(request_rec *r)
{
    const apr_array_header_t *elts = apr_table_elts(lines);
    const apr_table_entry_t *line = (const void *)elts->elts;
    int i;

    for (i = 0; i < elts->nelts; i++) {
        apr_table_addn(r->headers_out, line[i].key, line[i].val);
    }
}

static apr_status_t floor_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    ap_remove_output_filter(f);
    write_lines(f->r);
    return ap_pass_brigade(f->next, bb);
}

static int floor_header_parser(request_rec *r)
{
    if (!answers || r->method_number != M_OPTIONS) {
        return DECLINED;
    }
    r->status = HTTP_NO_CONTENT;
    write_lines(r);
    return DONE;
}

static void floor_insert_filter(request_rec *r)
{
    if (!apr_is_empty_table(lines)) {
        ap_add_output_filter_handle(floor_filter_handle, NULL, r,
                                    r->connection);
    }
}

static void floor_register_hooks(apr_pool_t *p)
{
    ap_hook_pre_config(floor_pre_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_header_parser(floor_header_parser, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_filter(floor_insert_filter, NULL, NULL, APR_HOOK_LAST);
    floor_filter_handle = ap_register_output_filter(
        "FLOOR", floor_filter, NULL, AP_FTYPE_CONTENT_SET);
}

module AP_MODULE_DECLARE_DATA floor_module = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, floor_cmds,
    floor_register_hooks
};
