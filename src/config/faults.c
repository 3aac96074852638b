/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/faults.h"

#include <string.h>

#include <apr_strings.h>

#include "config/sections.h"
#include "module/line.h"

/* Longer arguments are cut in messages. */
#define SHOWN_MAX 200

/* In the order read.  Lives in pconf. */
static apr_array_header_t *faults;

static apr_status_t forget_faults(void *unused)
{
    faults = NULL;
    return APR_SUCCESS;
}

void cors_faults_begin(apr_pool_t *pconf)
{
    faults = apr_array_make(pconf, 4, sizeof(cors_finding_t));
    apr_pool_cleanup_register(pconf, NULL, forget_faults,
                              apr_pool_cleanup_null);
}

/* The section is named as it is written.  A virtual host may get its name in
 * a later line, and places are known only at the end. */
static const char *make_text(cmd_parms *cmd, const char *arg,
                             const char *sentence)
{
    const ap_directive_t *at = cmd->directive;

    return apr_psprintf(
        cmd->pool, "%s '%.*s'%s (%s)%s%s: %s", cmd->cmd->name, SHOWN_MAX, arg,
        strlen(arg) > SHOWN_MAX ? "..." : "",
        cors_line_name(cors_line_of(at), cmd->temp_pool),
        at->parent ? " in " : "",
        at->parent ? cors_section_name(at->parent, cmd->temp_pool) : "",
        sentence);
}

const char *cors_fault_report(cmd_parms *cmd, cors_code_e code,
                              const char *arg, const char *sentence)
{
    cors_finding_t fault = { .code = code,
                             .refused = 1,
                             .logged = 1,
                             .at = cors_line_of(cmd->directive),
                             .text = make_text(cmd, arg, sentence) };
    const char *message = cors_finding_message(&fault, cmd->pool);

    if (cors_section_is_htaccess(cmd)) {
        return message;
    }
    /* For no server: the LogLevel of a server could hide why httpd does not
     * start. */
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, NULL, "%s", message);
    APR_ARRAY_PUSH(faults, cors_finding_t) = fault;
    return NULL;
}

const apr_array_header_t *cors_faults_all(void)
{
    return faults;
}
