/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A whole decision: sections are merged, a request is judged, the headers are
 * made, and a browser by the Fetch standard (oracle.h) reads them for its own
 * origin and for others, with credentials and without.  What it then lets
 * happen is what the sections say (model.h).  The input is a scenario. */

#include "fuzz.h"

#include <string.h>
#include <strings.h>

#include <apr_strings.h>

#include "grammar/origin.h"
#include "grammar/token.h"
#include "model.h"
#include "naive.h"
#include "oracle.h"
#include "policies.h"
#include "policy/names.h"
#include "protocol/headers.h"
#include "protocol/vary.h"

/* One decision, with all that is looked at. */
typedef struct decision_t {
    const scenario_t *scenario;
    const cors_policy_t *policy;
    const cors_facts_t *facts;
    cors_decision_t decision;
    apr_table_t *headers;       /* of the response to the request itself */
    apr_table_t *preflight;     /* of the response to its preflight, or NULL */
    apr_array_header_t *others; /* origins to try on both: const char * */
    apr_pool_t *p;
} decision_t;

/* ---- What is sent, whoever reads it ---- */

static int is_ours(const char *name)
{
    return strncasecmp(name, "Access-Control-", 15) == 0
           || strcasecmp(name, "Timing-Allow-Origin") == 0
           || strcasecmp(name, "Vary") == 0;
}

static int count_lines(const apr_table_t *headers, const char *name)
{
    const apr_array_header_t *lines = apr_table_elts(headers);
    const apr_table_entry_t *line = (const void *)lines->elts;
    int count = 0;
    int i;

    for (i = 0; i < lines->nelts; i++) {
        count += strcasecmp(line[i].key, name) == 0;
    }
    return count;
}

/* A list of names is written plainly, whatever the request had in it. */
static void check_names(const apr_table_t *headers, const char *field,
                        apr_pool_t *p)
{
    const char *value = apr_table_get(headers, field);
    const apr_array_header_t *names = naive_elements(value ? value : "", p);
    const char *plain = NULL;
    int i;

    for (i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        FUZZ_CHECK(naive_is_token(name), "%s: %s", field, value);
        plain = plain ? apr_pstrcat(p, plain, ", ", name, NULL) : name;
    }
    FUZZ_CHECK(!value || (plain && strcmp(value, plain) == 0), "%s: %s", field,
               value);
}

/* Each field once, and nothing in it that ends a line. */
static void check_lines(const apr_table_t *headers, int from)
{
    const apr_array_header_t *lines = apr_table_elts(headers);
    const apr_table_entry_t *line = (const void *)lines->elts;
    int i;

    for (i = from; i < lines->nelts; i++) {
        FUZZ_CHECK(is_ours(line[i].key), "%s", line[i].key);
        FUZZ_CHECK(line[i].val && !strpbrk(line[i].val, "\r\n"), "%s: %s",
                   line[i].key, line[i].val);
        FUZZ_CHECK(strcmp(line[i].key, "Vary") == 0
                       || count_lines(headers, line[i].key) == 1,
                   "%s: %s", line[i].key, line[i].val);
    }
}

/* "*" and credentials never meet, nor "*" or "null" and the private
 * network. */
static void check_safe(const decision_t *d, const apr_table_t *headers)
{
    const char *origin = apr_table_get(headers, "Access-Control-Allow-Origin");
    int credentials = apr_table_get(headers,
                                    "Access-Control-Allow-Credentials")
                      != NULL;
    int network = apr_table_get(headers,
                                "Access-Control-Allow-Private-Network")
                  != NULL;
    int open = origin
               && (strcmp(origin, "*") == 0 || strcmp(origin, "null") == 0);

    FUZZ_CHECK(!credentials || (origin && !open), "%s", origin ? origin : "-");
    FUZZ_CHECK(!network
                   || (origin && !open && d->facts->private_network
                       && model_has_private_network(d->scenario)),
               "%s", origin ? origin : "-");
}

/* A cache keeps a response for the requests that Vary allows. */
static void check_vary(const decision_t *d, const apr_table_t *headers,
                       int preflight)
{
    const char *vary = apr_table_get(headers, "Vary");
    apr_array_header_t *names = naive_elements(vary ? vary : "", d->p);
    int any = model_has_any(d->scenario, LIST_ORIGINS, d->p);

    FUZZ_CHECK(naive_has(names, "Origin") == !any, "%s", vary);
    FUZZ_CHECK(naive_has(names, "Access-Control-Request-Method") == preflight,
               "%s", vary);
    FUZZ_CHECK(naive_has(names, "Access-Control-Request-Headers") == preflight,
               "%s", vary);
}

/* ---- What a browser lets happen ---- */

static const apr_array_header_t *one_name(const char *name, apr_pool_t *p)
{
    apr_array_header_t *names = apr_array_make(p, 1, sizeof(const char *));

    if (name) {
        APR_ARRAY_PUSH(names, const char *) = name;
    }
    return names;
}

/* Nobody outside the list reads a response, whosever it is, and with
 * credentials nobody who may not have them. */
static void check_reader(const decision_t *d, const apr_table_t *headers,
                         const char *origin)
{
    oracle_request_t r = { origin, "GET", one_name(NULL, d->p), 0 };

    if (oracle_cors_check(&r, headers, d->p)) {
        FUZZ_CHECK(model_allows(d->scenario, origin, d->p), "%s", origin);
    }
    r.include = 1;
    if (oracle_cors_check(&r, headers, d->p)) {
        FUZZ_CHECK(model_credentials(d->scenario, origin, d->p) != MODEL_NEVER,
                   "%s", origin);
    }
    if (model_has_timing_allow_origin(d->scenario)
        && oracle_tao_check(&r, headers, d->p)) {
        FUZZ_CHECK(model_allows(d->scenario, origin, d->p), "%s", origin);
    }
}

static void check_readers(const decision_t *d, const apr_table_t *headers)
{
    int i;

    for (i = 0; i < d->others->nelts; i++) {
        const char *origin = APR_ARRAY_IDX(d->others, i, const char *);
        cors_origin_t ignored;

        /* What no browser sends is no origin, and no danger. */
        if (cors_origin_parse(origin, strlen(origin), &ignored)
            == CORS_ORIGIN_OK) {
            check_reader(d, headers, origin);
        }
    }
}

static int may_have_credentials(const decision_t *d)
{
    switch (model_credentials(d->scenario, d->facts->origin, d->p)) {
    case MODEL_NEVER:
        return 0;
    case MODEL_PERHAPS:
        return d->decision.credentials;
    case MODEL_ALWAYS:
        break;
    }
    return 1;
}

/* The header of a response is shown to the script if it is in the list, or
 * if "*" is and anybody may see it. */
static void check_exposed(const decision_t *d, const oracle_request_t *r,
                          const char *name)
{
    int listed = naive_has_in_any_case(
        model_names(d->scenario, LIST_EXPOSE, d->p), name);
    int any = model_has_any(d->scenario, LIST_EXPOSE, d->p);
    int shown = oracle_is_exposed(r, name, d->headers, d->p);

    if (shown) {
        FUZZ_CHECK(listed || any || cors_field_is_safelisted(name), "%s",
                   name);
        return;
    }
    FUZZ_CHECK(!listed, "%s is not shown", name);
    /* With credentials the module writes the names out, but for those that
     * never get to a script. */
    FUZZ_CHECK(!any || !naive_is_token(name) || is_ours(name)
                   || cors_field_is_hop_by_hop(name)
                   || strncasecmp(name, "Set-Cookie", 10) == 0,
               "%s is not shown", name);
}

static void check_all_exposed(const decision_t *d, const oracle_request_t *r)
{
    const apr_array_header_t *lines = apr_table_elts(d->scenario->answer);
    const apr_table_entry_t *line = (const void *)lines->elts;
    int i;

    for (i = 0; i < lines->nelts; i++) {
        if (!is_ours(line[i].key)) {
            check_exposed(d, r, line[i].key);
        }
    }
}

/* The request's own origin gets what the policy gives it. */
static void check_own(const decision_t *d)
{
    oracle_request_t r = { d->facts->origin, "GET", one_name(NULL, d->p), 0 };

    if (!model_allows(d->scenario, r.origin, d->p)) {
        return;
    }
    FUZZ_CHECK(oracle_cors_check(&r, d->headers, d->p), "%s", r.origin);
    check_all_exposed(d, &r);
    FUZZ_CHECK(!model_has_timing_allow_origin(d->scenario)
                   || oracle_tao_check(&r, d->headers, d->p),
               "%s", r.origin);
    r.include = 1;
    FUZZ_CHECK(oracle_cors_check(&r, d->headers, d->p)
                   == may_have_credentials(d),
               "%s", r.origin);
    if (may_have_credentials(d)) {
        check_all_exposed(d, &r);
    }
}

/* ---- Preflights ---- */

/* A refusal that the browser sees for itself goes out with the status of an
 * allowed one. */
static int status(const decision_t *d)
{
    return d->decision.verdict == CORS_ALLOWED || d->decision.is_spelled_out
               ? 204
               : 403;
}

static int is_forbidden(const char *method)
{
    return strcasecmp(method, "CONNECT") == 0
           || strcasecmp(method, "TRACE") == 0
           || strcasecmp(method, "TRACK") == 0;
}

/* The request that asked goes out if all that it asked for is allowed. */
static void check_asked(const decision_t *d)
{
    const char *asked = d->facts->headers ? d->facts->headers : "";
    oracle_request_t r = { d->facts->origin, d->facts->method,
                           naive_elements(asked, d->p), 0 };
    int allowed = d->decision.verdict == CORS_ALLOWED
                  && model_allows(d->scenario, r.origin, d->p);

    if (!naive_is_token(r.method) || is_forbidden(r.method)) {
        return; /* no browser asks for it */
    }
    FUZZ_CHECK(oracle_preflight(&r, status(d), d->preflight, d->p) == allowed,
               "%s %s %s", r.origin, r.method, asked);
    r.include = 1;
    FUZZ_CHECK(oracle_preflight(&r, status(d), d->preflight, d->p)
                   == (allowed && may_have_credentials(d)),
               "%s %s %s", r.origin, r.method, asked);
}

/* A browser keeps the answer, and asks no more: methods and headers in it
 * must be allowed, whatever was asked for. */
static void check_kept(const decision_t *d, const char *method,
                       const char *name)
{
    oracle_request_t r = { d->facts->origin, method, one_name(name, d->p), 0 };

    for (r.include = 0; r.include < 2; r.include++) {
        if (oracle_preflight(&r, status(d), d->preflight, d->p)) {
            FUZZ_CHECK(oracle_is_safelisted_method(method)
                           || model_may_use(d->scenario, method, d->p),
                       "%s", method);
            FUZZ_CHECK(!name || model_may_send(d->scenario, name, d->p), "%s",
                       name);
        }
    }
}

static void check_all_kept(const decision_t *d)
{
    static const char *const methods[] = { "PUT",   "put", "DELETE",
                                           "PATCH", "FOO", "HEAD" };
    static const char *const names[] = { "authorization", "x-a", "x-b",
                                         "x-other", "content-type" };
    const apr_array_header_t *listed = model_names(d->scenario, LIST_HEADERS,
                                                   d->p);
    size_t i;

    for (i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        check_kept(d, methods[i], NULL);
    }
    for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
        check_kept(d, d->facts->method, names[i]);
        check_kept(d, "GET", names[i]);
    }
    for (i = 0; i < (size_t)listed->nelts; i++) {
        check_kept(d, "GET",
                   apr_pstrcat(d->p, "x",
                               APR_ARRAY_IDX(listed, i, const char *), NULL));
    }
}

static void check_preflight(const decision_t *d)
{
    const char *age = apr_table_get(d->preflight, "Access-Control-Max-Age");

    check_lines(d->preflight, 0);
    check_names(d->preflight, "Access-Control-Allow-Methods", d->p);
    check_names(d->preflight, "Access-Control-Allow-Headers", d->p);
    check_safe(d, d->preflight);
    check_vary(d, d->preflight, 1);
    check_readers(d, d->preflight);
    check_asked(d);
    check_all_kept(d);
    FUZZ_CHECK(!age || strspn(age, "0123456789") == strlen(age), "%s", age);
    if (!d->decision.allow_origin) {
        FUZZ_CHECK(apr_table_elts(d->preflight)->nelts == 1,
                   "an origin that is refused is told more than Vary");
    }
}

/* ---- Making the decision ---- */

static void add_others(decision_t *d)
{
    static const char *const always[] = { "null", "https://other.example",
                                          "http://a.example" };
    const apr_array_header_t *words = scenario_words(d->scenario, LIST_ORIGINS,
                                                     d->p);
    size_t i;

    d->others = apr_array_make(d->p, 64, sizeof(const char *));
    for (i = 0; i < sizeof(always) / sizeof(*always); i++) {
        APR_ARRAY_PUSH(d->others, const char *) = always[i];
    }
    if (d->facts->origin) {
        APR_ARRAY_PUSH(d->others, const char *) = d->facts->origin;
    }
    for (i = 0; i < 3 && i < (size_t)words->nelts; i++) {
        apr_array_cat(
            d->others,
            naive_candidates(APR_ARRAY_IDX(words, i, const char *), d->p));
    }
}

static void check_plan(const decision_t *d)
{
    FUZZ_CHECK(d->decision.verdict == model_judge(d->scenario, d->p),
               "%s, not %s", cors_verdict_word(d->decision.verdict),
               cors_verdict_word(model_judge(d->scenario, d->p)));
    FUZZ_CHECK(!d->decision.allow_origin
                   || d->decision.allow_origin == d->facts->origin
                   || strcmp(d->decision.allow_origin, "*") == 0,
               "%s", d->decision.allow_origin);
    FUZZ_CHECK((d->decision.offender == NULL)
                   == (d->decision.verdict == CORS_ALLOWED),
               "%s", cors_verdict_word(d->decision.verdict));
}

/* One Vary line, whatever was there. */
static void put_vary(const decision_t *d, apr_table_t *headers, int preflight)
{
    const char *value = cors_vary_value(d->policy, preflight);

    if (value) {
        cors_vary_merge(value, headers, apr_table_make(d->p, 1), d->p);
        FUZZ_CHECK(count_lines(headers, "Vary") == 1, "%s", value);
    }
}

/* The response that a back end made, after the module has been at it. */
static void answer(decision_t *d)
{
    apr_table_t *none = apr_table_make(d->p, 1);
    int before;

    d->headers = apr_table_copy(d->p, d->scenario->answer);
    put_vary(d, d->headers, 0);
    cors_headers_strip(d->policy, d->headers);
    before = apr_table_elts(d->headers)->nelts;
    if (d->decision.allow_origin
        && cors_headers_actual(d->policy, &d->decision, d->headers, d->p)) {
        cors_headers_expose_own(0, d->headers, none, d->p);
    }
    check_lines(d->headers, before);
    check_names(d->headers, "Access-Control-Expose-Headers", d->p);
    check_safe(d, d->headers);
}

static void decide(const scenario_t *scenario, apr_pool_t *p)
{
    decision_t d = { scenario, scenario_policy(scenario, p),
                     &scenario->facts };

    if (!cors_policy_holds(d.policy)) {
        return;
    }
    d.p = p;
    cors_judge(d.policy, d.facts, &d.decision);
    check_plan(&d);
    add_others(&d);
    answer(&d);
    check_readers(&d, d.headers);
    if (!apr_table_get(scenario->answer, "Vary")) {
        check_vary(&d, d.headers, 0);
    }
    if (d.facts->origin) {
        check_own(&d);
    }
    if (d.facts->method) {
        d.preflight = apr_table_make(p, 8);
        put_vary(&d, d.preflight, 1);
        cors_headers_preflight(d.policy, d.facts, &d.decision, d.preflight, p);
        check_preflight(&d);
    }
}

/* ---- Merging ---- */

/* httpd merges <Location> sections with each other before it lays them over
 * the directory's. */
static void check_associative(const section_t *s, apr_pool_t *p)
{
    cors_policy_t ab, ab_c, bc, a_bc;

    cors_policy_merge(p, &s[0].policy, &s[1].policy, &ab);
    cors_policy_merge(p, &ab, &s[2].policy, &ab_c);
    cors_policy_merge(p, &s[1].policy, &s[2].policy, &bc);
    cors_policy_merge(p, &s[0].policy, &bc, &a_bc);
    policies_check_same(&ab_c, &a_bc, p);
}

/* What a merged list has, in its order, is what its sections say. */
static void check_words(const scenario_t *scenario, list_e which,
                        const cors_list_t *list, apr_pool_t *p)
{
    const apr_array_header_t *expected = scenario_words(scenario, which, p);
    const char *texts = policies_words(list, p);

    FUZZ_CHECK(!list == !expected, "list %d", which);
    FUZZ_CHECK(!list
                   || strcmp(texts, apr_array_pstrcat(p, expected, ' ')) == 0,
               "%s", texts);
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    const scenario_t *scenario = scenario_read(text, len, p);
    const section_t *sections = (const void *)scenario->sections->elts;
    const cors_policy_t *policy = scenario_policy(scenario, p);
    int i;

    for (i = 0; i + 3 <= scenario->sections->nelts; i++) {
        check_associative(sections + i, p);
    }
    check_words(scenario, LIST_ORIGINS, policy->origins, p);
    check_words(scenario, LIST_METHODS, policy->methods, p);
    check_words(scenario, LIST_HEADERS, policy->headers, p);
    check_words(scenario, LIST_EXPOSE, policy->expose, p);
    decide(scenario, p);
}
