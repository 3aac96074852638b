/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/explain_html.h"

#include <http_protocol.h>

#include "report/html.h"
#include "report/info_lines.h"

static const char *sign_of(cors_outcome_e outcome)
{
    return outcome == CORS_OUTCOME_ALLOWED   ? "\xE2\x9C\x93" /* check mark */
           : outcome == CORS_OUTCOME_REFUSED ? "\xE2\x9C\x95" /* cross */
                                             : "?";
}

const char *cors_explain_title(const cors_answer_t *answer)
{
    switch (answer->outcome) {
    case CORS_OUTCOME_ALLOWED:
        return "Allowed";
    case CORS_OUTCOME_REFUSED:
        return "Refused";
    case CORS_OUTCOME_UNKNOWN:
        return "Can\xE2\x80\x99t be told";
    case CORS_OUTCOME_WRONG:
        break;
    }
    return "Not understood";
}

static void print_question(request_rec *r, const cors_question_t *question)
{
    cors_html_print(r, "<p class=\"asked\"><code>%s %s</code>",
                    question->method, question->url);
    if (question->origin) {
        cors_html_print(r, " from a page on <code>%s</code>",
                        question->origin);
    }
    ap_rputs(question->credentials ? ", with credentials</p>\n" : "</p>\n", r);
}

/* A term, and a text; nothing for NULL. */
static void print_fact(request_rec *r, const char *term, const char *text)
{
    if (text) {
        cors_html_print(r, "<dt>%s</dt><dd>%s</dd>\n", term, text);
    }
}

static void print_said(request_rec *r, const char *browser, const char *text)
{
    if (text) {
        cors_html_print(r, "<dt>%s prints</dt><dd><samp>%s</samp></dd>\n",
                        browser, text);
    }
}

static void print_decided(request_rec *r, const cors_answer_t *answer)
{
    if (!answer->directive) {
        return;
    }
    cors_html_print(r, "<dt>Decided by</dt><dd><code>%s</code> ",
                    answer->directive);
    if (answer->line) {
        cors_info_line_print(r, answer->line);
    }
    else {
        ap_rputs("by its default", r);
    }
    ap_rputs("</dd>\n", r);
}

static void print_notes(request_rec *r, const apr_array_header_t *notes)
{
    int i;

    for (i = 0; i < notes->nelts; i++) {
        print_fact(r, "Note", APR_ARRAY_IDX(notes, i, const char *));
    }
}

static void print_facts(request_rec *r, const cors_answer_t *answer)
{
    ap_rputs("<dl class=\"facts\">\n", r);
    print_fact(r, "Why not", answer->unknown);
    print_fact(r, "Careful", answer->careful);
    print_decided(r, answer);
    print_fact(r, "To allow it", answer->write);
    print_fact(r, "CorsEnforce", answer->enforced);
    print_said(r, "Chromium", answer->chromium);
    print_said(r, "Firefox", answer->firefox);
    print_said(r, "WebKit", answer->webkit);
    print_notes(r, answer->notes);
    ap_rputs("</dl>\n", r);
}

static void print_sections(request_rec *r, const apr_array_header_t *sections)
{
    int i;

    for (i = 0; i < sections->nelts; i++) {
        ap_rputs("<dt>Section</dt><dd>", r);
        cors_info_section_print(
            r, APR_ARRAY_IDX(sections, i, const ap_directive_t *));
        ap_rputs("</dd>\n", r);
    }
}

static void print_place(request_rec *r, const cors_answer_t *answer)
{
    ap_rputs("<h3>Policy</h3>\n<dl class=\"facts\">\n", r);
    ap_rputs("<dt>Server</dt><dd>", r);
    cors_info_server_print(r, answer->server);
    ap_rputs("</dd>\n", r);
    print_sections(r, answer->sections);
    ap_rputs("</dl>\n", r);
    if (!answer->holds) {
        ap_rputs("<p>No policy holds there.</p>\n", r);
    }
    cors_info_values_print(r, answer->values);
}

static int print_header(void *data, const char *name, const char *value)
{
    cors_html_print(data, "<div><dt>%s:</dt> <dd>%s</dd></div>\n", name,
                    value);
    return 1;
}

static void print_status(request_rec *r, const cors_exchange_t *exchange)
{
    if (exchange->status) {
        cors_html_print(r, "<p>Status %d", exchange->status);
    }
    else {
        ap_rputs("<p>Whoever answers decides on the status", r);
    }
    if (exchange->verdict) {
        cors_html_print(r, ". Verdict: <code>%s</code>", exchange->verdict);
    }
    if (exchange->location) {
        cors_html_print(r, ". It leads to <code>%s</code>",
                        exchange->location);
    }
    ap_rputs(".</p>\n", r);
}

static void print_response(request_rec *r, const cors_exchange_t *exchange)
{
    print_status(r, exchange);
    if (apr_is_empty_table(exchange->headers)) {
        ap_rputs("<p>mod_cors adds no header.</p>\n", r);
        return;
    }
    ap_rputs("<dl class=\"wire\">\n", r);
    apr_table_do(print_header, r, exchange->headers, NULL);
    ap_rputs("</dl>\n", r);
}

static void print_preflight(request_rec *r, const cors_exchange_t *exchange)
{
    if (!exchange->is_sent) {
        ap_rputs("<h3>No preflight</h3>\n<p>The browser sends the request "
                 "at once.</p>\n",
                 r);
        return;
    }
    cors_html_print(r,
                    "<h3>Preflight</h3>\n<p>The browser sends one: %s.</p>"
                    "\n",
                    exchange->why);
    print_response(r, exchange);
}

static void print_actual(request_rec *r, const cors_exchange_t *exchange)
{
    ap_rputs("<h3>Request</h3>\n", r);
    if (!exchange->is_sent) {
        ap_rputs("<p>The browser does not send it, because the preflight is "
                 "refused. If it were sent:</p>\n",
                 r);
    }
    print_response(r, exchange);
}

void cors_explain_html(request_rec *r, const cors_answer_t *answer)
{
    cors_html_print(r,
                    "<section id=\"answer\" class=\"%s\" tabindex=\"-1\" "
                    "aria-labelledby=\"outcome\">\n<h2 id=\"outcome\">"
                    "<span aria-hidden=\"true\">%s</span> %s</h2>\n",
                    cors_outcome_word(answer->outcome),
                    sign_of(answer->outcome), cors_explain_title(answer));
    print_question(r, &answer->question);
    cors_html_print(r, "<p class=\"summary\">%s</p>\n", answer->summary);
    print_facts(r, answer);
    ap_rputs("<div class=\"exchanges\">\n<div>\n", r);
    print_preflight(r, &answer->preflight);
    ap_rputs("</div>\n<div>\n", r);
    print_actual(r, &answer->actual);
    ap_rputs("</div>\n</div>\n", r);
    print_place(r, answer);
    ap_rputs("</section>\n", r);
}
