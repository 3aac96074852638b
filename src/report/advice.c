/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/advice.h"

#include <string.h>

#include <apr_strings.h>

#include "config/places.h"
#include "config/sections.h"
#include "grammar/name.h"
#include "module/line.h"
#include "policy/names.h"
#include "policy/origins.h"
#include "report/near.h"
#include "report/unknown.h"

const char *cors_advice_reason(const cors_decision_t *decision, apr_pool_t *p)
{
    const char *offender = decision->offender ? apr_pstrmemdup(
                               p, decision->offender, decision->offender_len)
                                              : "";

    switch (decision->verdict) {
    case CORS_ORIGIN_MALFORMED:
        return apr_psprintf(p, "'%s' is no origin", offender);
    case CORS_ORIGIN_NOT_ALLOWED:
        if (decision->limit && (decision->word->flags & CORS_WORD_ANY)) {
            return "below CorsLimitOrigin, * allows nobody";
        }
        return apr_psprintf(p, "the origin %s is not in %s", offender,
                            decision->limit ? "CorsLimitOrigin"
                                            : "CorsAllowOrigin");
    case CORS_SOURCE_UNAVAILABLE:
        return apr_psprintf(p,
                            "the set @%s can't be asked here, and nothing "
                            "else has the origin %s",
                            decision->set->name, offender);
    case CORS_METHOD_NOT_ALLOWED:
        return apr_psprintf(p, "the method %s is not in CorsAllowMethods",
                            offender);
    case CORS_HEADER_NOT_ALLOWED:
        return apr_psprintf(p, "the header %s is not in CorsAllowHeaders",
                            offender);
    case CORS_HEADERS_MALFORMED:
        return apr_psprintf(p, "'%s' is no name of a header", offender);
    case CORS_ORIGIN_MISSING:
        return "a page of another site sends it without an origin";
    case CORS_ALLOWED:
    case CORS_SAME_ORIGIN:
        break;
    }
    return "nothing is wrong with it";
}

/* Returns "CorsAllowOrigin (line 3 of x.conf)". */
static const char *at_line(const char *directive, const cors_line_t *line,
                           apr_pool_t *p)
{
    return apr_psprintf(p, "%s (%s)", directive, cors_line_name(line, p));
}

static const char *origins_line(const cors_policy_t *policy, apr_pool_t *p)
{
    return at_line("CorsAllowOrigin", policy->origins->first->at, p);
}

/* Returns the sentence about an origin that no list can hold, or NULL. */
static const char *why_no_origin(const char *origin, apr_pool_t *p)
{
    cors_list_t list = { 0 };

    return cors_origins_add(&list, apr_pstrdup(p, origin), NULL, NULL, p, p);
}

/* Returns the line of the ceiling that keeps the origin out, or NULL.  A list
 * of any age will do for advice. */
static const char *ceiling(const cors_policy_t *policy, const char *origin,
                           apr_pool_t *p)
{
    const cors_set_t *unknown;
    const cors_limit_t *limit = cors_limit_find_outside_sets(
        policy->limits, 0, cors_set_perhaps, origin,
        cors_origin_length(origin), &unknown);

    return limit ? apr_pstrcat(
               p, at_line("CorsLimitOrigin", cors_limit_line(limit), p),
               limit->list->sets ? " or to the source of its set" : NULL, NULL)
                 : NULL;
}

static const char *add_null(const cors_policy_t *policy, apr_pool_t *p)
{
    return apr_pstrcat(p,
                       "give the page an origin of its own: null is any page "
                       "that makes itself opaque, and ",
                       origins_line(policy, p),
                       " can list it only with CorsAllowUnsafe null-origin",
                       NULL);
}

/* wrong is the sentence about the origin; NULL where a list may hold it, and
 * no page has it. */
static const char *no_page(const char *origin, const char *wrong,
                           apr_pool_t *p)
{
    return apr_psprintf(p, "no browser sends the origin '%s': %s", origin,
                        wrong ? wrong
                              : "ask for the origin of one page, such as "
                                "https://app.example.com");
}

/* "*" stands alone, and a ceiling takes it away. */
static const char *in_place_of_any(const cors_policy_t *policy,
                                   const char *origin, const char *limit,
                                   apr_pool_t *p)
{
    return apr_pstrcat(p, "write ", origin, " in place of * at ",
                       at_line("CorsAllowOrigin", policy->origins->any->at, p),
                       limit ? ", and add it to " : NULL, limit, NULL);
}

/* Returns how the list gets the origin. */
static const char *list_origin(const cors_policy_t *policy, const char *origin,
                               apr_pool_t *p)
{
    return apr_psprintf(p,
                        policy->origins->none
                            ? "write %s in place of none at %s"
                            : "add %s to %s",
                        origin, origins_line(policy, p));
}

/* Returns a sentence about a listed origin that may have been meant to be this
 * one, or NULL.  Pages of that origin may work today: it is not to be taken
 * out unseen. */
static const char *doubt_listed(const cors_policy_t *policy,
                                const char *origin, apr_pool_t *p)
{
    const cors_word_t *near = cors_near_find(policy, origin, p);

    return near ? apr_psprintf(
               p, ". %s is listed at %s: if that is a slip, take it out",
               near->text, at_line("CorsAllowOrigin", near->at, p))
                : NULL;
}

static const char *add_origin(const cors_policy_t *policy,
                              const cors_decision_t *decision,
                              const char *origin, apr_pool_t *p)
{
    const char *wrong = why_no_origin(origin, p);
    const char *sentence;
    const char *limit;

    if (strcmp(origin, "null") == 0) {
        return add_null(policy, p);
    }
    if (wrong || decision->verdict == CORS_ORIGIN_MALFORMED) {
        return no_page(origin, wrong, p);
    }
    limit = ceiling(policy, origin, p);
    if (policy->origins->any) {
        return in_place_of_any(policy, origin, limit, p);
    }
    if (decision->limit && limit) {
        return apr_psprintf(p, "add %s to %s", origin, limit);
    }
    sentence = apr_pstrcat(p, list_origin(policy, origin, p),
                           limit ? ", and add it to " : NULL, limit, NULL);
    if (cors_policy_static_origin(policy)) {
        sentence = apr_psprintf(
            p, "%s, and write Off in place of On at %s", sentence,
            at_line("CorsStaticOrigin", policy->static_origin_at, p));
    }
    return apr_pstrcat(p, sentence, doubt_listed(policy, origin, p), NULL);
}

static const char *add_method(const cors_policy_t *policy, const char *method,
                              apr_pool_t *p)
{
    return policy->methods
               ? apr_psprintf(
                   p, "add %s to %s", method,
                   at_line("CorsAllowMethods", policy->methods->first->at, p))
               : apr_psprintf(p,
                              "write the line CorsAllowMethods GET HEAD POST "
                              "%s below %s",
                              method, origins_line(policy, p));
}

/* Returns all requested names that the list lacks, with blanks between. */
static const char *missing_headers(const cors_policy_t *policy,
                                   const cors_facts_t *facts, apr_pool_t *p)
{
    cors_scan_t scan = { facts->headers, NULL, 0, 0 };
    const char *names = NULL;

    if (policy->headers && policy->headers->any) {
        return "Authorization";
    }
    while (cors_names_scan(policy->headers, &scan) == CORS_SCAN_NAME) {
        const char *name = apr_pstrmemdup(p, scan.name, scan.len);

        names = names ? apr_pstrcat(p, names, " ", name, NULL) : name;
    }
    return names;
}

static const char *add_headers(const cors_policy_t *policy,
                               const cors_facts_t *facts, apr_pool_t *p)
{
    const char *names = missing_headers(policy, facts, p);
    const cors_list_t *list = policy->headers;

    if (!list) {
        return apr_psprintf(p, "write the line CorsAllowHeaders %s below %s",
                            names, origins_line(policy, p));
    }
    return list->none
               ? apr_psprintf(p, "write %s in place of none at %s", names,
                              at_line("CorsAllowHeaders", list->first->at, p))
               : apr_psprintf(p, "add %s to %s", names,
                              at_line("CorsAllowHeaders", list->first->at, p));
}

const char *cors_advice_on_refusal(const cors_trial_t *trial,
                                   const cors_page_t *page, apr_pool_t *p)
{
    const cors_policy_t *policy = trial->cors.policy;
    const cors_decision_t *decision = &trial->cors.decision;

    switch (decision->verdict) {
    case CORS_ORIGIN_MALFORMED:
    case CORS_ORIGIN_NOT_ALLOWED:
    case CORS_SOURCE_UNAVAILABLE:
        return add_origin(policy, decision, page->origin, p);
    case CORS_METHOD_NOT_ALLOWED:
        return add_method(policy, page->method, p);
    case CORS_HEADER_NOT_ALLOWED:
        return add_headers(policy, &trial->cors.facts, p);
    default:
        return NULL;
    }
}

static void add_line(apr_array_header_t *lines, const char *directive,
                     const char *value)
{
    APR_ARRAY_PUSH(lines, const char *) = apr_pstrcat(lines->pool, directive,
                                                      " ", value, NULL);
}

/* Returns the names of a header value with blanks between. */
static char *without_commas(const char *value, apr_pool_t *p)
{
    char *names = apr_pstrdup(p, value);
    char *c;

    for (c = names; *c; c++) {
        if (*c == ',') {
            *c = ' ';
        }
    }
    return names;
}

/* Returns the lines that the page needs where there is no policy. */
static apr_array_header_t *needed_lines(const cors_policy_t *policy,
                                        const cors_page_t *page, apr_pool_t *p)
{
    apr_array_header_t *lines = apr_array_make(p, 4, sizeof(const char *));
    const char *names = cors_browser_request_headers(page, p);

    add_line(lines, "CorsAllowOrigin", page->origin);
    if (!policy->methods
        && !cors_method_is_safelisted(page->method, strlen(page->method))) {
        add_line(lines, "CorsAllowMethods GET HEAD POST", page->method);
    }
    if (!policy->headers && names) {
        add_line(lines, "CorsAllowHeaders", without_commas(names, p));
    }
    if (page->credentials && !policy->credentials) {
        add_line(lines, "CorsAllowCredentials", "On");
    }
    return lines;
}

/* Returns "a, b and c". */
static const char *enumerate(const apr_array_header_t *words, apr_pool_t *p)
{
    const char *all = APR_ARRAY_IDX(words, 0, const char *);
    int i;

    for (i = 1; i < words->nelts; i++) {
        all = apr_pstrcat(p, all, i + 1 < words->nelts ? ", " : " and ",
                          APR_ARRAY_IDX(words, i, const char *), NULL);
    }
    return all;
}

/* Returns what to write where no policy is. */
static const char *write_policy(const cors_policy_t *policy,
                                const cors_page_t *page,
                                const server_rec *server, apr_pool_t *p)
{
    cors_origin_t origin;
    const apr_array_header_t *lines;
    const char *wrong = why_no_origin(page->origin, p);

    if (wrong
        || cors_origin_parse(page->origin, cors_origin_length(page->origin),
                             &origin)
               != CORS_ORIGIN_OK) {
        return no_page(page->origin, wrong, p);
    }
    if (!origin.host) {
        return "give the page an origin of its own: null is any page that "
               "makes itself opaque";
    }
    lines = needed_lines(policy, page, p);
    return apr_psprintf(p, "write the %s %s into %s",
                        lines->nelts > 1 ? "lines" : "line",
                        enumerate(lines, p), cors_server_name(server, p));
}

const char *cors_advice_on_no_policy(const cors_policy_t *policy,
                                     const cors_page_t *page,
                                     const server_rec *server, apr_pool_t *p)
{
    if (!policy->origins) {
        return write_policy(policy, page, server, p);
    }
    if (policy->engine != CORS_ENGINE_ON) {
        return apr_psprintf(
            p, "write On in place of %s at %s",
            policy->engine == CORS_ENGINE_OFF ? "Off" : "DetectionOnly",
            at_line("CorsEngine", policy->engine_at, p));
    }
    return NULL;
}

const char *cors_advice_unread(const cors_trial_t *trial, apr_pool_t *p)
{
    return apr_psprintf(p,
                        "httpd can't read the file %s, and answers %d to each "
                        "request for its folder: %s.",
                        trial->unread, trial->status, trial->unread_why);
}

/* Something else than this module has ended the preflight. */
static const char *look_for_end(const cors_trial_t *trial, int status,
                                apr_pool_t *p)
{
    const ap_directive_t *rule = cors_unknown_find_rule(trial, status, p);

    if (rule) {
        return apr_psprintf(
            p,
            "let preflights pass RewriteRule %s (%s): write RewriteCond "
            "%%{REQUEST_METHOD} !=OPTIONS [OR] and RewriteCond "
            "%%{HTTP:Access-Control-Request-Method} ^$ before its other "
            "conditions, or leave it out if it is for OPTIONS alone",
            rule->args, cors_line_name(cors_line_of(rule), p));
    }
    return apr_psprintf(p,
                        "look for what ends OPTIONS for this URL with %d: a "
                        "RewriteRule, a missing folder or a broken .htaccess "
                        "file",
                        status);
}

const char *cors_advice_on_browser(const cors_trial_t *trial,
                                   const cors_page_t *page, cors_browser_e why,
                                   int status, apr_pool_t *p)
{
    const cors_policy_t *policy = trial->cors.policy;
    const cors_decision_t *decision = &trial->cors.decision;

    if (decision->risk && (decision->word->flags & CORS_WORD_ANY)) {
        return apr_psprintf(p,
                            "write %s, and each other origin that needs it, "
                            "in place of * at %s",
                            page->origin,
                            at_line("CorsAllowOrigin", decision->word->at, p));
    }
    if (decision->risk) {
        return cors_risk_advice(decision->risk, decision->word, p);
    }
    switch (why) {
    case CORS_BROWSER_ANY_ORIGIN:
        return apr_psprintf(p,
                            "write %s in place of * at %s, and "
                            "the line CorsAllowCredentials On below it",
                            page->origin, origins_line(policy, p));
    case CORS_BROWSER_NO_CREDENTIALS:
        return policy->credentials_at
                   ? apr_psprintf(p, "write On in place of Off at %s",
                                  at_line("CorsAllowCredentials",
                                          policy->credentials_at, p))
                   : apr_psprintf(
                       p, "write the line CorsAllowCredentials On below %s",
                       origins_line(policy, p));
    case CORS_BROWSER_OTHER_ORIGIN:
        return add_origin(policy, decision, page->origin, p);
    default:
        return look_for_end(trial, status, p);
    }
}
