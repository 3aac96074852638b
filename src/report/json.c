/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/json.h"

#include "config/sections.h"
#include "report/utf8.h"

json_t *cors_json_string(const char *text, apr_pool_t *p)
{
    return text ? json_string(cors_utf8_mend(text, p)) : json_null();
}

void cors_json_set(json_t *object, const char *name, const char *text,
                   apr_pool_t *p)
{
    if (text) {
        json_object_set_new(object, name, cors_json_string(text, p));
    }
}

static void set_line(json_t *object, const char *filename, int line_num,
                     apr_pool_t *p)
{
    json_object_set_new(object, "file", cors_json_string(filename, p));
    json_object_set_new(object, "line", json_integer(line_num));
}

void cors_json_set_line(json_t *object, const cors_line_t *line, apr_pool_t *p)
{
    const ap_directive_t *at = cors_line_directive(line);

    set_line(object, at->filename, at->line_num, p);
}

json_t *cors_json_server(const server_rec *server, apr_pool_t *p)
{
    json_t *object = json_object();

    json_object_set_new(object, "main", json_boolean(!server->is_virtual));
    if (server->is_virtual) {
        cors_json_set(object, "name", server->server_hostname, p);
        set_line(object, server->defn_name, (int)server->defn_line_number, p);
    }
    return object;
}

json_t *cors_json_section(const ap_directive_t *section, apr_pool_t *p)
{
    json_t *object;

    if (!section) {
        return json_null();
    }
    object = json_object();
    cors_json_set(object, "section", cors_section_name(section, p), p);
    set_line(object, section->filename, section->line_num, p);
    return object;
}

static json_t *make_value(const cors_value_t *value, apr_pool_t *p)
{
    json_t *object = json_object();

    cors_json_set(object, "directive", value->directive, p);
    cors_json_set(object, "value", value->value, p);
    cors_json_set(object, "means", value->meaning, p);
    cors_json_set_line(object, value->at, p);
    return object;
}

json_t *cors_json_values(const apr_array_header_t *values, apr_pool_t *p)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < values->nelts; i++) {
        json_array_append_new(
            list, make_value(&APR_ARRAY_IDX(values, i, cors_value_t), p));
    }
    return list;
}
