/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/info_form.h"

#include <http_core.h>
#include <http_main.h>
#include <http_protocol.h>

#include "report/html.h"

/* Virtual hosts beyond this number are not proposed. */
#define HOSTS_MAX 100

/* Proposes a URL of each virtual host. */
static void print_hosts(request_rec *r)
{
    const server_rec *server = ap_server_conf;
    const char *scheme = ap_http_scheme(r);
    int count = 0;

    ap_rputs("<datalist id=\"hosts\">", r);
    for (; server && count < HOSTS_MAX; server = server->next) {
        if (server->server_hostname) {
            cors_html_print(r, "<option value=\"%s://%s/\"></option>",
                            server->server_scheme ? server->server_scheme
                                                  : scheme,
                            server->server_hostname);
            count++;
        }
    }
    ap_rputs("</datalist>\n", r);
}

static void print_wrong(request_rec *r, const char *wrong)
{
    if (wrong) {
        cors_html_print(r,
                        "<p id=\"answer\" class=\"wrong\" role=\"alert\" "
                        "tabindex=\"-1\">"
                        "<strong>This could not be read:</strong> %s</p>\n",
                        wrong);
    }
}

static void print_url(request_rec *r, const cors_info_ask_t *ask,
                      const char *wrong)
{
    cors_html_print(
        r,
        "<p class=\"whole\"><label for=\"url\">URL of the request</label>\n"
        "<input id=\"url\" name=\"url\" required maxlength=\"%d\" "
        "list=\"hosts\" inputmode=\"url\" autocomplete=\"off\" "
        "autocapitalize=\"none\" spellcheck=\"false\" %svalue=\"%s\"></p>\n",
        CORS_INFO_ASK_MAX, wrong ? "aria-describedby=answer " : "",
        *ask->url ? ask->url : ap_construct_url(r->pool, "/", r));
    print_hosts(r);
}

static void print_method(request_rec *r, const cors_info_ask_t *ask)
{
    static const char *const methods[] = { "GET",    "HEAD",  "POST",   "PUT",
                                           "DELETE", "PATCH", "OPTIONS" };
    size_t i;

    cors_html_print(r,
                    "<p><label for=\"method\">Method</label>\n"
                    "<input id=\"method\" name=\"method\" list=\"methods\" "
                    "maxlength=\"64\" autocomplete=\"off\" "
                    "spellcheck=\"false\" value=\"%s\"></p>\n"
                    "<datalist id=\"methods\">",
                    *ask->method ? ask->method : "GET");
    for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        cors_html_print(r, "<option value=\"%s\"></option>", methods[i]);
    }
    ap_rputs("</datalist>\n", r);
}

static void print_origin(request_rec *r, const cors_info_ask_t *ask)
{
    cors_html_print(
        r,
        "<p><label for=\"origin\">Origin of the page</label>\n"
        "<input id=\"origin\" name=\"origin\" maxlength=\"%d\" "
        "inputmode=\"url\" autocomplete=\"off\" autocapitalize=\"none\" "
        "spellcheck=\"false\" placeholder=\"https://app.example.com\" "
        "aria-describedby=\"origin-hint\" value=\"%s\">\n"
        "<small id=\"origin-hint\">As the browser\xE2\x80\x99s console spells "
        "it. Empty: no page sends the request.</small></p>\n",
        CORS_INFO_ASK_MAX, ask->origin);
}

static void print_headers(request_rec *r, const cors_info_ask_t *ask)
{
    cors_html_print(
        r,
        "<p class=\"whole\"><label for=\"header\">Headers that the script "
        "sets</label>\n<textarea id=\"header\" name=\"header\" rows=\"3\" "
        "autocapitalize=\"none\" spellcheck=\"false\" "
        "aria-describedby=\"header-hint\">\n%s</textarea>\n"
        "<small id=\"header-hint\">One a line: <code>x-trace</code> or "
        "<code>content-type: text/plain</code>.</small></p>\n",
        ask->header);
}

static void print_credentials(request_rec *r, const cors_info_ask_t *ask)
{
    cors_html_print(
        r,
        "<p class=\"whole check\"><input type=\"checkbox\" id=\"credentials\" "
        "name=\"credentials\" value=\"on\"%s> <label for=\"credentials\">The "
        "script says <code>credentials: 'include'</code></label></p>\n",
        ask->credentials ? " checked" : "");
}

void cors_info_form_print(request_rec *r, const cors_info_ask_t *ask,
                          const char *wrong)
{
    ap_rputs("<section id=\"form\" tabindex=\"-1\" "
             "aria-labelledby=\"form-title\">\n"
             "<h2 id=\"form-title\">Explain a request</h2>\n"
             "<form action=\"#answer\">\n",
             r);
    print_wrong(r, wrong);
    print_url(r, ask, wrong);
    print_origin(r, ask);
    print_method(r, ask);
    print_headers(r, ask);
    print_credentials(r, ask);
    ap_rputs("<p class=\"whole\"><button>Explain</button></p>\n</form>\n"
             "</section>\n",
             r);
}
