/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Enforcement against its rules as they are written, told by texts alone: for
 * the request of the input, and for its origin and host with all combinations
 * of the three Sec-Fetch fields, schemes and methods, WebSockets included.
 * The input is a scenario with further lines:
 *
 *     Host: a.example
 *     Method: PUT
 *     Upgrade: websocket
 *     Sec-Fetch-Site: cross-site            and Sec-Fetch-Mode, -Dest
 */

#include "fuzz.h"

#include <string.h>
#include <strings.h>

#include <apr_strings.h>

#include "grammar/origin.h"
#include "model.h"
#include "naive.h"
#include "protocol/enforce.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* One request in words. */
typedef struct request_t {
    const char *method, *upgrade, *scheme;
    const char *site, *mode, *dest;
} request_t;

/* What the policy and the texts of the input come to, for all requests. */
typedef struct world_t {
    cors_policy_t policy;
    const char *origin;
    const char *host;
    int is_own[2];         /* the origin of the host's own page over http, over
                            * https */
    cors_verdict_e reason; /* against the origin as one that is listed, or
                            * CORS_ALLOWED */
    cors_verdict_e judged; /* what CORS says of an actual request */
} world_t;

static int is(const char *value, const char *text)
{
    return value && strcmp(value, text) == 0;
}

/* ---- The oracle ---- */

/* Whether the origin is what a browser sends from a page of the scheme at the
 * host. */
static int is_own(const char *origin, const char *host, const char *scheme,
                  const char *port, apr_pool_t *p)
{
    const char *own = apr_pstrcat(p, scheme, "://", host, NULL);
    size_t len = strlen(own);
    size_t port_len = strlen(port);

    if (!origin || !host || !*host) {
        return 0;
    }
    if (strlen(host) > port_len && strcmp(own + len - port_len, port) == 0) {
        own = apr_pstrmemdup(p, own, len - port_len);
    }
    /* A capital in the origin is no browser's. */
    return strcasecmp(origin, own) == 0
           && strcspn(origin, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(origin);
}

static cors_verdict_e judge_listed(const scenario_t *scenario, apr_pool_t *p)
{
    const char *origin = scenario->facts.origin;
    cors_origin_t ignored;

    if (!origin) {
        return CORS_ORIGIN_MISSING;
    }
    if (cors_origin_parse(origin, cors_origin_length(origin), &ignored)
        != CORS_ORIGIN_OK) {
        return CORS_ORIGIN_MALFORMED;
    }
    return strcmp(origin, "null") == 0
                   || model_has_any(scenario, LIST_ORIGINS, p)
                   || !model_allows(scenario, origin, p)
               ? CORS_ORIGIN_NOT_ALLOWED
               : CORS_ALLOWED;
}

static int is_websocket(const request_t *r)
{
    return is(r->method, "GET") && r->upgrade
           && strcasestr(r->upgrade, "websocket");
}

static int is_looked_at(const world_t *world, const request_t *r)
{
    if (is(r->method, "OPTIONS") || is(r->method, "TRACE")) {
        return 0;
    }
    return world->policy.enforce == CORS_ENFORCE_ALL || is_websocket(r)
           || !(is(r->method, "GET") || is(r->method, "HEAD"));
}

static int rule_1(const world_t *world, const request_t *r)
{
    if (r->site) {
        return is(r->site, "same-origin") || is(r->site, "none");
    }
    return !world->origin || world->is_own[1]
           || (is(r->scheme, "http") && world->is_own[0]);
}

static int rule_2(const world_t *world, const request_t *r, int may_use)
{
    return world->reason == CORS_ALLOWED && (is_websocket(r) || may_use);
}

static int rule_3(const world_t *world, const request_t *r)
{
    return world->policy.enforce == CORS_ENFORCE_ALL
           && (is(r->method, "GET") || is(r->method, "HEAD"))
           && is(r->mode, "navigate") && !is(r->dest, "object")
           && !is(r->dest, "embed");
}

/* ---- The code under test ---- */

static void check_offender(const world_t *world, const request_t *r,
                           const cors_decision_t *decision)
{
    const char *expected = world->reason == CORS_ALLOWED ? r->method
                                                         : world->origin;

    FUZZ_CHECK(!expected == !decision->offender
                   && (!expected
                       || strncmp(expected, decision->offender,
                                  decision->offender_len)
                              == 0),
               "%s", r->method);
}

static void check_verdict(const world_t *world, const request_t *r,
                          const cors_decision_t *decision, int passes)
{
    cors_verdict_e expected = world->reason == CORS_ALLOWED
                                  ? CORS_METHOD_NOT_ALLOWED
                                  : world->reason;

    if (passes) {
        expected = rule_1(world, r) && world->origin ? CORS_SAME_ORIGIN
                                                     : world->judged;
    }
    else {
        check_offender(world, r, decision);
    }
    FUZZ_CHECK(decision->verdict == expected, "%s, not %s",
               cors_verdict_word(decision->verdict),
               cors_verdict_word(expected));
}

static void check(const world_t *world, const request_t *r, int may_use)
{
    cors_facts_t facts = { world->origin };
    cors_sender_t sender = { r->method,   r->site,   r->mode, r->dest,
                             world->host, r->scheme, 0 };
    cors_decision_t decision;
    const char *before;
    int passes;

    sender.opens_websocket = cors_enforce_opens_websocket(r->method,
                                                          r->upgrade);
    FUZZ_CHECK(!sender.opens_websocket == !is_websocket(r), "%s", r->method);
    FUZZ_CHECK(!cors_enforce_looks_at(&world->policy, r->method, r->upgrade)
                   == !is_looked_at(world, r),
               "%s", r->method);
    if (!is_looked_at(world, r)) {
        return;
    }
    cors_judge(&world->policy, &facts, &decision);
    before = decision.allow_origin;
    passes = cors_enforce(&world->policy, &facts, &sender, &decision);
    FUZZ_CHECK(!passes
                   == !(rule_1(world, r) || rule_2(world, r, may_use)
                        || rule_3(world, r)),
               "%s %s %s", r->method, world->origin ? world->origin : "-",
               r->site ? r->site : "-");
    check_verdict(world, r, &decision, passes);
    FUZZ_CHECK(
        world->origin
            || passes == cors_enforce_without_origin(&world->policy, &sender),
        "%s", r->method);
    FUZZ_CHECK(decision.allow_origin == before, "the headers change");
}

/* ---- All combinations ---- */

static void check_sites(const world_t *world, request_t r, int may_use)
{
    static const char *const sites[] = { NULL,        "same-origin",
                                         "same-site", "cross-site",
                                         "none",      "x" };
    static const char *const modes[] = { NULL, "navigate", "no-cors",
                                         "websocket" };
    static const char *const dests[] = { NULL,    "document", "object",
                                         "embed", "image",    "iframe" };
    size_t site, mode, dest;

    for (site = 0; site < COUNT(sites); site++) {
        for (mode = 0; mode < COUNT(modes); mode++) {
            for (dest = 0; dest < COUNT(dests); dest++) {
                r.site = sites[site];
                r.mode = modes[mode];
                r.dest = dests[dest];
                check(world, &r, may_use);
            }
        }
    }
}

static void check_all(const world_t *world, const scenario_t *scenario,
                      apr_pool_t *p)
{
    static const char *const methods[] = { "GET",   "HEAD", "POST",   "PUT",
                                           "TRACE", "FOO",  "OPTIONS" };
    static const char *const upgrades[] = { NULL, "websocket", "h2c" };
    size_t method, upgrade;

    for (method = 0; method < COUNT(methods); method++) {
        int may_use = model_may_use(scenario, methods[method], p);

        for (upgrade = 0; upgrade < COUNT(upgrades); upgrade++) {
            request_t r = { methods[method], upgrades[upgrade], "http" };

            check_sites(world, r, may_use);
            r.scheme = "https";
            check_sites(world, r, may_use);
        }
    }
}

/* The value of the last line with this field, or NULL. */
static const char *line_of(const char *text, const char *name, apr_pool_t *p)
{
    const char *value = NULL;
    char *state;
    char *line = apr_strtok(apr_pstrdup(p, text), "\n", &state);
    size_t len = strlen(name);

    for (; line; line = apr_strtok(NULL, "\n", &state)) {
        if (strncasecmp(line, name, len) == 0
            && strncmp(line + len, ": ", 2) == 0) {
            value = line + len + 2;
        }
    }
    return value;
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    scenario_t *scenario = scenario_read(text, len, p);
    const char *input = apr_pstrmemdup(p, text, len);
    request_t r = { line_of(input, "Method", p),
                    line_of(input, "Upgrade", p),
                    "http",
                    line_of(input, "Sec-Fetch-Site", p),
                    line_of(input, "Sec-Fetch-Mode", p),
                    line_of(input, "Sec-Fetch-Dest", p) };
    world_t world = { *scenario_policy(scenario, p), scenario->facts.origin,
                      line_of(input, "Host", p) };
    int i;

    if (!cors_policy_holds(&world.policy)) {
        return;
    }
    scenario->facts.method = NULL; /* no preflight is looked at */
    r.method = r.method ? r.method : "POST";
    world.is_own[0] = is_own(world.origin, world.host, "http", ":80", p);
    world.is_own[1] = is_own(world.origin, world.host, "https", ":443", p);
    world.reason = judge_listed(scenario, p);
    world.judged = model_judge(scenario, p);
    for (i = 0; i < 2; i++) {
        world.policy.enforce = i ? CORS_ENFORCE_ALL : CORS_ENFORCE_UNSAFE;
        check(&world, &r, model_may_use(scenario, r.method, p));
        check_all(&world, scenario, p);
    }
}
