/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "protocol/headers.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "grammar/token.h"
#include "policy/joined.h"
#include "policy/names.h"

static const char allow_origin[] = "Access-Control-Allow-Origin";
static const char expose_headers[] = "Access-Control-Expose-Headers";
static const char timing_allow_origin[] = "Timing-Allow-Origin";

/* The values are static or live as long as the request, so no table needs to
 * copy them. */
static void add(apr_table_t *out, const char *name, const char *value)
{
    apr_table_addn(out, name, value);
}

static void add_if(apr_table_t *out, const char *name, const char *value)
{
    if (value) {
        add(out, name, value);
    }
}

void cors_headers_strip(const cors_policy_t *policy, apr_table_t *headers)
{
    const apr_array_header_t *lines = apr_table_elts(headers);
    const apr_table_entry_t *first = (const void *)lines->elts;
    const apr_table_entry_t *end = first + lines->nelts;
    const apr_table_entry_t *line = first;
    int timing = policy->timing_allow_origin;

    while (line < end) {
        const char *name = line->key;

        line++;
        if ((cors_field_may_be_access(name)
             && cors_field_is_access_control(name))
            || (timing && apr_cstr_casecmp(name, timing_allow_origin) == 0)) {
            /* Takes all lines of the name away and moves the others up. */
            apr_table_unset(headers, name);
            end = first + lines->nelts;
            line = first;
        }
    }
}

/* Whether exposing the name makes a difference: not for a header that a script
 * may read anyway, must not read, or never gets. */
static int is_exposable(const char *name)
{
    return !cors_field_is_safelisted(name) && !cors_field_is_hop_by_hop(name)
           && !cors_field_is_access_control(name)
           && cors_response_field_check(name) == CORS_NAME_OK;
}

static int collect(void *names, const char *name, const char *value)
{
    if (is_exposable(name)) {
        apr_table_setn(names, name, "");
    }
    return 1;
}

/* What "*" stands for where a browser would take it literally: the names of
 * the response's own headers, once each.  httpd adds Date and Server, too late
 * for any filter to see them. */
static const char *own_names(int encoded, const apr_table_t *out,
                             const apr_table_t *err, apr_pool_t *p)
{
    apr_table_t *names = apr_table_make(p, 16);
    cors_joined_t joined = { 0 };
    const apr_table_entry_t *name;
    int i;

    apr_table_setn(names, "Date", "");
    apr_table_setn(names, "Server", "");
    if (encoded) {
        apr_table_setn(names, "Content-Encoding", "");
    }
    apr_table_do(collect, names, out, NULL);
    apr_table_do(collect, names, err, NULL);
    name = (const void *)apr_table_elts(names)->elts;
    for (i = 0; i < apr_table_elts(names)->nelts; i++) {
        cors_joined_add(&joined, name[i].key, strlen(name[i].key), p);
    }
    return joined.text;
}

void cors_headers_expose_own(int encoded, apr_table_t *out,
                             const apr_table_t *err, apr_pool_t *p)
{
    apr_table_setn(out, expose_headers, own_names(encoded, out, err, p));
}

static void add_origin(const cors_decision_t *decision, apr_table_t *out)
{
    add(out, allow_origin, decision->allow_origin);
    if (decision->credentials) {
        add(out, "Access-Control-Allow-Credentials", "true");
    }
}

int cors_headers_actual(const cors_policy_t *policy,
                        const cors_decision_t *decision, apr_table_t *out,
                        apr_pool_t *p)
{
    const cors_list_t *expose = policy->expose;
    int own = cors_headers_list_own(policy, decision);

    add_origin(decision, out);
    if (expose && !own) {
        add_if(out, expose_headers,
               expose->any
                   ? "*"
                   : cors_names_value(expose, CORS_NAMES_EXPOSE_HEADERS, p));
    }
    if (policy->timing_allow_origin) {
        add(out, timing_allow_origin, decision->allow_origin);
    }
    return own;
}

/* Returns the requested names, all of them tokens by now, with only a comma
 * between them. */
static const char *echo(const char *headers, apr_pool_t *p)
{
    cors_scan_t scan = { headers, NULL, 0, 0 };
    cors_joined_t joined = { 0 };

    while (cors_scan_next(&scan) == CORS_SCAN_NAME) {
        cors_joined_add(&joined, scan.name, scan.len, p);
    }
    return joined.text;
}

/* "*" means itself to a browser that sends credentials, so the browser is told
 * what it asked for.  A method that "*" doesn't cover is not repeated. */
static const char *methods_value(const cors_policy_t *policy,
                                 const cors_facts_t *facts,
                                 const cors_decision_t *decision,
                                 apr_pool_t *p)
{
    if (!policy->methods || !policy->methods->any) {
        return cors_names_value(policy->methods, CORS_NAMES_METHODS, p);
    }
    if (!decision->credentials) {
        return "*";
    }
    return decision->verdict == CORS_METHOD_NOT_ALLOWED ? NULL : facts->method;
}

/* Requested names are repeated only once all of them have been allowed. */
static const char *headers_value(const cors_policy_t *policy,
                                 const cors_facts_t *facts,
                                 const cors_decision_t *decision,
                                 apr_pool_t *p)
{
    const cors_list_t *list = policy->headers;

    if (!list || !list->any) {
        return cors_names_value(list, CORS_NAMES_ALLOW_HEADERS, p);
    }
    if (!decision->credentials) {
        return list->authorization ? "*, Authorization" : "*";
    }
    return facts->headers && decision->verdict == CORS_ALLOWED
               ? echo(facts->headers, p)
               : NULL;
}

void cors_headers_preflight(const cors_policy_t *policy,
                            const cors_facts_t *facts,
                            const cors_decision_t *decision, apr_table_t *out,
                            apr_pool_t *p)
{
    if (!decision->allow_origin) {
        return;
    }
    add_origin(decision, out);
    add_if(out, "Access-Control-Allow-Methods",
           methods_value(policy, facts, decision, p));
    add_if(out, "Access-Control-Allow-Headers",
           headers_value(policy, facts, decision, p));
    add_if(out, "Access-Control-Max-Age", policy->max_age);
    if (decision->private_network) {
        add(out, "Access-Control-Allow-Private-Network", "true");
    }
}
