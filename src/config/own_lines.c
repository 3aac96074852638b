/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/own_lines.h"

#include <string.h>

#include <apr_strings.h>

#include "config/sections.h"
#include "grammar/bytes.h"
#include "grammar/name.h"
#include "grammar/pattern_mend.h"
#include "grammar/slip.h"
#include "module/line.h"
#include "policy/names.h"
#include "policy/origins.h"

static const char *line(const cors_check_t *check, const cors_line_t *at)
{
    return cors_line_name(at, check->p);
}

static void warn_of_other(cors_check_t *check, const char *directive,
                          const cors_word_t *word, const cors_word_t *other)
{
    if (other
        && (word->len != other->len
            || strncasecmp(word->text, other->text, word->len) != 0)) {
        cors_finding_warn(check, CORS_CODE_COVERED, word->at,
                          "%s %s (%s) is covered by %s (%s): leave it out",
                          directive, word->text, line(check, word->at),
                          other->text, line(check, other->at));
    }
    else if (other) {
        cors_finding_warn(check, CORS_CODE_LISTED_TWICE, word->at,
                          "%s %s (%s) is listed already (%s): leave one out",
                          directive, word->text, line(check, word->at),
                          line(check, other->at));
    }
}

/* Returns what to write if the scheme of the pattern is a slip, or NULL. */
static const char *with_meant_scheme(const char *text, apr_pool_t *p)
{
    const char *separator = strstr(text, "://");
    const char *scheme = separator ? cors_slip_meant_scheme(
                             text, (apr_size_t)(separator - text))
                                   : NULL;
    const char *meant;
    cors_pattern_t pattern;
    cors_pattern_e error;

    if (!scheme) {
        return NULL;
    }
    meant = apr_pstrcat(p, scheme, separator, NULL);
    error = cors_pattern_parse(meant, &pattern);
    return error ? cors_pattern_mend(meant, error, p) : meant;
}

/* Applications make schemes of their own, so that this is no error. */
static void warn_of_scheme(cors_check_t *check, const cors_word_t *word)
{
    const char *meant = with_meant_scheme(word->text, check->p);

    if (meant) {
        cors_finding_warn(check, CORS_CODE_SCHEME_SLIP, word->at,
                          "CorsAllowOrigin %s (%s) has a scheme that no web "
                          "page has: write %s if that is meant",
                          word->text, line(check, word->at), meant);
    }
}

/* The grammar takes 10.0.0.1-20 and 10.0.0.x for names, which they are. */
static void warn_of_range(cors_check_t *check, const cors_word_t *word)
{
    if (cors_slip_is_range(word->text)) {
        cors_finding_warn(check, CORS_CODE_HOST_RANGE, word->at,
                          "CorsAllowOrigin %s (%s) allows one host of this "
                          "name, and no range of addresses: write each origin",
                          word->text, line(check, word->at));
    }
}

static void check_origins(cors_check_t *check, const cors_list_t *list)
{
    const cors_word_t *word = list ? list->first : NULL;

    for (; word; word = word->later) {
        warn_of_other(check, "CorsAllowOrigin", word,
                      cors_origins_find_double(list, word));
        warn_of_scheme(check, word);
        warn_of_range(check, word);
    }
}

/* Whether the word is one that switches something elsewhere, and that no
 * method and no header is called. */
static int is_switch(const cors_word_t *word)
{
    static const char *const words[] = { "on",   "off",   "yes", "no",
                                         "true", "false", NULL };
    const char *const *known = words;

    while (*known && !cors_name_is_same(word->text, *known)) {
        known++;
    }
    return *known != NULL;
}

static void warn_of_switch(cors_check_t *check, const char *directive,
                           cors_name_kind_e kind, const cors_word_t *word)
{
    int is_method = kind == CORS_NAMES_METHODS;

    if (is_switch(word)) {
        cors_finding_warn(check, CORS_CODE_NAME_SWITCH, word->at,
                          "%s %s (%s) allows a %s of this name: write each "
                          "name, %s",
                          directive, word->text, line(check, word->at),
                          is_method ? "method" : "header",
                          is_method ? "or * for all" : "* for all, or none");
    }
}

/* A token may have these signs, but no method and no header has them. */
static void warn_of_signs(cors_check_t *check, const char *directive,
                          const cors_word_t *word)
{
    if (!(word->flags & CORS_WORD_KEYWORD)
        && strpbrk(word->text, "!#$%&'*+^`|~")) {
        cors_finding_warn(check, CORS_CODE_NAME_PATTERN, word->at,
                          "%s %s (%s) allows just this name, because a name "
                          "is no pattern: write each name, or * alone",
                          directive, word->text, line(check, word->at));
    }
}

static void check_names(cors_check_t *check, const cors_list_t *list,
                        cors_name_kind_e kind, const char *directive)
{
    const cors_word_t *word = list ? list->first : NULL;

    for (; word; word = word->later) {
        warn_of_other(check, directive, word,
                      cors_names_find_other(list, kind, word));
        warn_of_signs(check, directive, word);
        warn_of_switch(check, directive, kind, word);
    }
}

static void check_exposed(cors_check_t *check, const cors_list_t *list)
{
    const cors_word_t *word = list ? list->first : NULL;

    for (; word; word = word->later) {
        if (cors_field_is_safelisted(word->text)) {
            cors_finding_warn(
                check, CORS_CODE_ALWAYS_READABLE, word->at,
                "CorsExposeHeaders %s (%s): scripts may read this "
                "one anyway: leave it out",
                word->text, line(check, word->at));
        }
    }
}

/* Browsers change the case of six methods only, all of them in capitals. */
static void check_case(cors_check_t *check, const cors_list_t *list)
{
    const cors_word_t *word = list ? list->first : NULL;

    for (; word; word = word->later) {
        const char *s = word->text;

        while (*s && !CORS_IS(*s, CORS_BYTE_LOWER)) {
            s++;
        }
        if (*s && !(word->flags & CORS_WORD_KEYWORD) && !is_switch(word)) {
            cors_finding_warn(
                check, CORS_CODE_METHOD_CASE, word->at,
                "CorsAllowMethods %s (%s) allows this method in "
                "just this case: methods are case-sensitive, and "
                "nearly all are in capitals",
                word->text, line(check, word->at));
        }
    }
}

/* A list that leaves out a method that needs no preflight keeps no script from
 * sending that method plainly, which may be a surprise. */
static void check_missing(cors_check_t *check, const cors_list_t *list,
                          const char *method)
{
    if (list && !list->any && !list->open
        && !cors_names_have_method(list, method, strlen(method))) {
        cors_finding_warn(
            check, CORS_CODE_METHOD_MISSING, list->first->at,
            "CorsAllowMethods without %s (%s): preflights for it "
            "are refused, while requests that need no preflight "
            "still arrive",
            method, line(check, list->first->at));
    }
}

static void check_reach(cors_check_t *check, const cors_section_t *section)
{
    /* Enforcement without a list is refused.  A ceiling waits for lists, and
     * the page needs none. */
    if (!section->policy->origins && !cors_policy_enforces(section->policy)
        && !section->policy->limits && !section->policy->info_set
        && !cors_places_have_origins(check->places, section->server,
                                     section->parent)) {
        cors_finding_warn(
            check, CORS_CODE_NO_ORIGINS, cors_line_of(section->first),
            "%s %s (%s) does nothing but for .htaccess files: no "
            "CorsAllowOrigin is in reach, so write one beside it",
            section->first->directive, section->first->args,
            line(check, cors_line_of(section->first)));
    }
}

/* Warns of a back end whose headers are kept, but which is never asked about
 * preflights: without a CorsPreflight line, this may not be meant. */
static void check_keep(cors_check_t *check, const cors_section_t *section,
                       apr_pool_t *scratch)
{
    const cors_policy_t *policy = cors_place_policy(section->server,
                                                    section->parent, scratch);
    const char *text;

    if (!cors_policy_holds(policy) || policy->engine != CORS_ENGINE_ON
        || policy->backend_headers != CORS_BACKEND_KEEP
        || policy->preflight_set) {
        return;
    }
    text = apr_psprintf(scratch, "CorsBackendHeaders keep (%s)",
                        cors_line_name(policy->backend_headers_at, scratch));
    if (!cors_finding_is_known(check, text)) {
        cors_finding_warn(
            check, CORS_CODE_KEEP_ANSWERS, policy->backend_headers_at,
            "%s: mod_cors still answers preflights, and the back "
            "end never gets them: write CorsPreflight forward "
            "if the back end is to answer them, or "
            "CorsPreflight answer",
            text);
    }
}

void cors_own_lines_check(cors_check_t *check)
{
    apr_pool_t *scratch;
    const apr_array_header_t *all = cors_sections_all();
    int i;

    apr_pool_create(&scratch, check->p);
    for (i = 0; i < all->nelts; i++) {
        const cors_section_t *section = APR_ARRAY_IDX(all, i,
                                                      cors_section_t *);

        check_origins(check, section->origins);
        check_names(check, section->methods, CORS_NAMES_METHODS,
                    "CorsAllowMethods");
        check_names(check, section->headers, CORS_NAMES_ALLOW_HEADERS,
                    "CorsAllowHeaders");
        check_names(check, section->expose, CORS_NAMES_EXPOSE_HEADERS,
                    "CorsExposeHeaders");
        check_exposed(check, section->expose);
        check_case(check, section->methods);
        if (!section->methods_faulty) {
            check_missing(check, section->methods, "GET");
        }
        if (!section->faulty) {
            check_reach(check, section);
        }
        check_keep(check, section, scratch);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}
