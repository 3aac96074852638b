/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "model.h"

#include <string.h>
#include <strings.h>

#include <apr_strings.h>

#include "grammar/origin.h"
#include "naive.h"

static int is_keyword(const char *word)
{
    return strcmp(word, "*") == 0 || strcasecmp(word, "none") == 0
           || strcasecmp(word, "inherit") == 0;
}

/* Whether the words begin with an "inherit" that nothing has met. */
static int is_open(const scenario_t *scenario, list_e list)
{
    const section_t *sections = (const void *)scenario->sections->elts;
    int i;

    for (i = scenario->sections->nelts - 1; i >= 0; i--) {
        if (sections[i].words[list]
            && !naive_has_in_any_case(sections[i].words[list], "inherit")) {
            return 0;
        }
    }
    return 1;
}

const apr_array_header_t *model_names(const scenario_t *scenario, list_e list,
                                      apr_pool_t *p)
{
    static const char *const defaults[] = { "GET", "HEAD", "POST" };
    const apr_array_header_t *words = scenario_words(scenario, list, p);
    apr_array_header_t *all = apr_array_make(p, 8, sizeof(const char *));
    int methods = list == LIST_METHODS;
    int i;

    for (i = 0; methods && is_open(scenario, list) && i < 3; i++) {
        APR_ARRAY_PUSH(all, const char *) = defaults[i];
    }
    for (i = 0; words && i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);

        if (!is_keyword(word)
            && !(methods ? naive_has(all, word)
                         : naive_has_in_any_case(all, word))) {
            APR_ARRAY_PUSH(all, const char *) = word;
        }
    }
    return all;
}

int model_has_any(const scenario_t *scenario, list_e list, apr_pool_t *p)
{
    const apr_array_header_t *words = scenario_words(scenario, list, p);

    return words && naive_has(words, "*");
}

int model_may_use(const scenario_t *scenario, const char *method,
                  apr_pool_t *p)
{
    const apr_array_header_t *all = model_names(scenario, LIST_METHODS, p);

    if (model_has_any(scenario, LIST_METHODS, p)) {
        return naive_is_token(method) && strcasecmp(method, "CONNECT")
               && strcasecmp(method, "TRACE") && strcasecmp(method, "TRACK");
    }
    return naive_has(all, method)
           || (strcmp(method, "HEAD") == 0 && naive_has(all, "GET"));
}

int model_may_send(const scenario_t *scenario, const char *name, apr_pool_t *p)
{
    return naive_has_in_any_case(model_names(scenario, LIST_HEADERS, p), name)
           || (model_has_any(scenario, LIST_HEADERS, p)
               && strcasecmp(name, "Authorization") != 0);
}

cors_verdict_e model_judge_preflight(const scenario_t *scenario,
                                     const char **offender, apr_pool_t *p)
{
    const cors_facts_t *facts = &scenario->facts;
    const apr_array_header_t *elements = NULL;
    int i;

    *offender = facts->method;
    if (!facts->method) {
        return CORS_ALLOWED;
    }
    if (!model_may_use(scenario, facts->method, p)) {
        return CORS_METHOD_NOT_ALLOWED;
    }
    elements = naive_elements(facts->headers ? facts->headers : "", p);
    for (i = 0; i < elements->nelts; i++) {
        *offender = APR_ARRAY_IDX(elements, i, const char *);
        if (!naive_is_token(*offender)) {
            return CORS_HEADERS_MALFORMED;
        }
        if (!model_may_send(scenario, *offender, p)) {
            return CORS_HEADER_NOT_ALLOWED;
        }
    }
    return CORS_ALLOWED;
}

static int is_well_formed(const char *text)
{
    cors_origin_t ignored;

    return cors_origin_parse(text, strlen(text), &ignored) == CORS_ORIGIN_OK;
}

static unsigned int unsafe(const scenario_t *scenario)
{
    const section_t *sections = (const void *)scenario->sections->elts;
    unsigned int granted = 0;
    int i;

    for (i = 0; i < scenario->sections->nelts; i++) {
        granted |= sections[i].policy.unsafe;
    }
    return granted;
}

#define ON(name)                                                            \
    int model_has_##name(const scenario_t *scenario)                        \
    {                                                                       \
        const section_t *sections = (const void *)scenario->sections->elts; \
        int i = scenario->sections->nelts - 1;                              \
                                                                            \
        while (i > 0 && !sections[i].policy.name##_set) {                   \
            i--;                                                            \
        }                                                                   \
        return sections[i].policy.name;                                     \
    }

ON(credentials)
ON(private_network)
ON(timing_allow_origin)

int model_allows(const scenario_t *scenario, const char *origin, apr_pool_t *p)
{
    const apr_array_header_t *words = scenario_words(scenario, LIST_ORIGINS,
                                                     p);
    int i;

    if (words && naive_has(words, "*")) {
        return 1; /* whatever the origin may be */
    }
    if (!words || !is_well_formed(origin)) {
        return 0;
    }
    if (strcmp(origin, "null") == 0
        && !(unsafe(scenario) & CORS_UNSAFE_NULL_ORIGIN)) {
        return 0;
    }
    for (i = 0; i < words->nelts; i++) {
        if (naive_allows(APR_ARRAY_IDX(words, i, const char *), origin)) {
            return 1;
        }
    }
    return 0;
}

static int is_safe(const char *pattern, unsigned int granted)
{
    return strcmp(pattern, "null") != 0
           && ((granted & CORS_UNSAFE_INSECURE_ORIGINS)
               || !naive_is_insecure(pattern))
           && ((granted & CORS_UNSAFE_PUBLIC_SUFFIXES)
               || !naive_is_below_suffix(pattern));
}

model_credentials_e model_credentials(const scenario_t *scenario,
                                      const char *origin, apr_pool_t *p)
{
    const apr_array_header_t *words = scenario_words(scenario, LIST_ORIGINS,
                                                     p);
    int safe = 0;
    int unsafe_ones = 0;
    int i;

    if (!model_has_credentials(scenario) || !model_allows(scenario, origin, p)
        || naive_has(words, "*")) {
        return MODEL_NEVER;
    }
    for (i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);

        if (naive_allows(word, origin)) {
            safe |= is_safe(word, unsafe(scenario));
            unsafe_ones |= !is_safe(word, unsafe(scenario));
        }
    }
    return !safe ? MODEL_NEVER : unsafe_ones ? MODEL_PERHAPS : MODEL_ALWAYS;
}

cors_verdict_e model_judge(const scenario_t *scenario, apr_pool_t *p)
{
    const char *origin = scenario->facts.origin;
    const apr_array_header_t *words = scenario_words(scenario, LIST_ORIGINS,
                                                     p);
    const char *ignored;

    if (origin && !(words && naive_has(words, "*"))) {
        if (!is_well_formed(origin)) {
            return CORS_ORIGIN_MALFORMED;
        }
        if (!model_allows(scenario, origin, p)) {
            return CORS_ORIGIN_NOT_ALLOWED;
        }
    }
    return model_judge_preflight(scenario, &ignored, p);
}
