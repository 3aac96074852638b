/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "scenario.h"

#include <string.h>
#include <strings.h>

#include <apr_strings.h>

#include "fuzz.h"
#include "naive.h"
#include "policy/names.h"
#include "policy/origins.h"

#define SECTIONS_MAX 4

const cors_suffixes_t *scenario_suffixes(void)
{
    static const cors_suffixes_t *suffixes;
    static apr_pool_t *p;

    if (!p) {
        apr_pool_create(&p, NULL);
        suffixes = cors_suffixes_read("t/fuzz/suffixes.txt", p);
        FUZZ_CHECK(suffixes, "t/fuzz/suffixes.txt can't be read");
    }
    return suffixes;
}

static const char *const list_names[] = {
#define X(name, directive, help) directive,
    CORS_LISTS(X)
#undef X
};

/* The section stands for the line that a word comes from. */
static const cors_line_t *line_of(const section_t *section)
{
    return (const cors_line_t *)section;
}

static const char *add_word(section_t *section, list_e list, const char *word,
                            apr_pool_t *p, apr_pool_t *ptemp)
{
    static const cors_name_kind_e kinds[LISTS] = { 0, CORS_NAMES_METHODS,
                                                   CORS_NAMES_ALLOW_HEADERS,
                                                   CORS_NAMES_EXPOSE_HEADERS };
    const cors_line_t *at = line_of(section);

    return list == LIST_ORIGINS
               ? cors_origins_add(section->lists[list], word, at,
                                  scenario_suffixes(), p, ptemp)
               : cors_names_add(section->lists[list], kinds[list], word,
                                at, p, ptemp);
}

static void read_list(section_t *section, list_e list, char *args,
                      apr_pool_t *p)
{
    apr_pool_t *ptemp;
    char *state;
    char *word;

    apr_pool_create(&ptemp, p);
    if (!section->lists[list]) {
        section->lists[list] = apr_pcalloc(p, sizeof(cors_list_t));
        section->words[list] = apr_array_make(p, 8, sizeof(const char *));
    }
    for (word = apr_strtok(args, " ", &state); word;
         word = apr_strtok(NULL, " ", &state)) {
        const char *copy = apr_pstrdup(p, word);

        if (!add_word(section, list, copy, p, ptemp)) {
            APR_ARRAY_PUSH(section->words[list], const char *) = copy;
        }
        fuzz_clear(ptemp);
    }
    section->policy.origins = section->lists[LIST_ORIGINS];
    section->policy.methods = section->lists[LIST_METHODS];
    section->policy.headers = section->lists[LIST_HEADERS];
    section->policy.expose = section->lists[LIST_EXPOSE];
}

/* Any value sets the bit; what it sets is its first byte's. */
static void read_scalar(section_t *section, const char *name, const char *args,
                        apr_pool_t *p)
{
    cors_policy_t *policy = &section->policy;
    int on = *args == 'O' && args[1] == 'n';

#define IS(directive, field, value)                 \
    if (strcasecmp(name, directive) == 0) {         \
        policy->field = value;                      \
        policy->field##_set = 1;                    \
        policy->field##_at = apr_pmemdup(p, "", 1); \
        return;                                     \
    }
    IS("CorsAllowCredentials", credentials, on)
    IS("CorsAllowPrivateNetwork", private_network, on)
    IS("CorsTimingAllowOrigin", timing_allow_origin, on)
    IS("CorsEngine", engine, (cors_engine_e)(*args % 3))
    IS("CorsPreflight", preflight, (cors_preflight_e)(*args & 1))
    IS("CorsPreflightStatus", preflight_status, (cors_status_e)(*args & 1))
    IS("CorsBackendHeaders", backend_headers, (cors_backend_e)(*args & 1))
    IS("CorsMaxAge", max_age, *args == 'n' ? NULL : "600")
#undef IS
    if (strcasecmp(name, "CorsAllowUnsafe") == 0) {
        int bit = *args == 'i' ? 0 : *args == 'p' ? 1 : 2;

        policy->unsafe |= 1u << bit;
        policy->unsafe_at[bit] = line_of(section);
    }
}

static void read_directive(section_t *section, char *line, apr_pool_t *p)
{
    char *args = line + strcspn(line, " ");
    int list;

    if (*args) {
        *args++ = '\0';
    }
    section->policy.named = 1;
    for (list = 0; list < LISTS; list++) {
        if (strcasecmp(line, list_names[list]) == 0) {
            read_list(section, (list_e)list, args, p);
            return;
        }
    }
    read_scalar(section, line, args, p);
}

/* The value of a field of that name, "\n" standing for a line feed, which no
 * line can hold; NULL if it is another field. */
static const char *field(const char *line, const char *name, apr_pool_t *p)
{
    size_t len = strlen(name);
    char *value;
    char *escape;

    if (strncasecmp(line, name, len) != 0 || strncmp(line + len, ": ", 2)) {
        return NULL;
    }
    value = apr_pstrdup(p, line + len + 2);
    while ((escape = strstr(value, "\\n")) != NULL) {
        *escape = '\n';
        memmove(escape + 1, escape + 2, strlen(escape + 2) + 1);
    }
    return apr_pstrdup(p, value);
}

/* httpd joins lines of one name. */
static void join(const char **all, const char *value, apr_pool_t *p)
{
    if (value) {
        *all = *all ? apr_pstrcat(p, *all, ", ", value, NULL) : value;
    }
}

static void read_line(scenario_t *scenario, char *line, apr_pool_t *p)
{
    apr_array_header_t *sections = scenario->sections;
    cors_facts_t *facts = &scenario->facts;
    char *colon = strstr(line, ": ");

    if (strcmp(line, "--") == 0 && sections->nelts < SECTIONS_MAX) {
        memset(apr_array_push(sections), 0, sizeof(section_t));
    }
    else if (strncmp(line, "> ", 2) == 0 && colon > line + 2) {
        *colon = '\0';
        apr_table_addn(scenario->answer, line + 2, colon + 2);
    }
    else if (strncasecmp(line, "Cors", 4) == 0) {
        read_directive(
            &APR_ARRAY_IDX(sections, sections->nelts - 1, section_t), line, p);
    }
    else {
        join(&facts->origin, field(line, "Origin", p), p);
        join(&facts->method, field(line, "Access-Control-Request-Method", p),
             p);
        join(&facts->headers, field(line, "Access-Control-Request-Headers", p),
             p);
        if (field(line, "Access-Control-Request-Private-Network", p)) {
            facts->private_network = 1;
        }
    }
}

scenario_t *scenario_read(const char *bytes, size_t len, apr_pool_t *p)
{
    scenario_t *scenario = apr_pcalloc(p, sizeof(*scenario));
    cors_facts_t *facts = &scenario->facts;
    char *text = apr_pstrmemdup(p, bytes, len);
    char *state;
    char *line;

    scenario->sections = apr_array_make(p, SECTIONS_MAX, sizeof(section_t));
    scenario->answer = apr_table_make(p, 8);
    memset(apr_array_push(scenario->sections), 0, sizeof(section_t));
    for (line = apr_strtok(text, "\n", &state); line;
         line = apr_strtok(NULL, "\n", &state)) {
        read_line(scenario, line, p);
    }
    facts->method = facts->origin ? facts->method : NULL;
    facts->headers = facts->method ? facts->headers : NULL;
    facts->private_network &= facts->method != NULL;
    return scenario;
}

const cors_policy_t *scenario_policy(const scenario_t *scenario, apr_pool_t *p)
{
    const section_t *sections = (const void *)scenario->sections->elts;
    const cors_policy_t *policy = &sections[0].policy;
    int i;

    for (i = 1; i < scenario->sections->nelts; i++) {
        cors_policy_t *merged = apr_palloc(p, sizeof(*merged));

        cors_policy_merge(p, policy, &sections[i].policy, merged);
        policy = merged;
    }
    return policy;
}

const apr_array_header_t *scenario_words(const scenario_t *scenario,
                                         list_e list, apr_pool_t *p)
{
    const section_t *sections = (const void *)scenario->sections->elts;
    const apr_array_header_t *words = NULL;
    int i;

    for (i = 0; i < scenario->sections->nelts; i++) {
        const apr_array_header_t *own = sections[i].words[list];

        if (own) {
            words = words && naive_has_in_any_case(own, "inherit")
                        ? apr_array_append(p, words, own)
                        : own;
        }
    }
    return words;
}
