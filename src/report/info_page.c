/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/info_page.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_main.h>
#include <http_protocol.h>

#include "config/check.h"
#include "module/version.h"
#include "observe/metrics.h"
#include "report/explain_html.h"
#include "report/explain_json.h"
#include "report/html.h"
#include "report/info_ask.h"
#include "report/info_form.h"
#include "report/info_json.h"
#include "report/info_policies.h"
#include "report/info_sets.h"
#include "report/info_style.h"
#include "report/set_state.h"
#include "report/status.h"
#include "request/info.h"
#include "request/trial.h"

/* The findings of the checks in the configuration that is running.  Lives in
 * pconf. */
static const cors_check_t *check;

static void print_head(request_rec *r, const cors_answer_t *answer)
{
    ap_rputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
             "<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, "
             "initial-scale=1\">\n<title>",
             r);
    if (answer) {
        cors_html_print(r, "%s: %s %s \xE2\x80\x93 ",
                        cors_explain_title(answer), answer->question.method,
                        answer->question.url);
    }
    cors_html_print(r, "CORS on %s</title>\n<style>", ap_get_server_name(r));
    ap_rputs(cors_info_style, r);
    ap_rputs("</style>\n</head>\n<body>\n", r);
}

static void print_header(request_rec *r, int has_sets)
{
    cors_html_print(
        r,
        "<a class=\"skip\" href=\"#form\">To the form</a>\n"
        "<header>\n<h1>CORS on <code>%s</code></h1>\n"
        "<nav aria-label=\"On this page\"><a href=\"#form\">"
        "Explain a request</a> <a href=\"#policies\">Policies</a> ",
        ap_get_server_name(r));
    ap_rvputs(r, has_sets ? "<a href=\"#sets\">Origin sets</a> " : "",
              "<a href=\"#counters\">Counters</a></nav>\n</header>\n<main>\n",
              NULL);
}

static void print_counters(request_rec *r)
{
    ap_rputs("<section id=\"counters\" aria-labelledby=\"counters-title\">\n"
             "<h2 id=\"counters-title\">Counters</h2>\n"
             "<div class=\"tables\" tabindex=\"0\" role=\"region\" "
             "aria-label=\"Tables\">\n",
             r);
    cors_status_html(r, cors_snapshot_take(r->pool));
    ap_rputs("</div>\n</section>\n", r);
}

static void print_page(request_rec *r, const cors_info_ask_t *ask,
                       const cors_answer_t *answer, const char *wrong)
{
    cors_hosts_t hosts = { ap_server_conf, ask->host };
    const apr_array_header_t *sets = cors_set_states(r->pool);

    print_head(r, answer);
    print_header(r, sets->nelts);
    cors_info_form_print(r, ask, wrong);
    if (answer && !wrong) {
        cors_explain_html(r, answer);
    }
    cors_info_policies_print(r, check, &hosts);
    cors_info_sets_print(r, sets);
    print_counters(r);
    ap_rputs("</main>\n<footer><p>" CORS_VERSION_NAME
             ". This page reads the configuration that is running, and "
             "changes nothing.</p></footer>\n</body>\n</html>\n",
             r);
}

/* Returns what is wrong with the request, or NULL. */
static const char *find_wrong(const cors_info_ask_t *ask,
                              const cors_answer_t *answer, apr_pool_t *p)
{
    cors_hosts_t hosts = { ap_server_conf, ask->host };

    if (ask->wrong) {
        return ask->wrong;
    }
    if (answer && answer->outcome == CORS_OUTCOME_WRONG) {
        return answer->summary;
    }
    return cors_hosts_explain(&hosts, p) ? apr_psprintf(
               p, "no ServerName and no ServerAlias is '%s'", ask->host)
                                         : NULL;
}

static void put(void *r, const char *text)
{
    ap_rputs(text, r);
}

/* Where nothing is counted, OpenMetrics still has its last line. */
static void print_metrics(request_rec *r, cors_metrics_e form)
{
    const cors_snapshot_t *snapshot = cors_snapshot_take(r->pool);

    if (snapshot) {
        cors_metrics_write(snapshot, form, put, r, r->pool);
    }
    else if (form == CORS_METRICS_OPEN) {
        ap_rputs("# EOF\n", r);
    }
}

/* Whether a format has no place for a sentence that says what is wrong. */
static int is_metrics(cors_info_format_e format)
{
    return format == CORS_INFO_OPENMETRICS || format == CORS_INFO_PROMETHEUS;
}

static int print(request_rec *r, const cors_info_ask_t *ask,
                 const cors_answer_t *answer, const char *wrong)
{
    if (is_metrics(ask->format) && wrong) {
        return HTTP_BAD_REQUEST;
    }
    if (wrong) {
        r->status = HTTP_BAD_REQUEST;
    }
    ap_set_content_type(r, cors_info_media_type(ask->format));
    apr_table_mergen(r->headers_out, "Vary", "Accept");
    switch (ask->format) {
    case CORS_INFO_HTML:
        print_page(r, ask, answer, wrong);
        break;
    case CORS_INFO_JSON:
        cors_info_json_print(r, check, ask, answer, wrong);
        break;
    case CORS_INFO_OPENMETRICS:
        print_metrics(r, CORS_METRICS_OPEN);
        break;
    case CORS_INFO_PROMETHEUS:
        print_metrics(r, CORS_METRICS_PLAIN);
        break;
    }
    return OK;
}

static int answer_page(request_rec *r)
{
    cors_info_ask_t ask = { NULL };
    const cors_answer_t *answer = NULL;

    cors_info_ask_read(r, &ask);
    if (cors_info_ask_is_question(&ask)) {
        cors_question_t question = cors_info_ask_question(&ask, r, r->pool);

        answer = cors_explain(ap_server_conf, &question, r->pool);
    }
    return print(r, &ask, answer, find_wrong(&ask, answer, r->pool));
}

static apr_status_t forget_check(void *unused)
{
    check = NULL;
    return APR_SUCCESS;
}

/* The findings are those that were logged when the configuration was read:
 * finding them takes too long for each request. */
static int cors_info_post_config(apr_pool_t *pconf, apr_pool_t *plog,
                                 apr_pool_t *ptemp, server_rec *s)
{
    if (ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_CREATE_PRE_CONFIG) {
        check = cors_check_all(s, pconf);
        apr_pool_cleanup_register(pconf, NULL, forget_check,
                                  apr_pool_cleanup_null);
    }
    return OK;
}

void cors_info_page_register(void)
{
    ap_hook_post_config(cors_info_post_config, NULL, NULL, APR_HOOK_MIDDLE);
    cors_trial_register();
    cors_info_register(answer_page, cors_info_style_source);
}
