/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/explain_json.h"

#include <string.h>

#include <apr_strings.h>

#include "report/json.h"

static int add_header(void *list, const char *name, const char *value)
{
    json_t *header = json_array();

    json_array_append_new(header, json_string(name));
    json_array_append_new(header, json_string(value));
    json_array_append_new(list, header);
    return 1;
}

static json_t *make_question(const cors_question_t *question, apr_pool_t *p)
{
    json_t *object = json_object();

    cors_json_set(object, "method", question->method, p);
    cors_json_set(object, "url", question->url, p);
    cors_json_set(object, "origin", question->origin, p);
    json_object_set_new(object, "credentials",
                        json_boolean(question->credentials));
    return object;
}

static json_t *make_exchange(const cors_exchange_t *exchange, apr_pool_t *p)
{
    json_t *object = json_object();
    json_t *headers = json_array();

    json_object_set_new(object, "sent", json_boolean(exchange->is_sent));
    cors_json_set(object, "why", exchange->why, p);
    if (exchange->headers) {
        cors_json_set(object, "verdict", exchange->verdict, p);
        json_object_set_new(object, "status",
                            exchange->status ? json_integer(exchange->status)
                                             : json_null());
        cors_json_set(object, "location", exchange->location, p);
        apr_table_do(add_header, headers, exchange->headers, NULL);
    }
    json_object_set_new(object, "headers", headers);
    return object;
}

static json_t *make_sections(const apr_array_header_t *sections, apr_pool_t *p)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < sections->nelts; i++) {
        json_array_append_new(
            list, cors_json_section(
                      APR_ARRAY_IDX(sections, i, const ap_directive_t *), p));
    }
    return list;
}

static json_t *make_notes(const apr_array_header_t *notes, apr_pool_t *p)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < notes->nelts; i++) {
        json_array_append_new(
            list, cors_json_string(APR_ARRAY_IDX(notes, i, const char *), p));
    }
    return list;
}

static json_t *make_decided(const cors_answer_t *answer, apr_pool_t *p)
{
    json_t *object;

    if (!answer->directive) {
        return json_null();
    }
    object = json_object();
    cors_json_set(object, "directive", answer->directive, p);
    if (answer->line) {
        cors_json_set_line(object, answer->line, p);
    }
    return object;
}

static void set_place(json_t *object, const cors_answer_t *answer,
                      apr_pool_t *p)
{
    json_object_set_new(object, "server", cors_json_server(answer->server, p));
    json_object_set_new(object, "sections",
                        make_sections(answer->sections, p));
    json_object_set_new(object, "policy", json_boolean(answer->holds));
    json_object_set_new(object, "values", cors_json_values(answer->values, p));
    json_object_set_new(object, "preflight",
                        make_exchange(&answer->preflight, p));
    json_object_set_new(object, "actual", make_exchange(&answer->actual, p));
    cors_json_set(object, "enforced", answer->enforced, p);
}

static json_t *make_console(const cors_answer_t *answer, apr_pool_t *p)
{
    json_t *object = json_object();

    cors_json_set(object, "chromium", answer->chromium, p);
    cors_json_set(object, "firefox", answer->firefox, p);
    cors_json_set(object, "webkit", answer->webkit, p);
    return object;
}

json_t *cors_explain_json(const cors_answer_t *answer, apr_pool_t *p)
{
    json_t *object = json_object();

    json_object_set_new(object, "question",
                        make_question(&answer->question, p));
    cors_json_set(object, "outcome", cors_outcome_word(answer->outcome), p);
    cors_json_set(object, "reason", answer->reason, p);
    cors_json_set(object, "summary", answer->summary, p);
    cors_json_set(object, "unknown", answer->unknown, p);
    cors_json_set(object, "careful", answer->careful, p);
    json_object_set_new(object, "decided", make_decided(answer, p));
    cors_json_set(object, "offender", answer->offender, p);
    cors_json_set(object, "write", answer->write, p);
    json_object_set_new(object, "console", make_console(answer, p));
    json_object_set_new(object, "notes", make_notes(answer->notes, p));
    if (answer->server) {
        set_place(object, answer, p);
    }
    return object;
}

static const char *read_text(const json_t *object, const char *name,
                             apr_pool_t *p)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? apr_pstrdup(p, text) : NULL;
}

int cors_explain_read(const json_t *object, cors_question_t *question,
                      apr_pool_t *p)
{
    const json_t *headers = json_object_get(object, "headers");
    size_t i;

    memset(question, 0, sizeof(*question));
    question->method = read_text(object, "method", p);
    question->url = read_text(object, "url", p);
    question->origin = read_text(object, "origin", p);
    question->credentials = json_is_true(
        json_object_get(object, "credentials"));
    question->headers = apr_table_make(p, 8);
    for (i = 0; i < json_array_size(headers); i++) {
        const char *text = json_string_value(json_array_get(headers, i));

        if (!text) {
            return 0;
        }
        cors_question_add_header(question, text);
    }
    return question->method && question->url;
}
