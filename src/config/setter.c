/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/setter.h"

#include <string.h>

#include "config/faults.h"

const char *cors_setter_report(cmd_parms *cmd, cors_dir_conf_t *conf,
                               const char *arg, cors_wrong_t wrong)
{
    if (!wrong.sentence) {
        return NULL;
    }
    conf->section->faulty = cmd->directive;
    return cors_fault_report(cmd, wrong.code, arg, wrong.sentence);
}

/* Reports a fault that makes the rest of the line meaningless. */
static const char *report_last(cmd_parms *cmd, cors_dir_conf_t *conf,
                               const char *arg, cors_wrong_t wrong)
{
    conf->section->done = cmd->directive;
    return cors_setter_report(cmd, conf, arg, wrong);
}

/* Requests name the line, so its file name must live on. */
const char *cors_setter_begin(cmd_parms *cmd, cors_dir_conf_t *conf,
                              const char *arg)
{
    cors_section_keep_file(cmd);
    if (!conf->section) {
        conf->policy.named = 1;
        conf->section = cors_section_add(cmd, &conf->policy);
    }
    if (cors_setter_is_done(cmd, conf)
        || !ap_check_cmd_context(cmd, NOT_IN_LIMIT)) {
        return NULL;
    }
    return report_last(cmd, conf, arg,
                       cors_wrong(CORS_CODE_IN_LIMIT,
                                  "a policy applies to all methods: write it "
                                  "outside of <Limit> and <LimitExcept>"));
}

/* Whether the text has the byte twice in a row.  Most lines have it nowhere,
 * which strchr() finds in a third of what strstr() takes. */
static int has_twice(const char *text, int byte)
{
    const char *found = strchr(text, byte);

    while (found && found[1] != byte) {
        found = strchr(found + 1, byte);
    }
    return found != NULL;
}

/* Reports an empty argument: httpd ends the list there and drops the rest.
 * Only quotes can make one, so a line without them is not split again, which
 * would copy each word: 32 bytes for each of 100,000 origins. */
static const char *check_empty(cmd_parms *cmd, cors_dir_conf_t *conf)
{
    const char *args = cmd->directive->args;

    if (!has_twice(args, '"') && !has_twice(args, '\'')) {
        return NULL;
    }
    while (*args) {
        if (!*ap_getword_conf(cmd->temp_pool, &args)) {
            return cors_setter_report(
                cmd, conf, "",
                cors_wrong(CORS_CODE_EMPTY_ARGUMENT,
                           "httpd drops everything after an empty "
                           "argument: leave it out"));
        }
    }
    return NULL;
}

/* cors_setter_begin() runs once a line, because its findings hold for all
 * arguments of the line.
 */
const char *cors_setter_begin_list(cmd_parms *cmd, cors_dir_conf_t *conf,
                                   const char *arg)
{
    int first = !conf->section || conf->section->last != cmd->directive;
    const char *message = first ? cors_setter_begin(cmd, conf, arg) : NULL;

    if (message || cors_setter_is_done(cmd, conf)) {
        return message;
    }
    if (*arg == '#') {
        return report_last(cmd, conf, arg,
                           cors_wrong(CORS_CODE_COMMENT_ON_LINE,
                                      "httpd takes a comment after a "
                                      "directive for arguments: write it on a "
                                      "line of its own"));
    }
    if (first) {
        conf->section->last = cmd->directive;
        message = check_empty(cmd, conf);
    }
    return message;
}

/* The directive's context refuses .htaccess files only as long as
 * AllowOverrideList does not name the directive. */
const char *cors_setter_begin_in_server(cmd_parms *cmd, cors_dir_conf_t *conf,
                                        const char *arg, const char *sentence)
{
    const char *message = cors_setter_begin_list(cmd, conf, arg);

    if (!message && cors_section_is_htaccess(cmd)) {
        message = cors_setter_report(
            cmd, conf, arg, cors_wrong(CORS_CODE_IN_HTACCESS, sentence));
    }
    return message;
}
