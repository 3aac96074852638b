/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "protocol/judge.h"

#include <string.h>

#include "grammar/token.h"
#include "policy/names.h"
#include "policy/origins.h"

const char *cors_verdict_word(cors_verdict_e verdict)
{
    static const char *const words[] = {
#define X(verdict, word) word,
        CORS_VERDICTS(X)
#undef X
    };

    return words[verdict];
}

static cors_verdict_e refuse_request(cors_decision_t *decision,
                                     cors_verdict_e verdict,
                                     const char *offender, apr_size_t len)
{
    decision->verdict = verdict;
    decision->offender = offender;
    decision->offender_len = len;
    return verdict;
}

/* Sections that are safe by themselves may meet for a request as no check of
 * the configuration could foresee: what would be unsafe is withheld. */
static int may_have(const cors_policy_t *policy, const cors_word_t *word,
                    cors_with_e with, cors_decision_t *decision)
{
    const cors_risk_t *risk = cors_risk_find(policy, word, with);

    if (risk) {
        decision->risk = risk;
        decision->word = word;
    }
    return !risk;
}

/* The ceiling does not list the origin, which the word allows: perhaps a set
 * of the ceiling has it. */
__attribute__((noinline)) static cors_verdict_e judge_outside(
    const cors_limit_t *limit, const cors_facts_t *facts, const char *text,
    apr_size_t len, const cors_word_t *word, cors_decision_t *decision)
{
    const cors_set_t *unknown = NULL;

    if (limit->list->sets) {
        limit = cors_limit_find_outside_sets(limit, facts->now, facts->ask,
                                             text, len, &unknown);
    }
    if (unknown) {
        decision->set = unknown;
        return CORS_SOURCE_UNAVAILABLE;
    }
    if (limit) {
        decision->limit = limit;
        decision->word = word;
        return CORS_ORIGIN_NOT_ALLOWED;
    }
    return CORS_ALLOWED;
}

/* Holds an origin, which the word allows, against the ceilings. */
static inline cors_verdict_e judge_ceilings(const cors_policy_t *policy,
                                            const cors_facts_t *facts,
                                            const char *text, apr_size_t len,
                                            const cors_word_t *word,
                                            cors_decision_t *decision)
{
    const cors_limit_t *limit = cors_limit_find_outside(policy->limits, text,
                                                        len);

    return limit ? judge_outside(limit, facts, text, len, word, decision)
                 : CORS_ALLOWED;
}

static inline void grant(const cors_policy_t *policy,
                         const cors_facts_t *facts, const cors_word_t *word,
                         cors_decision_t *decision)
{
    decision->credentials = policy->credentials;
    decision->private_network = policy->private_network
                                && facts->private_network;
    if (word->flags & CORS_WORD_RISKS) {
        decision->word = word;
        decision->credentials = decision->credentials
                                && may_have(policy, word,
                                            CORS_WITH_CREDENTIALS, decision);
        decision->private_network = decision->private_network
                                    && may_have(policy, word,
                                                CORS_WITH_PRIVATE_NETWORK,
                                                decision);
    }
}

/* No source is asked about an origin that a ceiling withholds anyway.  Not
 * inlined: most policies have no ceiling. */
__attribute__((noinline)) static int is_withheld(const cors_policy_t *policy,
                                                 const cors_facts_t *facts,
                                                 apr_size_t len,
                                                 cors_set_hit_t *hit)
{
    const cors_set_t *unknown;
    int rv = cors_limit_find_outside_sets(policy->limits, facts->now,
                                          cors_set_perhaps, facts->origin, len,
                                          &unknown)
             != NULL;

    if (rv) {
        hit->set = unknown;
    }
    return rv;
}

/* The origin is no exact one of the list.  What is exact in a snapshot is
 * well-formed as well. */
static const cors_word_t *find_with_sets(const cors_policy_t *policy,
                                         const cors_facts_t *facts,
                                         apr_size_t len, cors_set_hit_t *hit,
                                         cors_decision_t *decision)
{
    const cors_list_t *list = policy->origins;
    const char *text = facts->origin;
    const cors_word_t *word;
    cors_origin_t origin;

    if (len <= CORS_ORIGIN_MAX
        && cors_set_find_exact(list, facts->now, text, len, hit)) {
        decision->well_formed = 1;
        return hit->word;
    }
    decision->well_formed = cors_origin_parse(text, len, &origin)
                            == CORS_ORIGIN_OK;
    if (!decision->well_formed || !origin.host) {
        hit->set = NULL;
        return NULL;
    }
    word = cors_origins_find_pattern(list, &origin);
    if (word) {
        hit->set = NULL;
        return word;
    }
    if (cors_set_find_pattern(list, facts->now, &origin, text, len, hit)) {
        return hit->word;
    }
    if (policy->limits && is_withheld(policy, facts, len, hit)) {
        return NULL;
    }
    cors_set_ask(list, facts->ask, text, len, hit);
    return hit->word;
}

/* Not inlined: a policy without sets pays for one test, where an origin is no
 * exact one. */
__attribute__((noinline)) static const cors_word_t *find_in_sets(
    const cors_policy_t *policy, const cors_facts_t *facts, apr_size_t len,
    cors_decision_t *decision)
{
    cors_set_hit_t hit = { NULL, NULL, 0 };
    const cors_word_t *word = find_with_sets(policy, facts, len, &hit,
                                             decision);

    decision->set = hit.set;
    return word;
}

/* An exact origin in the list is well-formed, so it is looked for before
 * anything is parsed. */
static const cors_word_t *find_origin(const cors_policy_t *policy,
                                      const cors_facts_t *facts,
                                      apr_size_t len,
                                      cors_decision_t *decision)
{
    const char *text = facts->origin;
    const cors_word_t *word = cors_origins_find_exact(policy->origins, text,
                                                      len);
    cors_origin_t origin;

    if (!word && (policy->origins->flags & CORS_WORD_SET)) {
        return find_in_sets(policy, facts, len, decision);
    }
    if (!word) {
        decision->well_formed = cors_origin_parse(text, len, &origin)
                                == CORS_ORIGIN_OK;
        return decision->well_formed
                   ? cors_origins_find_pattern(policy->origins, &origin)
                   : NULL;
    }
    decision->well_formed = 1;
    return may_have(policy, word, CORS_WITH_NOTHING, decision) ? word : NULL;
}

/* Why no word allows the origin. */
static cors_verdict_e why_not(const cors_decision_t *decision)
{
    if (!decision->well_formed) {
        return CORS_ORIGIN_MALFORMED;
    }
    return decision->set ? CORS_SOURCE_UNAVAILABLE : CORS_ORIGIN_NOT_ALLOWED;
}

/* Fetch, "CORS check": the response names the request's origin, byte for
 * byte, or "*". */
static cors_verdict_e judge_origin(const cors_policy_t *policy,
                                   const cors_facts_t *facts,
                                   cors_decision_t *decision)
{
    apr_size_t len = cors_origin_length(facts->origin);
    const cors_word_t *word = find_origin(policy, facts, len, decision);
    cors_verdict_e rv = word ? CORS_ALLOWED : why_not(decision);

    if (word && policy->limits) {
        rv = judge_ceilings(policy, facts, facts->origin, len, word, decision);
    }
    if (rv != CORS_ALLOWED) {
        return refuse_request(decision, rv, facts->origin, len);
    }
    decision->allow_origin = facts->origin;
    grant(policy, facts, word, decision);
    return CORS_ALLOWED;
}

/* No ceiling covers "*": nobody is allowed, so that a response is the same for
 * everybody, as caches expect of "*". */
__attribute__((noinline)) static cors_verdict_e refuse_any_origin(
    const cors_policy_t *policy, const cors_facts_t *facts,
    cors_decision_t *decision)
{
    decision->limit = policy->limits;
    decision->word = policy->origins->any;
    return facts->origin
               ? refuse_request(decision,
                                decision->well_formed ? CORS_ORIGIN_NOT_ALLOWED
                                                      : CORS_ORIGIN_MALFORMED,
                                facts->origin,
                                cors_origin_length(facts->origin))
               : CORS_ALLOWED;
}

/* With "*" the origin is not judged: it may be anything. */
static cors_verdict_e judge_any_origin(const cors_policy_t *policy,
                                       const cors_facts_t *facts,
                                       cors_decision_t *decision)
{
    cors_origin_t ignored;

    if (facts->origin) {
        decision->well_formed = cors_origin_parse(
                                    facts->origin,
                                    cors_origin_length(facts->origin),
                                    &ignored)
                                == CORS_ORIGIN_OK;
    }
    if (policy->limits) {
        return refuse_any_origin(policy, facts, decision);
    }
    decision->allow_origin = "*";
    if (policy->credentials || policy->private_network) {
        grant(policy, facts, policy->origins->any, decision);
    }
    return CORS_ALLOWED;
}

/* Whether the ceilings let the static origin be sent.  What a request that is
 * refused is told of is its own origin. */
static int may_be_static(const cors_policy_t *policy,
                         const cors_facts_t *facts, const cors_word_t *word,
                         cors_decision_t *decision)
{
    cors_decision_t of_static = { .verdict = CORS_ALLOWED };

    if (!policy->limits
        || judge_ceilings(policy, facts, word->text, word->len, word,
                          &of_static)
               == CORS_ALLOWED) {
        return 1;
    }
    if (decision->verdict == CORS_ALLOWED) {
        decision->limit = of_static.limit;
        decision->word = of_static.word;
    }
    return 0;
}

/* Every response names the one origin there is, whoever asks, so that a cache
 * can keep one response for all. */
static void use_static_origin(const cors_policy_t *policy,
                              const cors_facts_t *facts,
                              cors_decision_t *decision)
{
    const cors_word_t *word = cors_policy_static_origin(policy);

    if (word && may_be_static(policy, facts, word, decision)) {
        decision->allow_origin = word->text;
        grant(policy, facts, word, decision);
    }
}

/* Fetch, "CORS-preflight fetch", the method against `Access-Control-Allow-
 * Methods`. */
static cors_verdict_e judge_method(const cors_policy_t *policy,
                                   const cors_facts_t *facts,
                                   cors_decision_t *decision)
{
    apr_size_t len = strlen(facts->method);
    const cors_list_t *list = policy->methods;

    if (cors_names_allow_method(list, facts->method, len)) {
        return CORS_ALLOWED;
    }
    /* Browsers send GET, HEAD and POST whatever the list says. */
    decision->is_spelled_out = !(list && list->any)
                               && !cors_method_is_safelisted(facts->method,
                                                             len);
    return refuse_request(decision, CORS_METHOD_NOT_ALLOWED, facts->method,
                          len);
}

/* "*" is no wildcard for this one (Fetch, "CORS non-wildcard request-header
 * name"). */
static int asks_for_authorization(const cors_scan_t *scan)
{
    static const char name[] = "Authorization";

    return scan->len == sizeof(name) - 1
           && cors_token_equal(scan->name, name, sizeof(name) - 1);
}

/* The first element that "*" does not cover. */
static cors_scan_e scan_any(const cors_list_t *headers, cors_scan_t *scan)
{
    cors_scan_e found;

    do {
        found = cors_scan_next(scan);
    } while (found == CORS_SCAN_NAME
             && (headers->authorization || !asks_for_authorization(scan)));
    return found;
}

/* Fetch, "CORS-preflight fetch", the names against `Access-Control-Allow-
 * Headers`. */
static cors_verdict_e judge_headers(const cors_policy_t *policy,
                                    const cors_facts_t *facts,
                                    cors_decision_t *decision)
{
    cors_scan_t scan = { facts->headers, NULL, 0, 0 };
    const cors_list_t *list = policy->headers;

    switch (list && list->any ? scan_any(list, &scan)
                              : cors_names_scan(list, &scan)) {
    case CORS_SCAN_NAME:
        decision->is_spelled_out = !(list && list->any);
        return refuse_request(decision, CORS_HEADER_NOT_ALLOWED, scan.name,
                              scan.len);
    case CORS_SCAN_BAD:
        return refuse_request(decision, CORS_HEADERS_MALFORMED, scan.name,
                              scan.len);
    case CORS_SCAN_END:
        break;
    }
    return CORS_ALLOWED;
}

static inline cors_verdict_e judge_request(const cors_policy_t *policy,
                                           const cors_facts_t *facts,
                                           cors_decision_t *decision)
{
    cors_verdict_e rv = CORS_ALLOWED;

    if (policy->origins->any) {
        rv = judge_any_origin(policy, facts, decision);
    }
    else if (facts->origin) {
        rv = judge_origin(policy, facts, decision);
    }
    if (policy->static_origin && !facts->method) {
        use_static_origin(policy, facts, decision);
    }

    if (rv == CORS_ALLOWED && facts->method) {
        rv = judge_method(policy, facts, decision);
    }
    if (rv == CORS_ALLOWED && facts->method && facts->headers) {
        rv = judge_headers(policy, facts, decision);
    }
    return rv;
}

cors_verdict_e cors_judge(const cors_policy_t *policy,
                          const cors_facts_t *facts, cors_decision_t *decision)
{
    memset(decision, 0, sizeof(*decision));
    return judge_request(policy, facts, decision);
}

/* The line of the nearest section's list. */
static const cors_line_t *line_of(const cors_list_t *list)
{
    return list && list->first ? list->first->at : NULL;
}

const cors_line_t *cors_decision_line(const cors_policy_t *policy,
                                      const cors_decision_t *decision,
                                      const char **directive)
{
    switch (decision->verdict) {
    case CORS_ORIGIN_NOT_ALLOWED:
        if (decision->limit) {
            *directive = "CorsLimitOrigin";
            return cors_limit_line(decision->limit);
        }
        *directive = "CorsAllowOrigin";
        return line_of(policy->origins);
    case CORS_SOURCE_UNAVAILABLE:
        *directive = "CorsOriginSet";
        return decision->set->at;
    case CORS_METHOD_NOT_ALLOWED:
        *directive = "CorsAllowMethods";
        return line_of(policy->methods);
    case CORS_HEADER_NOT_ALLOWED:
        *directive = "CorsAllowHeaders";
        return line_of(policy->headers);
    case CORS_ORIGIN_MISSING:
        *directive = "CorsEnforce";
        return policy->enforce_at;
    case CORS_ALLOWED:
    case CORS_SAME_ORIGIN:
    case CORS_ORIGIN_MALFORMED:
    case CORS_HEADERS_MALFORMED:
        break;
    }
    *directive = NULL;
    return NULL;
}
