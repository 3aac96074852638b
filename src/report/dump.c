/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/dump.h"

#include <http_core.h>

#include "config/check.h"
#include "report/dump_json.h"
#include "report/dump_text.h"

/* What is asked for on the command line, beside -t. */
static int is_asked_for(const char *define)
{
    return ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST
           && ap_exists_config_define(define);
}

/* In check_config and before the checks: test_config is never reached by a
 * configuration that is refused, which is when it is good to look at. */
static int cors_dump_check_config(apr_pool_t *pconf, apr_pool_t *plog,
                                  apr_pool_t *ptemp, server_rec *s)
{
    int as_json = is_asked_for("DUMP_CORS_JSON");
    const cors_check_t *check;
    apr_status_t rv;
    apr_file_t *out;

    if (!as_json && !is_asked_for("DUMP_CORS")) {
        return OK;
    }
    check = cors_check_all(s, ptemp);
    rv = apr_file_open_flags_stdout(&out, APR_FOPEN_BUFFERED, ptemp);
    if (rv == APR_SUCCESS) {
        if (as_json) {
            cors_dump_json(out, check, ptemp);
        }
        else {
            cors_dump_text(out, check, ptemp);
        }
        rv = apr_file_flush(out);
    }
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
