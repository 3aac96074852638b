/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/dump_json.h"

#include <stdlib.h>

#include "module/version.h"
#include "report/json.h"

static json_t *make_place(const cors_place_t *place,
                          const cors_policy_t *policy, apr_pool_t *p)
{
    json_t *object = json_object();

    json_object_set_new(object, "server", cors_json_server(place->server, p));
    json_object_set_new(object, "within",
                        cors_json_section(place->section, p));
    json_object_set_new(object, "policy",
                        json_boolean(cors_policy_holds(policy)));
    json_object_set_new(object, "values",
                        cors_json_values(cors_values_of(policy, p), p));
    return object;
}

static json_t *make_finding(const cors_finding_t *finding, apr_pool_t *p)
{
    json_t *object = json_object();

    json_object_set_new(object, "level",
                        json_string(finding->refused ? "error" : "warning"));
    json_object_set_new(object, "code",
                        json_string(cors_code_word(finding->code)));
    json_object_set_new(object, "text", cors_json_string(finding->text, p));
    cors_json_set_line(object, finding->at, p);
    return object;
}

/* State of add_place. */
typedef struct json_places_t {
    json_t *list;
    apr_pool_t *scratch; /* for one place */
} json_places_t;

static int add_place(void *data, const cors_place_t *place,
                     const cors_policy_t *policy)
{
    const json_places_t *places = data;

    json_array_append_new(places->list,
                          make_place(place, policy, places->scratch));
    apr_pool_clear(places->scratch);
    return 0;
}

static json_t *make_places(const cors_check_t *check,
                           const cors_hosts_t *hosts, apr_pool_t *p)
{
    json_places_t places = { json_array(), NULL };

    apr_pool_create(&places.scratch, p);
    cors_hosts_each(hosts, check, add_place, &places);
    return places.list;
}

static json_t *make_findings(const cors_check_t *check,
                             const cors_hosts_t *hosts, apr_pool_t *p)
{
    const apr_array_header_t *findings = check->findings;
    json_t *list = json_array();
    int i;

    for (i = 0; i < findings->nelts; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(findings, i,
                                                       cors_finding_t);

        if (cors_hosts_has_finding(hosts, finding)) {
            json_array_append_new(list, make_finding(finding, p));
        }
    }
    return list;
}

void cors_dump_json(apr_file_t *out, const cors_check_t *check,
                    const cors_hosts_t *hosts, apr_pool_t *p)
{
    json_t *root = json_object();
    char *text;

    json_object_set_new(root, "version", json_string(CORS_VERSION));
    if (hosts->host) {
        json_object_set_new(root, "host", cors_json_string(hosts->host, p));
    }
    json_object_set_new(root, "places", make_places(check, hosts, p));
    json_object_set_new(root, "findings", make_findings(check, hosts, p));
    text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text) {
        apr_file_printf(out, "%s\n", text);
        free(text);
    }
    json_decref(root);
}
