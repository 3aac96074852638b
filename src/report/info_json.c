/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/info_json.h"

#include <stdlib.h>

#include <http_main.h>
#include <http_protocol.h>

#include "report/dump_json.h"
#include "report/explain_json.h"
#include "report/info_policies.h"
#include "report/json.h"
#include "report/stats_json.h"

void cors_info_json_print(request_rec *r, const cors_check_t *check,
                          const cors_info_ask_t *ask,
                          const cors_answer_t *answer, const char *wrong)
{
    cors_hosts_t hosts = { ap_server_conf, ask->host };
    json_t *root = cors_dump_json_make(check, &hosts, CORS_INFO_PLACES_MAX,
                                       r->pool);
    char *text;

    cors_json_set(root, "error", wrong, r->pool);
    json_object_set_new(root, "explanation",
                        answer ? cors_explain_json(answer, r->pool)
                               : json_null());
    json_object_set_new(root, "counted",
                        cors_stats_json(cors_snapshot_take(r->pool), r->pool));
    text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text) {
        ap_rputs(text, r);
        ap_rputs("\n", r);
        free(text);
    }
    json_decref(root);
}
