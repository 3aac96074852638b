/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/tell.h"

#include <apr_strings.h>

#include "module/line.h"
#include "request/once.h"

/* The bytes of a header value or a URL that a log line or a variable shows. */
#define SHOWN_MAX 256

/* The bytes of a method. */
#define SHOWN_METHOD_MAX 32

/* Returns the value that was refused, cut to what is shown. */
static const char *offender_of(const cors_decision_t *decision, apr_pool_t *p)
{
    apr_size_t len = decision->offender_len;

    return len <= SHOWN_MAX && !decision->offender[len]
               ? decision->offender
               : apr_pstrmemdup(p, decision->offender,
                                len < SHOWN_MAX ? len : SHOWN_MAX);
}

/* Notes the origin among those that are refused most, if it is well-formed and
 * was not allowed. */
static inline void note_origin(const request_rec *r,
                               const cors_request_t *cors)
{
    if (cors->decision.verdict == CORS_ORIGIN_NOT_ALLOWED) {
        cors_top_add(cors_store_top, cors->facts.origin,
                     cors->decision.offender_len, r->request_time);
    }
}

void cors_tell_count_enforced(const request_rec *r, const cors_request_t *cors)
{
    cors_counts_add(cors_store_counts(r->server),
                    cors->enforced == CORS_ENFORCED_REFUSED
                        ? CORS_COUNT_refused
                        : CORS_COUNT_would_refuse);
}

void cors_tell_variables(const request_rec *r, const cors_request_t *cors)
{
    const cors_decision_t *decision = &cors->decision;
    apr_table_t *env = r->subprocess_env;
    /* An empty table needs no look-up: append. */
    void (*put)(apr_table_t *, const char *,
                const char *) = apr_is_empty_table(env) ? apr_table_addn
                                                        : apr_table_setn;

    put(env, "CORS_REQUEST",
        cors_request_is_preflight(cors) ? "preflight" : "actual");
    put(env, "CORS_VERDICT", cors_verdict_word(decision->verdict));
    if (decision->well_formed) {
        put(env, "CORS_ORIGIN", cors->facts.origin);
    }
    if (decision->set && decision->allow_origin) {
        put(env, "CORS_SOURCE", decision->set->name);
    }
    if (decision->offender) {
        put(env, "CORS_OFFENDER", offender_of(decision, r->pool));
    }
}

void cors_tell_enforced(const request_rec *r, const cors_request_t *cors)
{
    static const char *const words[] = {
#define X(value, word) word,
        CORS_ENFORCEMENTS(X)
#undef X
    };

    apr_table_setn(r->subprocess_env, "CORS_VERDICT",
                   cors_verdict_word(cors->decision.verdict));
    apr_table_setn(r->subprocess_env, "CORS_ENFORCED", words[cors->enforced]);
}

/* Returns "PUT /v1/items on api.example.com": what the client asked for,
 * before any internal redirect. */
static const char *asked_for(const request_rec *r, const cors_request_t *cors)
{
    while (r->prev) {
        r = r->prev;
    }
    return apr_psprintf(
        r->pool, "%.*s %.*s on %s", SHOWN_METHOD_MAX,
        cors_request_is_preflight(cors) ? cors->facts.method : r->method,
        SHOWN_MAX, r->unparsed_uri, r->server->server_hostname);
}

/* Returns "; CorsAllowOrigin (line 3 of x.conf) decides", or "". */
static const char *decided_by(const request_rec *r, const cors_request_t *cors)
{
    const char *directive;
    const cors_line_t *line = cors_decision_line(cors->policy, &cors->decision,
                                                 &directive);

    if (!directive) {
        return "";
    }
    return apr_pstrcat(r->pool, "; ", directive, " (",
                       line ? cors_line_name(line, r->pool) : "the default",
                       ") decides", NULL);
}

/* Returns what the engine adds to a log line. */
static const char *engine_note(const cors_request_t *cors)
{
    return cors->policy->engine == CORS_ENGINE_DETECTION_ONLY
               ? " (detection only)"
               : "";
}

void cors_tell_verdict(const request_rec *r, const cors_request_t *cors)
{
    const cors_decision_t *decision = &cors->decision;
    int preflight = cors_request_is_preflight(cors);
    const char *kind = preflight ? "preflight" : "request";

    if (cors_verdict_passes(decision->verdict)) {
        ap_log_rerror(APLOG_MARK, APLOG_TRACE1, 0, r,
                      "%s allowed%s: origin '%.*s' for %s", kind,
                      engine_note(cors), SHOWN_MAX, cors->facts.origin,
                      asked_for(r, cors));
        return;
    }
    note_origin(r, cors);
    ap_log_rerror(APLOG_MARK, preflight ? APLOG_INFO : APLOG_DEBUG, 0, r,
                  "%s refused%s: %s: '%s' for %s%s", kind, engine_note(cors),
                  cors_verdict_word(decision->verdict),
                  offender_of(decision, r->pool), asked_for(r, cors),
                  decided_by(r, cors));
}

/* Returns what decided_by() does.  Where no line of a list has decided, the
 * line that enforces has. */
static const char *refused_by(const request_rec *r, const cors_request_t *cors)
{
    const char *by = decided_by(r, cors);

    return *by ? by
               : apr_pstrcat(r->pool, "; CorsEnforce (",
                             cors_line_name(cors->policy->enforce_at, r->pool),
                             ") decides", NULL);
}

/* Returns "origin-not-allowed: 'https://x.example'", or "origin-missing". */
static const char *reason_of(const request_rec *r,
                             const cors_decision_t *decision)
{
    const char *word = cors_verdict_word(decision->verdict);

    return decision->offender ? apr_pstrcat(
               r->pool, word, ": '", offender_of(decision, r->pool), "'", NULL)
                              : word;
}

void cors_tell_refusal(const request_rec *r, const cors_request_t *cors,
                       const cors_sender_t *sender)
{
    note_origin(r, cors);
    if (APLOG_R_IS_LEVEL(r, APLOG_INFO)) {
        ap_log_rerror(
            APLOG_MARK, APLOG_INFO, 0, r,
            "request refused by enforcement%s: %s for %s; "
            "Sec-Fetch-Site '%.*s'%s",
            cors->enforced == CORS_ENFORCED_REFUSED ? "" : " (detection only)",
            reason_of(r, &cors->decision), asked_for(r, cors), SHOWN_MAX,
            sender->site ? sender->site : "", refused_by(r, cors));
    }
}

/* Returns "'https://a.example'", "200" or "nothing". */
static const char *shown(const cors_response_t *response, int number,
                         apr_pool_t *p)
{
    const char *value = cors_response_value(response, number);

    if (number == CORS_DIFFERS_STATUS_NUMBER) {
        return apr_itoa(p, response->status);
    }
    return value ? apr_psprintf(p, "'%.*s'", SHOWN_MAX, value) : "nothing";
}

/* Returns the names of what differs, with a comma between them. */
static const char *names_of(unsigned int differs, apr_pool_t *p)
{
    const char *names = NULL;
    int i;

    for (i = 0; i < CORS_DIFFERENCE_COUNT; i++) {
        if (differs & (1u << i)) {
            names = names ? apr_pstrcat(p, names, ",",
                                        cors_difference_names[i], NULL)
                          : cors_difference_names[i];
        }
    }
    return names;
}

/* Returns "Vary: sent today nothing, would be sent 'Origin'", and so on. */
static const char *details_of(unsigned int differs,
                              const cors_response_t *today,
                              const cors_response_t *then, apr_pool_t *p)
{
    const char *details = "";
    int i;

    for (i = 0; i < CORS_DIFFERENCE_COUNT; i++) {
        if (differs & (1u << i)) {
            details = apr_pstrcat(p, details, *details ? "; " : "",
                                  cors_difference_names[i], ": sent today ",
                                  shown(today, i, p), ", would be sent ",
                                  shown(then, i, p), NULL);
        }
    }
    return details;
}

void cors_tell_differs(const request_rec *r, const cors_request_t *cors,
                       unsigned int differs, const cors_response_t *today,
                       const cors_response_t *then)
{
    if (!cors->differs) {
        cors_counts_add(cors_store_counts(r->server), CORS_COUNT_differs);
    }
    apr_table_setn(r->subprocess_env, "CORS_DIFFERS",
                   names_of(differs, r->pool));
    if (APLOG_R_IS_LEVEL(r, APLOG_INFO)) {
        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      "%s differs (detection only): %s; origin '%.*s' for %s",
                      cors_request_is_preflight(cors) ? "preflight"
                                                      : "response",
                      details_of(differs, today, then, r->pool), SHOWN_MAX,
                      cors->facts.origin, asked_for(r, cors));
    }
}

/* Returns what became of a preflight whose response has another status than
 * the answer from here.  A filter or a later hook can replace an answer. */
static const char *fate_of(const cors_request_t *cors)
{
    return cors->policy->preflight == CORS_PREFLIGHT_FORWARD
               ? "was left to others (CorsPreflight forward) and ended"
           : cors->end_status
               ? "was answered by mod_cors, and something else replaced the "
                 "answer,"
               : "was ended before mod_cors could answer it,";
}

void cors_tell_elsewhere(const request_rec *r, const cors_request_t *cors)
{
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                  "preflight %s with status %d: origin '%.*s' for %s; the "
                  "policy says: %s",
                  fate_of(cors), r->status, SHOWN_MAX, cors->facts.origin,
                  asked_for(r, cors),
                  cors_verdict_word(cors->decision.verdict));
}

/* Returns the first list that is too long, and its directive. */
static const cors_list_t *too_long_list(const cors_policy_t *policy,
                                        const char **directive)
{
#define X(name, word, help)                    \
    if (cors_list_is_too_long(policy->name)) { \
        *directive = word;                     \
        return policy->name;                   \
    }
    CORS_LISTS(X)
#undef X
    return NULL;
}

__attribute__((noinline)) int cors_tell_too_long(const request_rec *r,
                                                 const cors_request_t *cors)
{
    const char *directive = NULL;
    const cors_list_t *list = too_long_list(cors->policy, &directive);

    /* No list is long without a word, which its line has. */
    if (list) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "%s (%s): this list, with all that it inherits, makes "
                      "more than %d bytes, which no header may hold: shorten "
                      "it",
                      directive, cors_line_name(list->last->at, r->pool),
                      CORS_VALUE_MAX);
    }
    return HTTP_INTERNAL_SERVER_ERROR;
}

/* Of a set, the origin is told: another is perhaps no risk. */
static const char *risk_advice(const request_rec *r,
                               const cors_request_t *cors)
{
    const cors_risk_t *risk = cors->decision.risk;
    const cors_word_t *word = cors->decision.word;

    return word->flags & CORS_WORD_SET ? apr_psprintf(
               r->pool, "set %s allows %.*s, and %s", word->text, SHOWN_MAX,
               cors->facts.origin,
               cors_risk_advice_set(risk, cors->facts.origin, r->pool))
                                       : cors_risk_advice(risk, word, r->pool);
}

/* Logs the two lines that conflict.  Either may come from an .htaccess file,
 * so the check at start cannot have seen it. */
static void tell_risk(const request_rec *r, const cors_request_t *cors)
{
    const cors_risk_t *risk = cors->decision.risk;
    const cors_word_t *word = cors->decision.word;
    const cors_line_t *with = cors_risk_line(risk, cors->policy);

    if (!cors_once(word->at, with)) {
        return;
    }
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "%s%s%s%sCorsAllowOrigin %s (%s): %s. Until then %s",
                  cors_risk_with(risk), with ? " (" : "",
                  with ? cors_line_name(with, r->pool) : "",
                  with ? ") meets " : "", word->text,
                  cors_line_name(word->at, r->pool), risk_advice(r, cors),
                  cors_risk_withheld(risk));
}

static const char *limit_advice(const request_rec *r,
                                const cors_request_t *cors)
{
    const cors_decision_t *decision = &cors->decision;

    if (decision->word->flags & CORS_WORD_ANY) {
        return "below a ceiling * allows nobody, so write origins that the "
               "ceiling covers in its place";
    }
    if (decision->word->flags & CORS_WORD_SET) {
        return apr_psprintf(r->pool,
                            "set %s allows %.*s: take it out of the source, "
                            "or write a ceiling that covers it",
                            decision->word->text, SHOWN_MAX,
                            cors->facts.origin);
    }
    return decision->limit->list->sets
               ? apr_psprintf(r->pool,
                              "no set of the ceiling has %.*s: add it to a "
                              "set's source, or leave it out",
                              SHOWN_MAX,
                              decision->word->host && decision->offender
                                  ? decision->offender
                                  : decision->word->text)
               : "leave it out, or write an origin that the ceiling covers";
}

/* The check at start has not seen an .htaccess file, nor what meets only for a
 * request. */
static void tell_limit(const request_rec *r, const cors_request_t *cors)
{
    const cors_word_t *word = cors->decision.word;
    const cors_line_t *limit = cors_limit_line(cors->decision.limit);

    if (cors_once(word->at, limit)) {
        ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                      "CorsLimitOrigin (%s) limits CorsAllowOrigin %s (%s): "
                      "%s. Until then no origin outside of the ceiling "
                      "is allowed",
                      cors_line_name(limit, r->pool), word->text,
                      cors_line_name(word->at, r->pool),
                      limit_advice(r, cors));
    }
}

/* Whether an allowed origin gets no credentials, though they are on. */
static int withholds_credentials(const cors_request_t *cors)
{
    return cors->facts.origin && cors->decision.allow_origin
           && cors->policy->credentials && !cors->decision.credentials;
}

__attribute__((noinline)) void cors_tell_meeting(const request_rec *r,
                                                 const cors_request_t *cors)
{
    if (cors->decision.limit) {
        tell_limit(r, cors);
    }
    else if (cors->decision.risk) {
        if (withholds_credentials(cors)) {
            cors_counts_add(cors_store_counts(r->server), CORS_COUNT_withheld);
        }
        tell_risk(r, cors);
    }
}

void cors_tell_no_list(const request_rec *r, const cors_policy_t *policy)
{
    if (cors_once(policy->enforce_at, NULL)) {
        ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                      "CorsEnforce (%s) enforces nothing: no CorsAllowOrigin "
                      "is in reach, so write one beside it",
                      cors_line_name(policy->enforce_at, r->pool));
    }
}
