/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/facts.h"

#include <string.h>

#include <http_protocol.h>

#include "grammar/name.h"

/* One walk for all.  apr_table_get() tells names by their first four bytes,
 * so it would compare each of these with the others and with Accept and its
 * like: 150 instructions more, and 100 more for each further such field. */
static void gather_preflight(const request_rec *r, cors_facts_t *facts)
{
    const apr_array_header_t *fields = apr_table_elts(r->headers_in);
    const apr_table_entry_t *field = (const void *)fields->elts;
    const apr_table_entry_t *end = field + fields->nelts;

    for (; field < end; field++) {
        if (!cors_field_may_be_access(field->key)) {
            continue;
        }
        if (strcasecmp(field->key, "Access-Control-Request-Method") == 0) {
            facts->method = field->val;
        }
        else if (strcasecmp(field->key, "Access-Control-Request-Headers")
                 == 0) {
            facts->headers = field->val;
        }
        else if (strcasecmp(field->key,
                            "Access-Control-Request-Private-Network")
                 == 0) {
            facts->private_network = strcmp(field->val, "true") == 0;
        }
    }
    if (!facts->method) {
        facts->headers = NULL;
        facts->private_network = 0;
    }
}

void cors_facts_gather(const request_rec *r, const char *origin,
                       cors_facts_t *facts)
{
    memset(facts, 0, sizeof(*facts));
    facts->origin = origin;
    if (origin && r->method_number == M_OPTIONS) {
        gather_preflight(r, facts);
    }
}

/* An absolute request line takes the place of Host (RFC 9112, section 3.2.2).
 * A part for a user would make it nobody's host. */
static const char *host_of(const request_rec *r)
{
    return r->parsed_uri.hostinfo ? r->parsed_uri.hostinfo
                                  : apr_table_get(r->headers_in, "Host");
}

int cors_facts_sender(const request_rec *r, const cors_policy_t *policy,
                      cors_sender_t *sender)
{
    const apr_table_t *in = r->headers_in;
    int all = cors_policy_enforces_all(policy);

    sender->method = r->method;
    sender->opens_websocket = cors_enforce_opens_websocket(
        r->method, apr_table_get(in, "Upgrade"));
    if (!cors_enforce_looks_at(policy, sender)) {
        return 0;
    }
    sender->site = apr_table_get(in, "Sec-Fetch-Site");
    sender->mode = all ? apr_table_get(in, "Sec-Fetch-Mode") : NULL;
    sender->dest = all ? apr_table_get(in, "Sec-Fetch-Dest") : NULL;
    sender->host = sender->site ? NULL : host_of(r);
    sender->scheme = ap_http_scheme(r);
    return 1;
}
