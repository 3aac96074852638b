/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/tell.h"

#include "module/line.h"
#include "request/once.h"

/* The bytes of a header value that a log line shows. */
#define SHOWN_MAX 256

void cors_tell_variables(const request_rec *r, const cors_request_t *cors)
{
    apr_table_t *env = r->subprocess_env;
    /* Where there is nothing yet, there is nothing to look for and replace. */
    void (*put)(apr_table_t *, const char *,
                const char *) = apr_is_empty_table(env) ? apr_table_addn
                                                        : apr_table_setn;

    put(env, "CORS_REQUEST",
        cors_request_is_preflight(cors) ? "preflight" : "actual");
    put(env, "CORS_VERDICT", cors_verdict_word(cors->decision.verdict));
    if (cors->decision.well_formed) {
        put(env, "CORS_ORIGIN", cors->facts.origin);
    }
}

void cors_tell_verdict(const request_rec *r, const cors_request_t *cors)
{
    const cors_decision_t *decision = &cors->decision;
    const char *kind = cors_request_is_preflight(cors) ? "preflight"
                                                       : "request";
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
    ap_log_rerror(
        APLOG_MARK, cors_request_is_preflight(cors) ? APLOG_INFO : APLOG_DEBUG,
        0, r, "%s refused%s: %s: '%.*s'", kind, only,
        cors_verdict_word(decision->verdict), shown, decision->offender);
}

/* Says which lines are at odds, no matter how they came together.  They need
 * not be in the configuration: .htaccess files can be read at any time. */
void cors_tell_risk(const request_rec *r, const cors_request_t *cors)
{
    const cors_risk_t *risk = cors->decision.risk;
    const cors_word_t *word = cors->decision.word;
    const cors_line_t *with = cors_risk_line(risk, cors->policy);

    if (!cors_once(word->at, with)) {
        return;
    }
    ap_log_rerror(
        APLOG_MARK, APLOG_WARNING, 0, r,
        "%s%s%s%sCorsAllowOrigin %s (%s): %s. Until then %s",
        cors_risk_with(risk), with ? " (" : "",
        with ? cors_line_name(with, r->pool) : "", with ? ") meets " : "",
        word->text, cors_line_name(word->at, r->pool),
        cors_risk_advice(risk, word->text, r->pool), cors_risk_withheld(risk));
}
