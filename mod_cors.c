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
 *     observe/   numbers, and the origins refused most    }
 *     module/    what configuration and requests share
 *     sources/   origins that come from outside the configuration
 *     config/    directives, and the checks across them
 *     request/   one request: facts in, headers out
 *     report/    what is shown: -t -D DUMP_CORS, cors-explain, the page,
 *                mod_status
 *
 * Where to begin:
 *
 *     a directive          policy/policy.h, CORS_SCALARS and CORS_LISTS;
 *                          config/directives.c
 *     a refused policy     config/check.c, check_word(), refuses what
 *                          policy/risk.c lists: "*" with credentials, for one
 *     a message            grammar/pattern_advice.c, cors_advice_origin(): a
 *                          trailing slash, for one; what to write instead:
 *                          grammar/pattern_mend.c
 *     a request            request/hooks.c
 *     a decision           protocol/judge.c
 *     a preflight's end    request/preflight.c, cors_preflight_end()
 *     an origin            policy/origins.c; of a set: policy/set.c
 *     a set's source       sources/source.h; who reads it, and when:
 *                          sources/refresh.c; a reading: sources/reading.c
 *     a response's headers request/filter.c, on errors too; protocol/headers.c
 *     a forged request     protocol/enforce.c decides, request/hooks.c refuses
 *     counters, the log    request/tell.h, request/tell.c
 *     an explanation       report/explain.c; the console: report/sentence.c
 */

#include "module/module.h"

#include <http_core.h>

#include "config/check.h"
#include "config/directives.h"
#include "config/info.h"
#include "module/dir_conf.h"
#include "module/store.h"
#include "module/version.h"
#include "report/dump.h"
#include "report/explain_dump.h"
#include "report/info_page.h"
#include "report/status.h"
#include "request/hooks.h"
#include "sources/refresh.h"

/* Logs the version beside httpd's own.  A component of the Server header would
 * tell it to clients too.  At start httpd reads the configuration twice. */
static int cors_log_version(apr_pool_t *pconf, apr_pool_t *plog,
                            apr_pool_t *ptemp, server_rec *s)
{
    if (ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_CREATE_PRE_CONFIG) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, s,
                     CORS_VERSION_NAME " configured");
    }
    return OK;
}

static void cors_register_hooks(apr_pool_t *p)
{
    /* the configuration */
    cors_directives_register_hooks(p); /* pre_config: forget the last one */
    cors_dump_register_hooks(p);       /* check_config, first: show it */
    cors_check_register_hooks(p); /* check_config: refuse what is unsafe */
    cors_explain_dump_register_hooks(p); /* test_config: answer cors-explain */
    cors_info_on_use(cors_info_page_register); /* CorsInfo On: the page */
    cors_store_register_hooks(p);  /* post_config: where to count */
    cors_status_register_hooks(p); /* mod_status asks for the numbers */

    /* sets: post_config makes their memory, child_init what each process
     * needs; mod_watchdog calls to refresh them */
    cors_refresh_register_hooks(p);
    ap_hook_post_config(cors_log_version, NULL, NULL, APR_HOOK_LAST);

    /* a request: header_parser judges it, ends a preflight, and refuses what
     * no allowed page sent; insert_filter and insert_error_filter see that its
     * response carries the headers */
    cors_request_register_hooks(p);
}

module AP_MODULE_DECLARE_DATA cors_module = {
    STANDARD20_MODULE_STUFF,
    cors_create_dir_conf,
    cors_merge_dir_conf,
    NULL, /* a server has no configuration besides: module/store.h puts its
           * numbers there */
    NULL, /* that of its default section */
    cors_cmds,
    cors_register_hooks
};
