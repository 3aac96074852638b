/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/verdict.h"

#include <string.h>

#include <apr_strings.h>

#include "config/places.h"
#include "config/sections.h"
#include "grammar/name.h"
#include "module/dir_conf.h"
#include "policy/names.h"
#include "policy/origins.h"
#include "report/advice.h"
#include "report/sentence.h"
#include "report/unknown.h"

/* State of one verdict. */
typedef struct verdict_t {
    cors_answer_t *answer;
    const cors_page_t *page;
    apr_pool_t *p;
} verdict_t;

static void refuse(const verdict_t *verdict, const char *reason,
                   const char *summary)
{
    verdict->answer->outcome = CORS_OUTCOME_REFUSED;
    verdict->answer->reason = reason;
    verdict->answer->summary = summary;
}

static void decided_by(const verdict_t *verdict, const char *directive,
                       const cors_line_t *line)
{
    verdict->answer->directive = directive;
    verdict->answer->line = line;
}

/* Takes over what judging has said. */
static void refuse_by_decision(const verdict_t *verdict,
                               const cors_trial_t *trial, const char *whose)
{
    const cors_decision_t *decision = &trial->cors.decision;
    const char *directive;
    const cors_line_t *line = cors_decision_line(trial->cors.policy, decision,
                                                 &directive);

    if (decision->offender) {
        verdict->answer->offender = apr_pstrmemdup(
            verdict->p, decision->offender, decision->offender_len);
    }
    decided_by(verdict, directive, line);
    verdict->answer->write = cors_advice_on_refusal(trial, verdict->page,
                                                    verdict->p);
    refuse(verdict, cors_verdict_word(decision->verdict),
           apr_psprintf(verdict->p, "The policy refuses the %s: %s.", whose,
                        cors_advice_reason(decision, verdict->p)));
}

/* A policy that sends nothing, or none. */
static void refuse_without_policy(const verdict_t *verdict,
                                  const cors_trial_t *actual)
{
    const cors_policy_t *policy = cors_dir_conf_policy(
        actual->r->per_dir_config);

    if (policy->info) {
        decided_by(verdict, "CorsInfo", policy->info_at);
        refuse(verdict, "info-page",
               "CorsInfo On: this is mod_cors's own page, which no policy "
               "opens.");
        return;
    }
    verdict->answer->write = cors_advice_on_no_policy(
        policy, verdict->page, actual->r->server, verdict->p);
    if (policy->engine == CORS_ENGINE_ON || !policy->origins) {
        refuse(verdict, "no-policy",
               "No policy holds for this URL, so that mod_cors sends nothing: "
               "no CorsAllowOrigin is in reach.");
        return;
    }
    decided_by(verdict, "CorsEngine", policy->engine_at);
    if (policy->engine == CORS_ENGINE_OFF) {
        refuse(verdict, "engine-off",
               "CorsEngine Off: mod_cors sends nothing.");
    }
    else {
        refuse(verdict, "detection-only",
               "CorsEngine DetectionOnly: mod_cors judges and logs, and sends "
               "nothing.");
    }
}

/* Returns what a browser misses in a response, in words. */
static const char *missing(cors_browser_e why, int status, apr_pool_t *p)
{
    switch (why) {
    case CORS_BROWSER_NO_ORIGIN:
        return "the response has no Access-Control-Allow-Origin";
    case CORS_BROWSER_OTHER_ORIGIN:
        return "the response allows another origin";
    case CORS_BROWSER_ANY_ORIGIN:
        return "the page sends credentials, and Access-Control-Allow-Origin "
               "is *";
    case CORS_BROWSER_NO_CREDENTIALS:
        return "the page sends credentials, and the response has no "
               "Access-Control-Allow-Credentials";
    case CORS_BROWSER_NOT_OK:
        return apr_psprintf(p, "the preflight ends with status %d", status);
    case CORS_BROWSER_METHOD:
        return "the method is not in Access-Control-Allow-Methods";
    default:
        return "a header is not in Access-Control-Allow-Headers";
    }
}

static const char *word_of(cors_browser_e why)
{
    switch (why) {
    case CORS_BROWSER_ANY_ORIGIN:
    case CORS_BROWSER_NO_CREDENTIALS:
        return "credentials-not-allowed";
    case CORS_BROWSER_NOT_OK:
        return "preflight-ended";
    case CORS_BROWSER_METHOD:
        return "method-not-allowed";
    case CORS_BROWSER_HEADER:
        return "header-not-allowed";
    default:
        return "origin-not-allowed";
    }
}

/* Something else than this module has ended the preflight. */
static void decided_by_rule(const verdict_t *verdict,
                            const cors_trial_t *trial, int status)
{
    const ap_directive_t *rule = cors_unknown_find_rule(trial, status,
                                                        verdict->p);

    if (rule) {
        decided_by(verdict, rule->directive, cors_line_of(rule));
    }
}

/* The policy allows what the browser then refuses. */
static void refuse_by_browser(const verdict_t *verdict,
                              const cors_trial_t *trial, cors_browser_e why,
                              int status)
{
    const cors_policy_t *policy = trial->cors.policy;

    if (why == CORS_BROWSER_ANY_ORIGIN || why == CORS_BROWSER_OTHER_ORIGIN) {
        decided_by(verdict, "CorsAllowOrigin", policy->origins->first->at);
    }
    else if (why == CORS_BROWSER_NO_CREDENTIALS) {
        decided_by(verdict, "CorsAllowCredentials", policy->credentials_at);
    }
    else {
        decided_by_rule(verdict, trial, status);
    }
    verdict->answer->write = cors_advice_on_browser(trial, verdict->page, why,
                                                    status, verdict->p);
    refuse(verdict, word_of(why),
           apr_psprintf(verdict->p, "The browser refuses the response: %s.",
                        missing(why, status, verdict->p)));
}

static void say(const verdict_t *verdict, cors_browser_e why,
                const cors_exchange_t *exchange, const char *header)
{
    cors_blocked_t blocked = { why };

    blocked.is_preflight = exchange == &verdict->answer->preflight;
    blocked.status = exchange->status;
    blocked.url = verdict->answer->question.url;
    blocked.origin = verdict->page->origin;
    blocked.method = verdict->page->method;
    blocked.header = header;
    blocked.headers = verdict->page->headers;
    blocked.allowed = apr_table_get(exchange->headers,
                                    "Access-Control-Allow-Origin");
    verdict->answer->chromium = cors_sentence_chromium(&blocked, verdict->p);
    verdict->answer->firefox = cors_sentence_firefox(&blocked, verdict->p);
    verdict->answer->webkit = cors_sentence_webkit(&blocked, verdict->p);
}

/* No line of the file counts, and none of the folder: whatever decided, the
 * file is the first thing to mend. */
static void refuse_by_file(const verdict_t *verdict, const cors_trial_t *trial)
{
    verdict->answer->write = apr_psprintf(verdict->p, "mend the file %s",
                                          trial->unread);
    refuse(verdict, "htaccess-unreadable",
           cors_advice_unread(trial, verdict->p));
}

/* Returns whether the exchange ends in a refusal. */
static int look_at(const verdict_t *verdict, const cors_trial_t *trial,
                   const cors_exchange_t *exchange, cors_browser_e why,
                   const char *header)
{
    int is_preflight = exchange == &verdict->answer->preflight;

    if (why == CORS_BROWSER_ALLOWS) {
        return 0;
    }
    say(verdict, why, exchange, header);
    if (trial->unread) {
        refuse_by_file(verdict, trial);
    }
    else if (!cors_request_sends_headers(&trial->cors)) {
        refuse_without_policy(verdict, trial);
    }
    else if (!cors_verdict_passes(trial->cors.decision.verdict)) {
        refuse_by_decision(verdict, trial,
                           is_preflight ? "preflight" : "request");
    }
    else {
        refuse_by_browser(verdict, trial, why, exchange->status);
    }
    return 1;
}

/* Returns the line that lets the origin in. */
static const cors_line_t *line_of_origin(const cors_policy_t *policy,
                                         const char *text)
{
    cors_origin_t origin;
    apr_size_t len = cors_origin_length(text);
    const cors_word_t *word = policy->origins->any;

    if (!word) {
        word = cors_origins_find_exact(policy->origins, text, len);
    }
    if (!word && cors_origin_parse(text, len, &origin) == CORS_ORIGIN_OK) {
        word = cors_origins_find_pattern(policy->origins, &origin);
    }
    return word ? word->at : NULL;
}

/* Returns whether enforcement refuses the request.  A page whose origin is
 * allowed can read the 403. */
static int look_at_enforcement(const verdict_t *verdict,
                               const cors_trial_t *actual, int is_own)
{
    const cors_exchange_t *exchange = &verdict->answer->actual;

    if (actual->cors.enforced != CORS_ENFORCED_REFUSED) {
        return 0;
    }
    if (verdict->page->origin && !is_own) {
        say(verdict, cors_browser_check(verdict->page, exchange->headers),
            exchange, NULL);
    }
    refuse_by_decision(verdict, actual, "request");
    if (!verdict->answer->directive) {
        decided_by(verdict, "CorsEnforce", actual->cors.policy->enforce_at);
    }
    verdict->answer->summary = apr_psprintf(
        verdict->p, "CorsEnforce refuses the request with 403: %s.",
        cors_advice_reason(&actual->cors.decision, verdict->p));
    return 1;
}

/* The source may have changed since the request was judged. */
static void decided_by_set(const verdict_t *verdict, const cors_facts_t *facts,
                           const cors_set_t *set)
{
    const char *row = cors_set_find_row(set, facts->now, facts->origin,
                                        cors_origin_length(facts->origin),
                                        verdict->p);

    verdict->answer->summary = apr_psprintf(
        verdict->p,
        "The page may send the request and read the response: the set @%s "
        "has its origin%s%s, from %s.",
        set->name, row ? " by the row " : "", row ? row : "", set->from);
    decided_by(verdict, "CorsOriginSet", set->at);
}

static void allow(const verdict_t *verdict, const cors_trial_t *actual,
                  const char *reason, const char *summary)
{
    verdict->answer->outcome = CORS_OUTCOME_ALLOWED;
    verdict->answer->reason = reason;
    verdict->answer->summary = summary;
    if (actual && actual->cors.decision.set) {
        decided_by_set(verdict, &actual->cors.facts,
                       actual->cors.decision.set);
    }
    else if (actual) {
        decided_by(verdict, "CorsAllowOrigin",
                   line_of_origin(actual->cors.policy, verdict->page->origin));
    }
}

/* Returns whether the preflight ends in a refusal. */
static int look_at_preflight(const verdict_t *verdict,
                             const cors_trial_t *preflight)
{
    cors_answer_t *answer = verdict->answer;
    const char *header = NULL;
    cors_browser_e why = cors_browser_check_preflight(
        verdict->page, answer->preflight.status, answer->preflight.headers,
        &header, verdict->p);

    if (!look_at(verdict, preflight, &answer->preflight, why, header)) {
        return 0;
    }
    answer->actual.is_sent = 0;
    return 1;
}

static void find(const verdict_t *verdict, const cors_trial_t *preflight,
                 const cors_trial_t *actual, int is_own)
{
    const cors_page_t *page = verdict->page;
    const cors_answer_t *answer = verdict->answer;

    if (preflight && look_at_preflight(verdict, preflight)) {
        return;
    }
    if (look_at_enforcement(verdict, actual, is_own)) {
        return;
    }
    if (!page->origin) {
        allow(verdict, NULL, "no-page",
              "No origin is given, so no page of another origin sends the "
              "request: CORS has nothing to say.");
    }
    else if (is_own) {
        allow(verdict, NULL, "same-origin",
              "The page has the same origin as the URL: it needs no CORS.");
    }
    else if (!look_at(verdict, actual, &answer->actual,
                      cors_browser_check(page, answer->actual.headers),
                      NULL)) {
        allow(verdict, actual, "allowed",
              "The page may send the request and read the response.");
    }
}

void cors_verdict_find(cors_answer_t *answer, const cors_page_t *page,
                       const cors_trial_t *preflight,
                       const cors_trial_t *actual, int is_own, apr_pool_t *p)
{
    verdict_t verdict;

    verdict.answer = answer;
    verdict.page = page;
    verdict.p = p;
    find(&verdict, preflight, actual, is_own);
    if (answer->unknown) {
        answer->outcome = CORS_OUTCOME_UNKNOWN;
    }
}
