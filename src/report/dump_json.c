/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/dump_json.h"

#include <stdlib.h>

#include "module/version.h"
#include "report/json.h"
#include "report/sets_json.h"

static json_t *make_place(const cors_place_t *place,
                          const cors_policy_t *policy, apr_pool_t *p)
{
    json_t *object = json_object();

    json_object_set_new(object, "server", cors_json_server(place->server, p));
    json_object_set_new(object, "within",
                        cors_json_section(place->section, p));
    json_object_set_new(
        object, "policy",
        json_boolean(cors_policy_holds(policy) && !policy->info));
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
    size_t most;         /* places to add; 0: all */
    apr_pool_t *scratch; /* for one place */
} json_places_t;

static int add_place(void *data, const cors_place_t *place,
                     const cors_policy_t *policy)
{
    const json_places_t *places = data;

    if (places->most && json_array_size(places->list) == places->most) {
        return 1;
    }
    json_array_append_new(places->list,
                          make_place(place, policy, places->scratch));
    apr_pool_clear(places->scratch);
    return 0;
}

/* Adds the places, and whether these are all if there are more than `most`. */
static void add_places(json_t *root, const cors_check_t *check,
                       const cors_hosts_t *hosts, size_t most, apr_pool_t *p)
{
    json_places_t places = { json_array(), most, NULL };
    int has_more;

    apr_pool_create(&places.scratch, p);
    has_more = cors_hosts_each(hosts, check, add_place, &places);
    json_object_set_new(root, "places", places.list);
    if (most) {
        json_object_set_new(root, "complete", json_boolean(!has_more));
    }
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

json_t *cors_dump_json_make(const cors_check_t *check,
                            const cors_hosts_t *hosts, size_t most,
                            apr_pool_t *p)
{
    json_t *root = json_object();

    json_object_set_new(root, "version", json_string(CORS_VERSION));
    if (hosts->host) {
        json_object_set_new(root, "host", cors_json_string(hosts->host, p));
    }
    add_places(root, check, hosts, most, p);
    json_object_set_new(root, "sets", cors_sets_json(p));
    json_object_set_new(root, "findings", make_findings(check, hosts, p));
    return root;
}

void cors_dump_json(apr_file_t *out, const cors_check_t *check,
                    const cors_hosts_t *hosts, apr_pool_t *p)
{
    json_t *root = cors_dump_json_make(check, hosts, 0, p);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);

    if (text) {
        apr_file_printf(out, "%s\n", text);
        free(text);
    }
    json_decref(root);
}
