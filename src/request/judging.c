/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/judging.h"

#include <string.h>

#include <apr_strings.h>
#include <http_request.h>

#include "module/dir_conf.h"
#include "request/facts.h"
#include "request/tell.h"

/* For all requests without a policy.  Never written to. */
static cors_request_t no_policy;

cors_request_t *cors_request_get(const request_rec *r)
{
    return ap_get_module_config(r->request_config, &cors_module);
}

static cors_request_t *keep(const request_rec *r, cors_request_t *cors)
{
    ap_set_module_config(r->request_config, &cors_module, cors);
    return cors;
}

void cors_request_drop(const request_rec *r)
{
    keep(r, &no_policy);
}

/* Enforcement refuses the request, or would. */
__attribute__((noinline)) static void refuse(request_rec *r,
                                             cors_request_t *cors,
                                             const cors_sender_t *sender)
{
    cors->enforced = cors_policy_only_tries(cors->policy)
                         ? CORS_ENFORCED_WOULD_REFUSE
                         : CORS_ENFORCED_REFUSED;
    cors_tell_count(r, cors);
    cors_tell_count_enforced(r, cors);
    if (cors->facts.origin) {
        cors_tell_variables(r, cors);
    }
    cors_tell_enforced(r, cors);
    cors_tell_refusal(r, cors, sender);
}

/* Judges a request that needs a record of its own.  sender is NULL unless
 * enforcement looks at the request. */
__attribute__((noinline)) static cors_request_t *judge(
    request_rec *r, const cors_policy_t *policy, const char *origin,
    const cors_sender_t *sender)
{
    cors_request_t *cors = apr_palloc(r->pool, sizeof(*cors));
    int passes;

    cors->policy = policy;
    cors->end_status = 0;
    cors->enforced = CORS_ENFORCED_PASSES;
    cors->differs = 0;
    cors_facts_gather(r, origin, &cors->facts);
    cors_facts_add_sets(r, policy, &cors->facts);
    cors_judge(policy, &cors->facts, &cors->decision);
    passes = !sender
             || cors_enforce(policy, &cors->facts, sender, &cors->decision);
    if (cors->decision.word) {
        cors_tell_meeting(r, cors);
    }
    if (!passes) {
        refuse(r, cors, sender);
    }
    else if (origin) {
        cors_tell_count(r, cors);
        cors_tell_variables(r, cors);
        cors_tell_verdict(r, cors);
    }
    return cors;
}

/* Judges a request that a policy holds for.  Most come from no other site, and
 * share one record. */
static inline cors_request_t *judge_origin(request_rec *r,
                                           cors_dir_conf_t *conf,
                                           const char *origin)
{
    const cors_policy_t *policy = &conf->policy;

    if (!origin && !policy->origins->any && !policy->static_origin) {
        return keep(r, &conf->unasked);
    }
    return keep(r, judge(r, policy, origin, NULL));
}

__attribute__((noinline)) static cors_request_t *judge_held(
    request_rec *r, cors_dir_conf_t *conf)
{
    return judge_origin(r, conf, cors_facts_origin(r));
}

/* Judges a request that enforcement looks at. */
__attribute__((noinline)) static cors_request_t *judge_sender(
    request_rec *r, cors_dir_conf_t *conf)
{
    const cors_policy_t *policy = &conf->policy;
    cors_sender_t sender;
    const char *origin = cors_facts_sender(r, &sender);

    if (!origin && cors_enforce_without_origin(policy, &sender)) {
        return judge_origin(r, conf, NULL);
    }
    return keep(r, judge(r, policy, origin, &sender));
}

/* Judges a request that a policy with enforcement holds for.  One that it does
 * not look at is read for its origin and for what opens a WebSocket alone. */
__attribute__((noinline)) static cors_request_t *judge_enforced(
    request_rec *r, cors_dir_conf_t *conf)
{
    const char *origin;
    const char *upgrade;

    if (cors_enforce_looks_at(&conf->policy, r->method, NULL)) {
        return judge_sender(r, conf);
    }
    origin = cors_facts_origin_upgrade(r, &upgrade);
    if (upgrade && cors_enforce_looks_at(&conf->policy, r->method, upgrade)) {
        return judge_sender(r, conf);
    }
    return judge_origin(r, conf, origin);
}

/* Whether a policy holds for the request.  A forward proxy passes on what
 * belongs to another site: no policy of this server's may open it. */
static inline int holds_for(const request_rec *r, const cors_policy_t *policy)
{
    return cors_policy_holds(policy) && r->proxyreq != PROXYREQ_PROXY;
}

/* No policy holds.  A configuration with enforcement and without a list is
 * refused, but no check reads .htaccess files. */
__attribute__((noinline)) static cors_request_t *enforce_nothing(
    const request_rec *r, const cors_policy_t *policy)
{
    if (!policy->origins && policy->engine != CORS_ENGINE_OFF
        && r->proxyreq != PROXYREQ_PROXY) {
        cors_tell_no_list(r, policy);
    }
    return keep(r, &no_policy);
}

cors_request_t *cors_request_judge(request_rec *r)
{
    cors_dir_conf_t *conf = cors_dir_conf(r->per_dir_config);
    const cors_policy_t *policy = &conf->policy;

    if (holds_for(r, policy)) {
        return cors_policy_enforces(policy) ? judge_enforced(r, conf)
                                            : judge_held(r, conf);
    }
    return cors_policy_enforces(policy) ? enforce_nothing(r, policy)
                                        : keep(r, &no_policy);
}

/* Judges a request that has failed already: there is nothing to enforce. */
static cors_request_t *judge_failed(request_rec *r)
{
    cors_dir_conf_t *conf = cors_dir_conf(r->per_dir_config);

    return holds_for(r, &conf->policy) ? judge_held(r, conf)
                                       : keep(r, &no_policy);
}

/* httpd makes any request with an ErrorDocument a GET, and keeps the original
 * method in a variable. */
static int method_sent(const request_rec *r)
{
    const char *method = apr_table_get(r->subprocess_env, "REQUEST_METHOD");

    return method && strcmp(method, "OPTIONS") == 0 ? M_OPTIONS
                                                    : r->method_number;
}

/* Returns the path for the walk through the sections.  httpd 2.4.37 takes the
 * leading slash off a path that leads above the root. */
static char *walked_path(const request_rec *r)
{
    return r->uri && r->unparsed_uri && r->uri[0] != '/'
                   && r->unparsed_uri[0] == '/'
               ? apr_pstrcat(r->pool, "/", r->uri, NULL)
               : r->uri;
}

/* Whether the request has the sections that hold for it: httpd has thrown the
 * walk through them away until it looks for a file.  Those of a proxied
 * request may be <Proxy> alone. */
static int has_sections(const request_rec *r)
{
    return r->per_dir_config != r->server->lookup_defaults && !r->proxyreq;
}

/* Judges a request that ended before this module's header_parser: the walk
 * through the <Location> sections is done again where httpd has none. */
static cors_request_t *judge_early(request_rec *r)
{
    ap_conf_vector_t *kept = r->per_dir_config;
    char *uri = r->uri;
    int method = r->method_number;
    cors_request_t *cors;

    r->uri = walked_path(r);
    if (!r->uri || r->uri[0] != '/' || r->method_number == M_TRACE) {
        r->uri = uri;
        return &no_policy;
    }
    if (!has_sections(r)) {
        r->per_dir_config = r->server->lookup_defaults;
        if (ap_location_walk(r) != OK) {
            r->per_dir_config = r->server->lookup_defaults;
        }
    }
    r->method_number = method_sent(r);
    cors = judge_failed(r);
    r->uri = uri;
    r->method_number = method;
    r->per_dir_config = kept;
    return cors;
}

/* Returns the record of the request that the client sent: r itself, or the one
 * that r was redirected from. */
cors_request_t *cors_request_get_first(request_rec *r)
{
    request_rec *first = r;
    cors_request_t *cors;

    while (first->prev) {
        first = first->prev;
    }
    cors = cors_request_get(first);
    if (!cors) {
        cors = judge_early(first);
    }
    return keep(r, cors);
}
