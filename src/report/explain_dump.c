/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/explain_dump.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <http_core.h>
#include <unixd.h>

#include "report/explain_json.h"
#include "request/trial.h"
#include "sources/reading.h"

/* Becomes the user that answers requests: whether a folder can be searched
 * depends on who asks, and what other modules run for a request has no more
 * rights than it has there.  Returns whether this has been done, or need
 * not. */
static int become_user(void)
{
    const unixd_config_rec *config = &ap_unixd_config;

    if (geteuid() != 0 || !config->user_name) {
        return 1;
    }
    return setgid(config->group_id) == 0
           && initgroups(config->user_name, config->group_id) == 0
           && setuid(config->user_id) == 0;
}

/* Answers one line with one line. */
static void answer(server_rec *s, const char *line, size_t len, apr_pool_t *p)
{
    json_t *object = json_loadb(line, len, 0, NULL);
    cors_question_t question;
    json_t *made;
    char *text;

    if (!cors_explain_read(object, &question, p)) {
        question.method = "";
        question.url = "";
    }
    json_decref(object);
    made = cors_explain_json(cors_explain(s, &question, p), p);
    text = json_dumps(made, JSON_COMPACT | JSON_PRESERVE_ORDER);
    if (text) {
        printf("%s\n", text);
        (void)fflush(stdout);
        free(text);
    }
    json_decref(made);
}

/* Reads standard input up to its end.  A line that can't be read is answered
 * too, so that lines and answers stay in step. */
static void answer_all(server_rec *s, apr_pool_t *ptemp)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    apr_pool_t *p;

    apr_pool_create(&p, ptemp);
    while ((len = getline(&line, &room, stdin)) > 0) {
        answer(s, line, (size_t)len, p);
        apr_pool_clear(p);
    }
    free(line);
    apr_pool_destroy(p);
}

static void cors_explain_test_config(apr_pool_t *pconf, server_rec *s)
{
    if (!become_user()) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, s,
                     "EXPLAIN_CORS: can't become '%s', the user who answers "
                     "requests: write a User and a Group line that name a "
                     "user and a group of this system, or explain as that "
                     "user",
                     ap_unixd_config.user_name);
        return;
    }
    cors_reading_load(pconf);
    answer_all(s, pconf);
}

void cors_explain_dump_register_hooks(apr_pool_t *p)
{
    if (ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST
        && ap_exists_config_define("EXPLAIN_CORS")) {
        ap_hook_test_config(cors_explain_test_config, NULL, NULL,
                            APR_HOOK_MIDDLE);
        cors_trial_register_in_test();
    }
}
