/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/values.h"

#include <apr_strings.h>

#include "grammar/origin.h"
#include "module/line.h"
#include "policy/names.h"
#include "sources/sources.h"

/* The list that is being added. */
typedef struct values_walk_t {
    apr_array_header_t *values; /* cors_value_t */
    const char *directive;
    const char *any;             /* what "*" means, NULL: it says so itself */
    const char *const *defaults; /* what inherit stands for where nothing
                                  * encloses the list, NULL for nothing */
    apr_pool_t *p;
} values_walk_t;

static void add_value(apr_array_header_t *values, const char *directive,
                      const char *value, const char *meaning,
                      const cors_line_t *at)
{
    cors_value_t *added = apr_array_push(values);

    added->directive = directive;
    added->value = value;
    added->meaning = meaning;
    added->at = at;
}

/* Returns where the origins of a set come from. */
static const char *set_meaning(const cors_word_t *word, apr_pool_t *p)
{
    const cors_set_t *set = cors_sources_find(word->text + 1);

    return set && set->from
               ? apr_pstrcat(p, "the origins of ", set->from, ", a set of ",
                             cors_line_name(set->at, p), NULL)
               : NULL;
}

/* Returns what an origin allows, NULL if the word says so itself.  Names have
 * neither the flags nor a host. */
static const char *meaning_of(const cors_word_t *word, const char *any,
                              apr_pool_t *p)
{
    const char *subdomains = "";

    if (word->flags & CORS_WORD_ANY) {
        return any;
    }
    if (word->flags & CORS_WORD_SET) {
        return set_meaning(word, p);
    }
    if (word->flags & CORS_WORD_NULL) {
        return "any page that makes itself opaque";
    }
    if (!word->host) {
        return NULL;
    }
    if (word->flags & CORS_WORD_SUBDOMAIN) {
        subdomains = apr_psprintf(p, "every subdomain of %.*s, at any depth",
                                  (int)word->host_len,
                                  word->text + word->host);
    }
    return apr_psprintf(p, "%s%s%s", subdomains,
                        *subdomains && word->port == CORS_PORT_ANY ? ", " : "",
                        word->port == CORS_PORT_ANY ? "any port, and none"
                                                    : "");
}

static void add_defaults(values_walk_t *walk, const cors_line_t *at)
{
    const char *const *word = walk->defaults;

    for (; word && *word; word++) {
        add_value(walk->values, walk->directive, *word,
                  "the default, inherited", at);
    }
    walk->defaults = NULL;
}

static int add_word(void *data, const cors_word_t *word)
{
    values_walk_t *walk = data;

    if (word->flags & CORS_WORD_INHERIT) {
        add_defaults(walk, word->at);
        return 0;
    }
    add_value(walk->values, walk->directive, word->text,
              meaning_of(word, walk->any, walk->p), word->at);
    return 0;
}

static int add_nothing(void *data, const cors_word_t *word)
{
    values_walk_t *walk = data;

    add_value(walk->values, walk->directive, "none", "the default, inherited",
              word->at);
    return 1;
}

static void add_list(apr_array_header_t *values, const cors_policy_t *policy,
                     const char *directive, const cors_list_t *list,
                     apr_pool_t *p)
{
    values_walk_t walk = { values, directive, NULL, NULL, p };
    int before = values->nelts;

    if (!list) {
        return;
    }
    if (list == policy->origins) {
        walk.any = "every origin";
    }
    if (list == policy->methods && list->open) {
        walk.defaults = cors_default_methods;
    }
    cors_list_each(list, add_word, &walk, p);
    /* The list says inherit alone, and nothing encloses it. */
    if (walk.values->nelts == before) {
        cors_list_each(list, add_nothing, &walk, p);
    }
}

/* Adds the ceilings, the outermost first, each with its line. */
static void add_limits(apr_array_header_t *values, const cors_limit_t *limits,
                       apr_pool_t *p)
{
    apr_array_header_t *all = apr_array_make(p, 4, sizeof(limits));
    values_walk_t walk = { values, "CorsLimitOrigin", NULL, NULL, p };

    for (; limits; limits = limits->outer) {
        APR_ARRAY_PUSH(all, const cors_limit_t *) = limits;
    }
    while (all->nelts) {
        cors_list_each((*(const cors_limit_t **)apr_array_pop(all))->list,
                       add_word, &walk, p);
    }
}

/* Returns what enforcement looks at. */
static const char *meaning_of_enforcement(const cors_policy_t *policy)
{
    static const char *const meanings[] = {
        NULL,
        "refuses what other pages send, but for GET, HEAD, OPTIONS and TRACE",
        "refuses what other pages send or load, but for OPTIONS and TRACE",
        "logs what other pages send, but for GET, HEAD, OPTIONS and TRACE",
        "logs what other pages send or load, but for OPTIONS and TRACE",
    };

    return meanings[policy->enforce];
}

/* Adds the value as it is written, its words without quotes. */
static void add_scalar(apr_array_header_t *values, const char *directive,
                       const char *meaning, const cors_line_t *at,
                       apr_pool_t *p)
{
    const char *args = cors_line_directive(at)->args;
    const char *value = ap_getword_conf(p, &args);

    while (*args) {
        value = apr_pstrcat(p, value, " ", ap_getword_conf(p, &args), NULL);
    }
    add_value(values, directive, value, meaning, at);
}

const apr_array_header_t *cors_values_of(const cors_policy_t *policy,
                                         apr_pool_t *p)
{
    apr_array_header_t *values = apr_array_make(p, 16, sizeof(cors_value_t));
    int i;

#define X(name, directive, help) \
    add_list(values, policy, directive, policy->name, p);
    CORS_LISTS(X)
#undef X
    add_limits(values, policy->limits, p);
#define MEANING_WORDS  NULL
#define MEANING_AGE    NULL
#define MEANING_PAGE   NULL
#define MEANING_PHRASE meaning_of_enforcement(policy)
#define X(kind, type, name, directive, words, help)                          \
    if (policy->name##_at) {                                                 \
        add_scalar(values, directive, MEANING_##kind, policy->name##_at, p); \
    }
    CORS_SCALARS(X)
#undef X
    for (i = 0; i < CORS_UNSAFE_COUNT; i++) {
        if (policy->unsafe_at[i]) {
            add_value(values, "CorsAllowUnsafe", cors_unsafe_words[i], NULL,
                      policy->unsafe_at[i]);
        }
    }
    return values;
}
