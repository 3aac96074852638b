/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* One request on its way through httpd:
 *
 *     header_parser        judge; end a preflight here
 *     insert_filter        a handler will answer: add the output filter
 *     insert_error_filter  httpd will answer itself: the same, and judge what
 *                          failed before header_parser
 *     output filter        replace the CORS headers of the response
 */

#include "module/module.h"

#include <apr_atomic.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "config/directives.h"
#include "protocol/headers.h"
#include "protocol/judge.h"
#include "config/places.h"
#include "grammar/token.h"

/* What is known of a request from header_parser on.  Internal redirects go on
 * with it: the policy is that of the URL that the client asked for. */
typedef struct cors_request_t {
    const cors_policy_t *policy; /* NULL: none holds */
    cors_facts_t facts;
    cors_decision_t decision;
    int end_status; /* the status that a preflight is
                 * answered with, 0 if it is not */
} cors_request_t;

/* The bytes of a header value that a log line shows. */
#define SHOWN_MAX 256

/* For all requests without a policy.  Never written to. */
static cors_request_t no_policy;

static ap_filter_rec_t *cors_filter_handle;
static ap_filter_rec_t *cors_answer_filter_handle;

static cors_request_t *get_request(const request_rec *r)
{
    return ap_get_module_config(r->request_config, &cors_module);
}

static int is_preflight(const cors_request_t *cors)
{
    return cors->facts.method != NULL;
}

/* One walk for all.  apr_table_get() tells names by their first four bytes,
 * so it would compare each of these with the others and with Accept and its
 * like: 150 instructions more, and 100 more for each further such field. */
static void gather_preflight(const request_rec *r, cors_facts_t *facts)
{
    const apr_array_header_t *fields = apr_table_elts(r->headers_in);
    const apr_table_entry_t *field = (const void *)fields->elts;
    const apr_table_entry_t *end = field + fields->nelts;

    for (; field < end; field++) {
        if (!cors_field_may_be_access(field->key)) {
            continue;
        }
        if (strcasecmp(field->key, "Access-Control-Request-Method") == 0) {
            facts->method = field->val;
        }
        else if (strcasecmp(field->key, "Access-Control-Request-Headers")
                 == 0) {
            facts->headers = field->val;
        }
        else if (strcasecmp(field->key,
                            "Access-Control-Request-Private-Network")
                 == 0) {
            facts->private_network = strcmp(field->val, "true") == 0;
        }
    }
    if (!facts->method) {
        facts->headers = NULL;
        facts->private_network = 0;
    }
}

static void gather_facts(const request_rec *r, cors_facts_t *facts)
{
    memset(facts, 0, sizeof(*facts));
    facts->origin = apr_table_get(r->headers_in, "Origin");
    if (facts->origin && r->method_number == M_OPTIONS) {
        gather_preflight(r, facts);
    }
}

static void set_variables(const request_rec *r, const cors_request_t *cors)
{
    apr_table_t *env = r->subprocess_env;
    /* Where there is nothing yet, there is nothing to look for and replace. */
    void (*put)(apr_table_t *, const char *,
                const char *) = apr_is_empty_table(env) ? apr_table_addn
                                                        : apr_table_setn;

    put(env, "CORS_REQUEST", is_preflight(cors) ? "preflight" : "actual");
    put(env, "CORS_VERDICT", cors_verdict_word(cors->decision.verdict));
    if (cors->decision.well_formed) {
        put(env, "CORS_ORIGIN", cors->facts.origin);
    }
}

static void log_verdict(const request_rec *r, const cors_request_t *cors)
{
    const cors_decision_t *decision = &cors->decision;
    const char *kind = is_preflight(cors) ? "preflight" : "request";
    const char *only = cors->policy->engine == CORS_ENGINE_DETECTION_ONLY
                           ? " (detection only)"
                           : "";
    int shown;

    if (decision->verdict == CORS_ALLOWED) {
        ap_log_rerror(APLOG_MARK, APLOG_TRACE1, 0, r,
                      "%s allowed%s: origin '%.*s'", kind, only, SHOWN_MAX,
                      cors->facts.origin);
        return;
    }
    shown = (int)(decision->offender_len < SHOWN_MAX ? decision->offender_len
                                                 : SHOWN_MAX);
    ap_log_rerror(APLOG_MARK, is_preflight(cors) ? APLOG_INFO : APLOG_DEBUG, 0,
                  r, "%s refused%s: %s: '%.*s'", kind, only,
                  cors_verdict_word(decision->verdict), shown, decision->offender);
}

/* The pairs of lines that a child logs at most. */
#define SAID_MAX 256

/* A hash of each pair of lines that this child has logged as being at odds, 0
 * where there is none yet. */
static volatile apr_uint32_t said[SAID_MAX];

/* Whether nobody has said so before.  When all places are taken, nothing more
 * is said. */
static int is_news(apr_uint32_t hash)
{
    apr_size_t i;

    for (i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        apr_uint32_t old = apr_atomic_cas32(&said[i], hash, 0);

        if (old == 0 || old == hash) {
            return old == 0;
        }
    }
    return 0;
}

static apr_uint32_t hash_line(const ap_directive_t *at)
{
    apr_ssize_t len = APR_HASH_KEY_STRING;

    return apr_hashfunc_default(at->filename, &len) * 31
           + (apr_uint32_t)at->line_num;
}

/* Says which lines are at odds, no matter how they came together.  They need
 * not be in the configuration: .htaccess files can be read at any time. */
static void log_risk(const request_rec *r, const cors_request_t *cors)
{
    const cors_risk_t *risk = cors->decision.risk;
    const cors_word_t *word = cors->decision.word;
    const ap_directive_t *with = cors_risk_line(risk, cors->policy);

    if (!is_news((hash_line(word->at) * 31 + (with ? hash_line(with) : 0))
                 | 1)) {
        return;
    }
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "%s%s%s%sCorsAllowOrigin %s (%s): %s. Until then %s",
                  cors_risk_with(risk), with ? " (" : "",
                  with ? cors_line_name(with, r->pool) : "",
                  with ? ") meets " : "", word->text,
                  cors_line_name(word->at, r->pool),
                  cors_risk_advice(risk, word->text, r->pool),
                  cors_risk_withheld(risk));
}

/* A forward proxy passes on what belongs to another site: no policy of this
 * server's may open it. */
static cors_request_t *judge(request_rec *r)
{
    const cors_dir_conf_t *conf = ap_get_module_config(r->per_dir_config,
                                                       &cors_module);
    cors_request_t *cors = &no_policy;

    if (cors_policy_holds(&conf->policy) && r->proxyreq != PROXYREQ_PROXY) {
        cors = apr_palloc(r->pool, sizeof(*cors));
        cors->policy = &conf->policy;
        cors->end_status = 0;
        gather_facts(r, &cors->facts);
        cors_judge(cors->policy, &cors->facts, &cors->decision);
        if (cors->decision.risk) {
            log_risk(r, cors);
        }
        if (cors->facts.origin) {
            set_variables(r, cors);
            log_verdict(r, cors);
        }
    }
    ap_set_module_config(r->request_config, &cors_module, cors);
    return cors;
}

/* httpd makes any request with an ErrorDocument a GET, and keeps what it was
 * in a variable. */
static int method_sent(const request_rec *r)
{
    const char *method = apr_table_get(r->subprocess_env, "REQUEST_METHOD");

    return method && strcmp(method, "OPTIONS") == 0 ? M_OPTIONS
                                                    : r->method_number;
}

/* Judges a request that failed before header_parser.  httpd has thrown the
 * walk through the <Location> sections away by then: it is done again. */
static cors_request_t *judge_early(request_rec *r)
{
    ap_conf_vector_t *kept = r->per_dir_config;
    int method = r->method_number;
    cors_request_t *cors;

    if (!r->uri || r->uri[0] != '/' || r->method_number == M_TRACE) {
        return &no_policy;
    }
    r->per_dir_config = r->server->lookup_defaults;
    if (ap_location_walk(r) != OK) {
        r->per_dir_config = r->server->lookup_defaults;
    }
    r->method_number = method_sent(r);
    cors = judge(r);
    r->method_number = method;
    r->per_dir_config = kept;
    return cors;
}

/* What is known of the request that the client sent, which r is itself or
 * was redirected from. */
static cors_request_t *get_first_request(request_rec *r)
{
    request_rec *first = r;
    cors_request_t *cors;

    while (first->prev) {
        first = first->prev;
    }
    cors = get_request(first);
    if (!cors) {
        cors = judge_early(first);
    }
    ap_set_module_config(r->request_config, &cors_module, cors);
    return cors;
}

static int end_status_of(const cors_request_t *cors)
{
    if (cors->decision.verdict != CORS_ALLOWED) {
        return HTTP_FORBIDDEN;
    }
    return cors->policy->preflight_status == CORS_STATUS_200 ? HTTP_OK
                                                             : HTTP_NO_CONTENT;
}

static int is_answered_here(const cors_request_t *cors)
{
    return cors->policy && is_preflight(cors)
           && cors->policy->preflight == CORS_PREFLIGHT_ANSWER
           && cors->policy->engine == CORS_ENGINE_ON;
}

/* A response that ends a preflight before header_parser and that no browser
 * makes anything of: a redirect, which none follows, or the success of a
 * leftover such as RewriteRule .* - [R=204], which says nothing of methods. */
static int is_useless_to_preflight(int status)
{
    return ap_is_HTTP_REDIRECT(status) || ap_is_HTTP_SUCCESS(status);
}

/* Takes back what would have been the response in an answer's place. */
static void take_back_response(request_rec *r)
{
    r->status_line = NULL;
    r->content_type = NULL;
    apr_table_unset(r->headers_out, "Location");
    apr_table_unset(r->err_headers_out, "Location");
}

/* Ends a preflight before anybody asks for a password: a browser sends none
 * with it.  DONE, unlike the status itself, keeps ErrorDocument away, and the
 * error filters let mod_headers have its "Header always". */
static int end_preflight(request_rec *r, cors_request_t *cors)
{
    cors->end_status = end_status_of(cors);
    r->status = cors->end_status;
    ap_run_insert_error_filter(r);
    return DONE;
}

/* After an internal redirect: a preflight that would have been answered gets
 * here by an ErrorDocument alone. */
static int cors_redirected(request_rec *r)
{
    cors_request_t *cors = get_first_request(r);

    if (cors->policy && cors->facts.origin) {
        set_variables(r, cors);
    }
    if (!is_answered_here(cors) || !is_useless_to_preflight(r->status)) {
        return DECLINED;
    }
    take_back_response(r);
    return end_preflight(r, cors);
}

static int cors_header_parser(request_rec *r)
{
    cors_request_t *cors;

    if (r->prev) {
        return cors_redirected(r);
    }
    cors = judge(r);
    return is_answered_here(cors) ? end_preflight(r, cors) : DECLINED;
}

/* Whether the response is one to a preflight: made here, or forwarded.  A
 * preflight that fails otherwise is told what any request is. */
static int is_preflight_response(const request_rec *r,
                                 const cors_request_t *cors)
{
    return is_preflight(cors)
           && (r->status == cors->end_status
               || cors->policy->preflight == CORS_PREFLIGHT_FORWARD);
}

static int is_kept(const request_rec *r, const cors_policy_t *policy)
{
    static const char name[] = "Access-Control-Allow-Origin";

    return policy->backend_headers == CORS_BACKEND_KEEP
           && (apr_table_get(r->headers_out, name)
               || apr_table_get(r->err_headers_out, name));
}

static void write_headers(request_rec *r, const cors_request_t *cors)
{
    const cors_policy_t *policy = cors->policy;
    int preflight = is_preflight_response(r, cors);

    if (is_kept(r, policy)) {
        cors_headers_vary(policy, preflight, r->headers_out);
        return;
    }
    cors_headers_strip(policy, r->headers_out);
    if (!apr_is_empty_table(r->err_headers_out)) {
        cors_headers_strip(policy, r->err_headers_out);
    }
    if (preflight) {
        cors_headers_preflight(policy, &cors->facts, &cors->decision,
                               r->headers_out, r->pool);
    }
    else {
        cors_headers_actual(policy, &cors->decision, r->content_encoding != NULL,
                            r->headers_out, r->err_headers_out, r->pool);
    }
}

/* No context: an administrator has added it by name, as SetOutputFilter can
 * any filter. */
static apr_status_t cors_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    ap_remove_output_filter(f);
    if (f->ctx) {
        write_headers(f->r, f->ctx);
    }
    return ap_pass_brigade(f->next, bb);
}

/* Answers a preflight in the place of what is_useless_to_preflight() names:
 * all of the other body is dropped, and at its end the answer sent. */
static apr_status_t cors_answer_filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    const cors_request_t *cors = f->ctx;
    apr_bucket *last = APR_BRIGADE_LAST(bb);

    if (!cors) {
        return cors_filter(f, bb);
    }
    if (last == APR_BRIGADE_SENTINEL(bb) || !APR_BUCKET_IS_EOS(last)) {
        return apr_brigade_cleanup(bb);
    }
    APR_BUCKET_REMOVE(last);
    apr_brigade_cleanup(bb);
    APR_BRIGADE_INSERT_TAIL(bb, last);
    r->status = cors->end_status;
    take_back_response(r);
    return cors_filter(f, bb);
}

static int sends_headers(const cors_request_t *cors)
{
    return cors && cors->policy && cors->policy->engine == CORS_ENGINE_ON;
}

static void cors_insert_filter(request_rec *r)
{
    cors_request_t *cors = get_request(r);

    if (sends_headers(cors) && !r->main) {
        ap_add_output_filter_handle(cors_filter_handle, cors, r,
                                    r->connection);
    }
}

static void cors_insert_error_filter(request_rec *r)
{
    cors_request_t *cors = get_request(r);
    int early = !cors;

    /* A subrequest is part of the response to a request that was judged. */
    if (r->main) {
        return;
    }
    if (early) {
        cors = get_first_request(r);
    }
    if (!sends_headers(cors)) {
        return;
    }
    if (early && is_answered_here(cors)
        && is_useless_to_preflight(r->status)) {
        cors->end_status = end_status_of(cors);
        ap_add_output_filter_handle(cors_answer_filter_handle, cors, r,
                                    r->connection);
    }
    else if (r->status == cors->end_status
             && r->output_filters == r->proto_output_filters) {
        /* An answered preflight, and no filter of anyone's to put headers on
         * it: a filter of our own could add nothing but its cost. */
        write_headers(r, cors);
    }
    else {
        ap_add_output_filter_handle(cors_filter_handle, cors, r,
                                    r->connection);
    }
}

void cors_request_register_hooks(apr_pool_t *p)
{
    /* "Header always ... env=NAME" sees the variables of SetEnvIf. */
    static const char *const after_setenvif[] = { "mod_setenvif.c", NULL };
    /* Filters of one type run in the order in which they were added: what
     * mod_headers puts on a response is there to be replaced. */
    static const char *const after_headers[] = { "mod_headers.c", NULL };

    ap_hook_header_parser(cors_header_parser, after_setenvif, NULL,
                          APR_HOOK_LAST);
    ap_hook_insert_filter(cors_insert_filter, after_headers, NULL,
                          APR_HOOK_LAST);
    ap_hook_insert_error_filter(cors_insert_error_filter, after_headers, NULL,
                                APR_HOOK_LAST);
    /* No later type: mod_cache stores the headers with the response. */
    cors_filter_handle = ap_register_output_filter("CORS", cors_filter, NULL,
                                                   AP_FTYPE_CONTENT_SET);
    cors_answer_filter_handle = ap_register_output_filter(
        "CORS_ANSWER", cors_answer_filter, NULL, AP_FTYPE_CONTENT_SET);
}
