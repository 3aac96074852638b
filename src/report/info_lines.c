/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/info_lines.h"

#include <http_protocol.h>

#include "config/sections.h"
#include "report/html.h"
#include "report/values.h"

void cors_info_line_print(request_rec *r, const cors_line_t *line)
{
    cors_html_print(r, "<span class=\"at\">%s</span>",
                    cors_line_name(line, r->pool));
}

void cors_info_server_print(request_rec *r, const server_rec *server)
{
    if (!server->is_virtual) {
        ap_rputs("Main server", r);
        return;
    }
    cors_html_print(r,
                    "Virtual host <code>%s</code> <span class=\"at\">line %d "
                    "of %s</span>",
                    server->server_hostname ? server->server_hostname : "",
                    (int)server->defn_line_number, server->defn_name);
}

void cors_info_section_print(request_rec *r, const ap_directive_t *section)
{
    cors_html_print(r, "<code>%s</code> ",
                    cors_section_name(section, r->pool));
    cors_info_line_print(r, cors_line_of(section));
}

/* Names stand side by side, and what has a meaning on a line of its own. */
static void print_value(request_rec *r, const cors_value_t *value,
                        int is_first)
{
    int has_meaning = value->meaning && *value->meaning;

    if (!is_first) {
        ap_rputs(has_meaning ? "<br>\n" : " ", r);
    }
    cors_html_print(r, "<code>%s</code>", value->value);
    if (has_meaning) {
        cors_html_print(r, " <span class=\"means\">(%s)</span>",
                        value->meaning);
    }
}

void cors_info_values_print_with(request_rec *r,
                                 const apr_array_header_t *values,
                                 cors_info_after_fn *after, void *data)
{
    const cors_value_t *all = (const void *)values->elts;
    int i = 0;

    if (!values->nelts) {
        return;
    }
    ap_rputs("<dl class=\"values\">\n", r);
    while (i < values->nelts) {
        int first = i;

        cors_html_print(r, "<dt><code>%s</code></dt><dd><div>",
                        all[i].directive);
        do {
            print_value(r, &all[i], i == first);
            i++;
        } while (i < values->nelts && all[i].at == all[first].at);
        ap_rputs("</div>\n<div>", r);
        cors_info_line_print(r, all[first].at);
        if (after) {
            after(data, first);
        }
        ap_rputs("</div></dd>\n", r);
    }
    ap_rputs("</dl>\n", r);
}

void cors_info_values_print(request_rec *r, const apr_array_header_t *values)
{
    cors_info_values_print_with(r, values, NULL, NULL);
}
