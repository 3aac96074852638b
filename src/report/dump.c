/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/dump.h"

#include <http_core.h>

#include "config/check.h"
#include "report/dump_json.h"
#include "report/dump_text.h"
#include "sources/reading.h"

/* Whether the command line has -D define beside -t. */
static int is_asked_for(const char *define)
{
    return ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST
           && ap_exists_config_define(define);
}

/* Writes the dump to standard output. */
static apr_status_t write_dump(const cors_check_t *check,
                               const cors_hosts_t *hosts, int as_json,
                               apr_pool_t *p)
{
    apr_file_t *out;
    apr_status_t rv = apr_file_open_flags_stdout(&out, APR_FOPEN_BUFFERED, p);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (as_json) {
        cors_dump_json(out, check, hosts, p);
    }
    else {
        cors_dump_text(out, check, hosts, p);
    }
    return apr_file_flush(out);
}

/* Runs in check_config and before the checks, because httpd never reaches
 * test_config with a configuration that is refused, which is when a look at
 * the policies helps most. */
static int cors_dump_check_config(apr_pool_t *pconf, apr_pool_t *plog,
                                  apr_pool_t *ptemp, server_rec *s)
{
    int as_json = is_asked_for("DUMP_CORS_JSON");
    cors_hosts_t hosts = cors_hosts_read(s);
    const char *unknown;
    apr_status_t rv;

    if (!as_json && !is_asked_for("DUMP_CORS")) {
        return OK;
    }
    unknown = cors_hosts_explain(&hosts, ptemp);
    if (unknown) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s, "%s", unknown);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    cors_reading_load(pconf);
    rv = write_dump(cors_check_all(s, ptemp), &hosts, as_json, ptemp);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "the CORS policies could not all be written to standard "
                     "output: mend what is said here, and dump them again");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}

void cors_dump_register_hooks(apr_pool_t *p)
{
    ap_hook_check_config(cors_dump_check_config, NULL, NULL, APR_HOOK_FIRST);
}
