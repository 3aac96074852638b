/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/explain.h"

#include <string.h>

#include <apr_strings.h>

#include "config/directives.h"
#include "config/places.h"
#include "config/sections.h"
#include "module/dir_conf.h"
#include "module/line.h"
#include "protocol/browser.h"
#include "report/advice.h"
#include "report/exchange.h"
#include "report/hosts.h"
#include "report/question.h"
#include "report/unknown.h"
#include "report/verdict.h"
#include "request/trial.h"

void cors_question_add_header(cors_question_t *question, const char *text)
{
    apr_pool_t *p = apr_table_elts(question->headers)->pool;
    const char *colon = strchr(text, ':');
    const char *value = colon ? colon + 1 + strspn(colon + 1, " \t") : "";

    apr_table_addn(question->headers,
                   colon ? apr_pstrmemdup(p, text, (apr_size_t)(colon - text))
                         : apr_pstrdup(p, text),
                   apr_pstrdup(p, value));
}

const char *cors_outcome_word(cors_outcome_e outcome)
{
    static const char *const words[] = {
#define X(value, word) word,
        CORS_OUTCOMES(X)
#undef X
    };

    return words[outcome];
}

/* What the question comes to once it has been read. */
typedef struct explain_t {
    cors_answer_t *answer;
    cors_asked_t asked;
    apr_pool_t *p;
} explain_t;

static void note(const explain_t *explain, const char *sentence)
{
    if (sentence) {
        APR_ARRAY_PUSH(explain->answer->notes, const char *) = sentence;
    }
}

static cors_answer_t *wrong(cors_answer_t *answer, const char *sentence)
{
    answer->outcome = CORS_OUTCOME_WRONG;
    answer->reason = "wrong-question";
    answer->summary = sentence;
    return answer;
}

/* Browsers say where a request comes from over https and to the machine
 * itself (https://w3c.github.io/webappsec-fetch-metadata/). */
static int has_metadata(const explain_t *explain)
{
    cors_origin_t own;

    return cors_origin_parse(explain->asked.own, strlen(explain->asked.own),
                             &own)
               == CORS_ORIGIN_OK
           && (strncmp(explain->asked.own, "https:", 6) == 0
               || cors_origin_is_loopback(&own));
}

static int is_own_page(const explain_t *explain)
{
    return explain->asked.page.origin
           && strcmp(explain->asked.page.origin, explain->asked.own) == 0;
}

static int copy_header(void *table, const char *name, const char *value)
{
    apr_table_setn(table, name, *value ? value : "1");
    return 1;
}

/* A page's GET and HEAD of its own site come without Origin. */
static int sends_origin(const explain_t *explain)
{
    return explain->asked.page.origin
           && !(is_own_page(explain)
                && (strcmp(explain->asked.page.method, "GET") == 0
                    || strcmp(explain->asked.page.method, "HEAD") == 0));
}

static void set_default(apr_table_t *headers, const char *name,
                        const char *value)
{
    if (value && !apr_table_get(headers, name)) {
        apr_table_setn(headers, name, value);
    }
}

/* Sets what browsers say of a request that a script sends. */
static void set_metadata(const explain_t *explain, apr_table_t *headers)
{
    if (explain->asked.page.origin && has_metadata(explain)) {
        set_default(headers, "Sec-Fetch-Site",
                    cors_browser_site(explain->asked.page.origin,
                                      explain->asked.own,
                                      cors_directives_suffixes()));
        set_default(headers, "Sec-Fetch-Mode", "cors");
        set_default(headers, "Sec-Fetch-Dest", "empty");
    }
}

static cors_trial_t *try_actual(explain_t *explain)
{
    apr_table_t *headers = apr_table_make(explain->p, 10);

    apr_table_do(copy_header, headers, explain->asked.page.headers, NULL);
    if (sends_origin(explain)) {
        apr_table_setn(headers, "Origin", explain->asked.page.origin);
    }
    set_metadata(explain, headers);
    explain->asked.trial.method = explain->asked.page.method;
    explain->asked.trial.headers = headers;
    return cors_trial_run(&explain->asked.trial, explain->p);
}

static cors_trial_t *try_preflight(explain_t *explain)
{
    apr_table_t *headers = apr_table_make(explain->p, 10);
    const char *names = cors_browser_request_headers(&explain->asked.page,
                                                     explain->p);

    apr_table_setn(headers, "Origin", explain->asked.page.origin);
    apr_table_setn(headers, "Access-Control-Request-Method",
                   explain->asked.page.method);
    if (names) {
        apr_table_setn(headers, "Access-Control-Request-Headers", names);
    }
    set_metadata(explain, headers);
    explain->asked.trial.method = "OPTIONS";
    explain->asked.trial.headers = headers;
    return cors_trial_run(&explain->asked.trial, explain->p);
}

/* Adds the section of a value, and those around it, outermost first.  The
 * virtual host is told as the server. */
static void add_section(apr_array_header_t *sections,
                        const ap_directive_t *section)
{
    int i;

    if (!section || cors_section_is_virtual_host(section)) {
        return;
    }
    for (i = 0; i < sections->nelts; i++) {
        if (APR_ARRAY_IDX(sections, i, const ap_directive_t *) == section) {
            return;
        }
    }
    add_section(sections, cors_section_parent(section));
    APR_ARRAY_PUSH(sections, const ap_directive_t *) = section;
}

static void set_policy(const explain_t *explain, const cors_trial_t *trial)
{
    cors_answer_t *answer = explain->answer;
    const cors_policy_t *policy = cors_dir_conf_policy(
        trial->r->per_dir_config);
    apr_array_header_t *sections = apr_array_make(
        explain->p, 4, sizeof(const ap_directive_t *));
    int i;

    answer->server = trial->r->server;
    answer->holds = trial->cors.policy != NULL;
    answer->values = cors_values_of(policy, explain->p);
    answer->sections = sections;
    for (i = 0; i < answer->values->nelts; i++) {
        const cors_line_t *at = APR_ARRAY_IDX(answer->values, i, cors_value_t)
                                    .at;

        add_section(sections, cors_section_parent(cors_line_directive(at)));
    }
}

static void set_enforced(cors_answer_t *answer, const cors_trial_t *trial)
{
    static const char *const words[] = {
#define X(value, word) word,
        CORS_ENFORCEMENTS(X)
#undef X
    };

    answer->enforced = words[trial->cors.enforced];
}

/* Says so if httpd has taken a virtual host that does not have the name, which
 * perhaps has a slip. */
static void doubt_host(const explain_t *explain)
{
    const cors_asked_t *asked = &explain->asked;
    const cors_hosts_t hosts = { asked->trial.server, asked->host };
    const server_rec *server = explain->answer->server;

    if (server->is_virtual && !asked->is_address
        && !cors_hosts_has(&hosts, server)) {
        explain->answer->careful = apr_psprintf(
            explain->p,
            "no virtual host at this port has the name %s: httpd takes %s",
            asked->host, cors_server_name(server, explain->p));
    }
}

static void add_notes(const explain_t *explain, const cors_trial_t *actual,
                      const cors_trial_t *preflight)
{
    const cors_policy_t *policy = actual->cors.policy;
    const char *location = explain->answer->actual.location;

    if (actual->unread && explain->answer->outcome == CORS_OUTCOME_ALLOWED) {
        note(explain, cors_advice_unread(actual, explain->p));
    }
    if (location) {
        note(explain, apr_psprintf(explain->p,
                                   "the browser follows to %s: ask about that "
                                   "URL too",
                                   location));
    }
    if (policy && policy->backend_headers == CORS_BACKEND_KEEP) {
        note(explain,
             apr_psprintf(
                 explain->p,
                 "CorsBackendHeaders keep (%s): if the handler or the "
                 "back end sends Access-Control-Allow-Origin itself, "
                 "its headers stand; write replace there to have one "
                 "correct set",
                 cors_line_name(policy->backend_headers_at, explain->p)));
    }
    if (preflight && policy && policy->preflight == CORS_PREFLIGHT_FORWARD) {
        note(explain,
             apr_psprintf(explain->p,
                          "CorsPreflight forward (%s): whoever answers the "
                          "preflight has to give it a status from 200 to 299",
                          cors_line_name(policy->preflight_at, explain->p)));
    }
    if (explain->answer->enforced
        && strcmp(explain->answer->enforced, "would-refuse") == 0) {
        note(explain, "CorsEnforce would refuse the request if it did not "
                      "only detect");
    }
}

static void explain_page(explain_t *explain)
{
    cors_answer_t *answer = explain->answer;
    cors_trial_t *preflight = NULL;
    cors_trial_t *actual = try_actual(explain);
    const char *why = NULL;

    if (explain->asked.page.origin && !is_own_page(explain)) {
        why = cors_browser_preflights(&explain->asked.page, explain->p);
    }
    answer->preflight.why = why;
    if (why) {
        preflight = try_preflight(explain);
        cors_exchange_set(&answer->preflight, preflight, explain->p);
        answer->unknown = cors_unknown_find(
            preflight, explain->asked.page.headers, explain->p);
    }
    cors_exchange_set(&answer->actual, actual, explain->p);
    if (!answer->unknown) {
        answer->unknown = cors_unknown_find(
            actual, explain->asked.page.headers, explain->p);
    }
    set_policy(explain, actual);
    set_enforced(answer, actual);
    doubt_host(explain);
    cors_verdict_find(answer, &explain->asked.page, preflight, actual,
                      is_own_page(explain), explain->p);
    add_notes(explain, actual, preflight);
}

cors_answer_t *cors_explain(server_rec *main_server,
                            const cors_question_t *question, apr_pool_t *p)
{
    explain_t explain = { NULL };
    cors_answer_t *answer = apr_pcalloc(p, sizeof(*answer));
    const char *sentence;

    answer->question = *question;
    answer->notes = apr_array_make(p, 4, sizeof(const char *));
    explain.answer = answer;
    explain.p = p;
    sentence = cors_question_read(&answer->question, main_server,
                                  &explain.asked, answer->notes, p);
    if (sentence) {
        return wrong(answer, sentence);
    }
    explain_page(&explain);
    return answer;
}
