/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/check.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_main.h>

#include "config/faults.h"
#include "config/info.h"
#include "config/limits.h"
#include "config/other_modules.h"
#include "config/own_lines.h"
#include "config/sections.h"
#include "config/sets.h"
#include "module/line.h"
#include "policy/risk.h"

/* Generations of a configuration: 0 is read at start to see whether it can be
 * read, 1 is the one that serves, and later ones are those of a running
 * server. */
#define GENERATION_FIRST_RESTART 2

/* An update of the list of public suffixes must not take a running server
 * down: the pattern gets no credentials instead. */
static int is_refused(const cors_risk_t *risk)
{
    return !(risk->flag & (CORS_WORD_SUFFIX | CORS_WORD_UNKNOWN))
           || ap_state_query(AP_SQ_RUN_MODE) != AP_SQ_RM_NORMAL
           || ap_state_query(AP_SQ_CONFIG_GEN) < GENERATION_FIRST_RESTART;
}

typedef struct risk_walk_t {
    cors_check_t *check;
    const cors_place_t *place;
    const cors_policy_t *policy; /* as it merges there, for now */
    apr_pool_t *scratch;         /* for one word */
    apr_pool_t *list;            /* for one list */
} risk_walk_t;

/* Adds the finding about lines that meet at a place.  A pair of lines may meet
 * at many places: the first place is enough. */
static void add_meeting(const risk_walk_t *walk, cors_finding_t *finding,
                        const char *lines, const char *advice)
{
    cors_check_t *check = walk->check;

    if (cors_finding_is_known(check, lines)) {
        return;
    }
    finding->place = apr_pmemdup(check->p, walk->place, sizeof(*walk->place));
    finding->text = apr_psprintf(
        check->p, "%s in %s: %s%s", lines,
        cors_place_name(walk->place, check->p), advice,
        finding->refused ? "" : ". Until then it gets no credentials");
    cors_finding_add(check, finding);
}

/* Returns the lines that meet, which tell one risk from another. */
static const char *risky_lines(const risk_walk_t *walk,
                               const cors_risk_t *risk,
                               const cors_word_t *word)
{
    const cors_line_t *with = cors_risk_line(risk, walk->policy);
    const char *lines = apr_psprintf(walk->scratch, "CorsAllowOrigin %s (%s)",
                                     word->text,
                                     cors_line_name(word->at, walk->scratch));

    return with ? apr_psprintf(walk->scratch, "%s (%s) with %s",
                               cors_risk_with(risk),
                               cors_line_name(with, walk->scratch), lines)
                : lines;
}

static void add_risk(const risk_walk_t *walk, const cors_risk_t *risk,
                     const cors_word_t *word)
{
    cors_finding_t finding = { .code = cors_code_of_risk(risk),
                               .refused = is_refused(risk),
                               .at = word->at };

    add_meeting(walk, &finding, risky_lines(walk, risk, word),
                cors_risk_advice(risk, word, walk->scratch));
}

static int check_word(void *data, const cors_word_t *word)
{
    const risk_walk_t *walk = data;
    const cors_risk_t *risk;

    for (risk = cors_risks; risk->flag; risk++) {
        if (cors_risk_is(risk, walk->policy, word)) {
            add_risk(walk, risk, word);
            apr_pool_clear(walk->scratch);
        }
    }
    return 0;
}

/* One origin can stand for all only if it is the only one. */
static void check_static_origin(const risk_walk_t *walk)
{
    const cors_policy_t *policy = walk->policy;
    cors_finding_t finding = { .code = CORS_CODE_STATIC_ORIGIN_LIST,
                               .refused = 1,
                               .at = policy->static_origin_at };

    /* A list whose only word is faulty is empty, and reported elsewhere. */
    if (policy->static_origin && !cors_policy_static_origin(policy)
        && policy->origins->first) {
        add_meeting(
            walk, &finding,
            apr_psprintf(
                walk->scratch,
                "CorsStaticOrigin On (%s) with CorsAllowOrigin (%s)",
                cors_line_name(finding.at, walk->scratch),
                cors_line_name(policy->origins->first->at, walk->scratch)),
            "every response can name one origin only if the policy allows one "
            "and no pattern: write CorsStaticOrigin Off, or that origin "
            "alone");
    }
}

/* Whether a list can be in reach.  A whole server's enforcement holds where no
 * section does, so that the list of one is not enough. */
static int has_list(const risk_walk_t *walk)
{
    const cors_place_t *place = walk->place;

    return walk->policy->origins
           || (place->section
               && cors_places_have_origins(walk->check->places, place->server,
                                           place->section));
}

/* Enforcement without a list would promise what it does not keep. */
static void check_enforcement(const risk_walk_t *walk)
{
    const cors_policy_t *policy = walk->policy;
    cors_finding_t finding = { .code = CORS_CODE_ENFORCE_NO_POLICY,
                               .refused = 1,
                               .at = policy->enforce_at };

    if (cors_policy_enforces(policy) && !has_list(walk)) {
        add_meeting(walk, &finding,
                    apr_psprintf(walk->scratch, "CorsEnforce (%s)",
                                 cors_line_name(finding.at, walk->scratch)),
                    "no CorsAllowOrigin is in reach, so that there is no list "
                    "to enforce: write CorsAllowOrigin with the origins whose "
                    "pages may send requests, or CorsAllowOrigin none, which "
                    "leaves the site's own pages");
    }
}

static int check_place(void *data, const cors_place_t *place,
                       const cors_policy_t *policy)
{
    risk_walk_t *walk = data;

    walk->place = place;
    walk->policy = policy;
    if (policy->engine != CORS_ENGINE_OFF) {
        check_enforcement(walk);
    }
    if (!cors_policy_holds(policy)) {
        return 0;
    }
    check_static_origin(walk);
    if (policy->limits) {
        cors_limits_check(walk->check, place, policy);
    }
    if (policy->origins->flags & CORS_WORD_RISKS) {
        cors_list_each(policy->origins, check_word, walk, walk->list);
        apr_pool_clear(walk->list);
    }
    return 0;
}

/* Returns the flags of the origins that remain where add is laid over base. */
static unsigned int merged_flags(const cors_policy_t *base,
                                 const cors_policy_t *add)
{
    unsigned int flags = 0;

    if (add->origins) {
        flags |= add->origins->flags;
    }
    if (base->origins && (!add->origins || add->origins->open)) {
        flags |= base->origins->flags;
    }
    return flags;
}

/* Whether add, laid over base, runs any risk.  Merges nothing to find out, so
 * that sections are merged only over hosts where they run a risk. */
static int may_run_risk(const cors_policy_t *base, const cors_policy_t *add)
{
    const cors_policy_t *engine = add->engine_set ? add : base;
    cors_word_t all = { 0 };
    cors_policy_t merged = { 0 };
    const cors_risk_t *risk = cors_risks;

    all.flags = (unsigned char)merged_flags(base, add);
    merged.unsafe = base->unsafe | add->unsafe;
    merged.credentials = add->credentials_set ? add->credentials
                                              : base->credentials;
    merged.private_network = add->private_network_set ? add->private_network
                                                      : base->private_network;
    merged.enforce = add->enforce_set ? add->enforce : base->enforce;
    if (engine->engine == CORS_ENGINE_OFF) {
        return 0;
    }
    if (cors_policy_enforces(&merged) && !base->origins && !add->origins) {
        return 1;
    }
    if (base->static_origin || add->static_origin
        || cors_limits_may_meet(base, add)) {
        return 1;
    }
    while (risk->flag && !cors_risk_is(risk, &merged, &all)) {
        risk++;
    }
    return risk->flag != 0;
}

static void check_risks(cors_check_t *check)
{
    risk_walk_t walk = { check, NULL, NULL, NULL, NULL };

    apr_pool_create(&walk.scratch, check->p);
    apr_pool_create(&walk.list, check->p);
    cors_places_each(check->places, may_run_risk, check_place, &walk);
    apr_pool_destroy(walk.list);
    apr_pool_destroy(walk.scratch);
}

cors_check_t *cors_check_all(const server_rec *main_server, apr_pool_t *p)
{
    cors_check_t *check = apr_palloc(p, sizeof(*check));

    check->main_server = main_server;
    check->places = cors_places_find(main_server, p);
    check->findings = apr_array_copy(p, cors_faults_all());
    check->known = apr_hash_make(p);
    check->limited = apr_hash_make(p);
    check->p = p;
    check_risks(check);
    cors_own_lines_check(check);
    cors_info_check(check);
    cors_sets_check(check);
    if (cors_places_any(check->places)) {
        cors_other_modules_check(check);
    }
    return check;
}

/* An error is logged for no server: the LogLevel of a server could hide why
 * httpd does not start. */
static void log_finding(const cors_finding_t *finding, const server_rec *s,
                        apr_pool_t *ptemp)
{
    const char *message = cors_finding_message(finding, ptemp);

    if (finding->refused) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, NULL, "%s", message);
    }
    else {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s, "%s", message);
    }
}

static int cors_check_config(apr_pool_t *pconf, apr_pool_t *plog,
                             apr_pool_t *ptemp, server_rec *s)
{
    const cors_check_t *check;
    /* At start httpd reads the configuration twice. */
    int again = ap_state_query(AP_SQ_CONFIG_GEN)
                == GENERATION_FIRST_RESTART - 1;
    int refused = 0;
    int i;

    cors_sections_keep_files(s, pconf);
    check = cors_check_all(s, ptemp);
    for (i = 0; i < check->findings->nelts; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(check->findings, i,
                                                       cors_finding_t);

        refused |= finding->refused;
        if (!finding->logged && (finding->refused || !again)) {
            log_finding(finding, s, ptemp);
        }
    }
    return refused ? HTTP_INTERNAL_SERVER_ERROR : OK;
}

void cors_check_register_hooks(apr_pool_t *p)
{
    ap_hook_check_config(cors_check_config, NULL, NULL, APR_HOOK_MIDDLE);
}
