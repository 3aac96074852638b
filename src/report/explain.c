/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/explain.h"

#include <string.h>

#include <apr_strings.h>
#include <apr_uri.h>
#include <http_core.h>
#include <http_protocol.h>

#include "config/directives.h"
#include "config/sections.h"
#include "grammar/name.h"
#include "grammar/token.h"
#include "module/dir_conf.h"
#include "protocol/browser.h"
#include "report/exchange.h"
#include "report/reach.h"
#include "report/unknown.h"
#include "report/verdict.h"
#include "request/trial.h"

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
    cors_page_t page;
    cors_trial_ask_t ask;
    const char *own; /* the origin of the URL */
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

static char *lower(const char *text, apr_pool_t *p)
{
    char *copy = apr_pstrdup(p, text);

    ap_str_tolower(copy);
    return copy;
}

/* Reads the URL into explain->ask.  Returns a sentence if it is none. */
static const char *read_url(explain_t *explain, server_rec *main_server)
{
    cors_question_t *question = &explain->answer->question;
    apr_pool_t *p = explain->p;
    apr_uri_t uri;
    const char *scheme;
    const char *host;
    cors_reach_t reach;
    int port;

    if (apr_uri_parse(p, question->url, &uri) != APR_SUCCESS || !uri.scheme
        || !uri.hostname || !*uri.hostname || uri.user
        || (uri.port_str && *uri.port_str
            && !cors_origin_port(uri.port_str, strlen(uri.port_str)))
        || question->url[strcspn(question->url, " \t\r\n")]) {
        return "the URL must be whole, such as https://api.example.com/items";
    }
    scheme = lower(uri.scheme, p);
    port = cors_scheme_port(scheme, strlen(scheme));
    if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0) {
        return "a page reads URLs of http and https alone";
    }
    host = lower(uri.hostname, p);
    if (strchr(host, ':')) {
        host = apr_psprintf(p, "[%s]", host);
    }
    explain->ask.host = uri.port && uri.port != port
                            ? apr_psprintf(p, "%s:%d", host, uri.port)
                            : host;
    explain->ask.path = apr_pstrcat(p, uri.path ? uri.path : "/",
                                    uri.query ? "?" : "",
                                    uri.query ? uri.query : "", NULL);
    explain->own = apr_pstrcat(p, scheme, "://", explain->ask.host, NULL);
    question->url = apr_pstrcat(p, explain->own, explain->ask.path, NULL);
    reach = cors_reach_find(main_server, host, uri.port ? uri.port : port,
                            question->here, p);
    explain->ask.server = main_server;
    explain->ask.address = reach.address;
    note(explain, reach.note);
    return NULL;
}

static int check_header(void *data, const char *name, const char *value)
{
    explain_t *explain = data;

    if (!cors_token_is(name, strlen(name)) || strpbrk(value, "\r\n")) {
        explain->answer->summary = apr_psprintf(
            explain->p, "'%s' is no name and value of a header", name);
        return 0;
    }
    if (cors_request_field_check(name) == CORS_NAME_FORBIDDEN) {
        note(explain,
             apr_psprintf(explain->p,
                          "no script can set the header %s: the browser does, "
                          "and needs no permission",
                          name));
    }
    return 1;
}

/* Reads the rest of the question.  Returns a sentence if it is wrong. */
static const char *read_rest(explain_t *explain)
{
    cors_question_t *question = &explain->answer->question;

    question->method = cors_browser_method(question->method, explain->p);
    if (!cors_token_is(question->method, strlen(question->method))) {
        return apr_psprintf(explain->p, "'%s' is no method", question->method);
    }
    if (cors_method_is_forbidden(question->method, strlen(question->method))) {
        return apr_psprintf(explain->p, "no browser sends %s for a script",
                            question->method);
    }
    if (question->origin && strpbrk(question->origin, "\r\n")) {
        return "no origin has a line break";
    }
    explain->page.origin = question->origin;
    explain->page.method = question->method;
    explain->page.headers = question->headers;
    explain->page.credentials = question->credentials;
    return apr_table_do(check_header, explain, question->headers, NULL)
               ? NULL
               : explain->answer->summary;
}

/* Browsers say where a request comes from over https and to the machine
 * itself (https://w3c.github.io/webappsec-fetch-metadata/). */
static int has_metadata(const explain_t *explain)
{
    cors_origin_t own;

    return cors_origin_parse(explain->own, strlen(explain->own), &own)
               == CORS_ORIGIN_OK
           && (strncmp(explain->own, "https:", 6) == 0
               || cors_origin_is_loopback(&own));
}

static int is_own_page(const explain_t *explain)
{
    return explain->page.origin
           && strcmp(explain->page.origin, explain->own) == 0;
}

static int copy_header(void *table, const char *name, const char *value)
{
    apr_table_setn(table, name, *value ? value : "1");
    return 1;
}

/* A page's GET and HEAD of its own site come without Origin. */
static int sends_origin(const explain_t *explain)
{
    return explain->page.origin
           && !(is_own_page(explain)
                && (strcmp(explain->page.method, "GET") == 0
                    || strcmp(explain->page.method, "HEAD") == 0));
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
    if (explain->page.origin && has_metadata(explain)) {
        set_default(headers, "Sec-Fetch-Site",
                    cors_browser_site(explain->page.origin, explain->own,
                                      cors_directives_suffixes()));
        set_default(headers, "Sec-Fetch-Mode", "cors");
        set_default(headers, "Sec-Fetch-Dest", "empty");
    }
}

static cors_trial_t *try_actual(explain_t *explain)
{
    apr_table_t *headers = apr_table_make(explain->p, 10);

    apr_table_do(copy_header, headers, explain->page.headers, NULL);
    if (sends_origin(explain)) {
        apr_table_setn(headers, "Origin", explain->page.origin);
    }
    set_metadata(explain, headers);
    explain->ask.method = explain->page.method;
    explain->ask.headers = headers;
    return cors_trial_run(&explain->ask, explain->p);
}

static cors_trial_t *try_preflight(explain_t *explain)
{
    apr_table_t *headers = apr_table_make(explain->p, 10);
    const char *names = cors_browser_request_headers(&explain->page,
                                                     explain->p);

    apr_table_setn(headers, "Origin", explain->page.origin);
    apr_table_setn(headers, "Access-Control-Request-Method",
                   explain->page.method);
    if (names) {
        apr_table_setn(headers, "Access-Control-Request-Headers", names);
    }
    set_metadata(explain, headers);
    explain->ask.method = "OPTIONS";
    explain->ask.headers = headers;
    return cors_trial_run(&explain->ask, explain->p);
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

static void add_notes(const explain_t *explain, const cors_trial_t *actual,
                      const cors_trial_t *preflight)
{
    const cors_policy_t *policy = actual->cors.policy;
    const char *location = explain->answer->actual.location;

    if (location) {
        note(explain, apr_psprintf(explain->p,
                                   "the browser follows to %s: ask about that "
                                   "URL too",
                                   location));
    }
    if (policy && policy->backend_headers == CORS_BACKEND_KEEP) {
        note(explain,
             "CorsBackendHeaders keep: if the handler or the back end sends "
             "Access-Control-Allow-Origin itself, its headers stand");
    }
    if (preflight && policy && policy->preflight == CORS_PREFLIGHT_FORWARD) {
        note(explain,
             "CorsPreflight forward: whoever answers the preflight has to "
             "give it a status from 200 to 299");
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

    if (explain->page.origin && !is_own_page(explain)) {
        why = cors_browser_preflights(&explain->page, explain->p);
    }
    answer->preflight.why = why;
    if (why) {
        preflight = try_preflight(explain);
        cors_exchange_set(&answer->preflight, preflight, explain->p);
        answer->unknown = cors_unknown_find(preflight, explain->page.headers,
                                            explain->p);
    }
    cors_exchange_set(&answer->actual, actual, explain->p);
    if (!answer->unknown) {
        answer->unknown = cors_unknown_find(actual, explain->page.headers,
                                            explain->p);
    }
    set_policy(explain, actual);
    set_enforced(answer, actual);
    cors_verdict_find(answer, &explain->page, preflight, actual,
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
    sentence = read_url(&explain, main_server);
    if (!sentence) {
        sentence = read_rest(&explain);
    }
    if (sentence) {
        return wrong(answer, sentence);
    }
    explain_page(&explain);
    return answer;
}
