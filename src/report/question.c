/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/question.h"

#include <string.h>

#include <apr_strings.h>
#include <apr_uri.h>
#include <http_core.h>
#include <http_protocol.h>

#include "grammar/address.h"
#include "grammar/name.h"
#include "grammar/pattern_advice.h"
#include "grammar/token.h"
#include "report/reach.h"

/* State of the reading. */
typedef struct reading_t {
    cors_question_t *question;
    cors_asked_t *asked;
    apr_array_header_t *notes;
    const char *wrong; /* with a header, a sentence */
    apr_pool_t *p;
} reading_t;

static char *lower(const char *text, apr_pool_t *p)
{
    char *copy = apr_pstrdup(p, text);

    ap_str_tolower(copy);
    return copy;
}

static int is_whole(const apr_uri_t *uri)
{
    return uri->scheme && uri->hostname && *uri->hostname && !uri->user
           && (!uri->port_str || !*uri->port_str
               || cors_origin_port(uri->port_str, strlen(uri->port_str)));
}

/* Returns a sentence about an origin of a URL that no browser asks, or
 * NULL. */
static const char *check_own(const char *own, apr_pool_t *p)
{
    cors_pattern_t pattern;
    cors_origin_t origin;
    cors_pattern_e error = cors_pattern_parse(own, &pattern);

    if (error != CORS_PATTERN_OK) {
        return apr_psprintf(p, "no browser asks %s: %s", own,
                            cors_advice_origin(own, error, p));
    }
    return cors_origin_parse(own, strlen(own), &origin) == CORS_ORIGIN_OK
               ? NULL
               : "the URL is of one host, without *";
}

/* Writes where the URL leads: the address, and what is asked there. */
static void set_trial(const reading_t *reading, const apr_uri_t *uri, int port,
                      server_rec *main_server)
{
    cors_asked_t *asked = reading->asked;
    cors_reach_t reach = cors_reach_find(main_server, asked->host,
                                         uri->port ? uri->port : port,
                                         reading->question->here, reading->p);

    asked->trial.server = main_server;
    asked->trial.address = reach.address;
    if (reach.note) {
        APR_ARRAY_PUSH(reading->notes, const char *) = reach.note;
    }
}

static const char *path_of(const apr_uri_t *uri, apr_pool_t *p)
{
    return apr_pstrcat(p, uri->path ? uri->path : "/", uri->query ? "?" : "",
                       uri->query ? uri->query : "", NULL);
}

/* Returns the host as browsers write it, with brackets around IPv6. */
static const char *host_of(const apr_uri_t *uri, apr_pool_t *p)
{
    const char *host = lower(uri->hostname, p);

    return strchr(host, ':') || uri->hostinfo[0] == '['
               ? apr_psprintf(p, "[%s]", host)
               : host;
}

/* Returns a sentence if the URL is none that a page can read. */
static const char *read_url(const reading_t *reading, server_rec *main_server)
{
    cors_question_t *question = reading->question;
    cors_asked_t *asked = reading->asked;
    apr_pool_t *p = reading->p;
    apr_uri_t uri;
    const char *scheme;
    const char *sentence;
    int port;

    if (apr_uri_parse(p, question->url, &uri) != APR_SUCCESS || !is_whole(&uri)
        || question->url[strcspn(question->url, " \t\r\n")]) {
        return "the URL must be whole, such as https://api.example.com/items";
    }
    scheme = lower(uri.scheme, p);
    port = cors_scheme_port(scheme, strlen(scheme));
    if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0) {
        return "a page reads URLs of http and https alone";
    }
    asked->host = host_of(&uri, p);
    asked->is_address = *asked->host == '['
                        || cors_address_is_ipv4_like(asked->host,
                                                     strlen(asked->host));
    asked->trial.host = uri.port && uri.port != port
                            ? apr_psprintf(p, "%s:%d", asked->host, uri.port)
                            : asked->host;
    asked->trial.path = path_of(&uri, p);
    asked->own = apr_pstrcat(p, scheme, "://", asked->trial.host, NULL);
    question->url = apr_pstrcat(p, asked->own, asked->trial.path, NULL);
    sentence = check_own(asked->own, p);
    if (!sentence) {
        set_trial(reading, &uri, port, main_server);
    }
    return sentence;
}

static int check_header(void *data, const char *name, const char *value)
{
    reading_t *reading = data;

    if (!cors_token_is(name, strlen(name))) {
        reading->wrong = apr_psprintf(
            reading->p,
            "'%s' is no name of a header: write NAME or NAME: VALUE", name);
        return 0;
    }
    if (strpbrk(value, "\r\n")) {
        reading->wrong = apr_psprintf(
            reading->p, "the value of %s has a line break: no header has one",
            name);
        return 0;
    }
    if (cors_request_field_check(name) == CORS_NAME_FORBIDDEN) {
        APR_ARRAY_PUSH(reading->notes, const char *) = apr_psprintf(
            reading->p,
            "no script can set the header %s: the browser does, and needs no "
            "permission",
            name);
    }
    return 1;
}

/* Returns a sentence if the rest of the question is wrong. */
static const char *read_rest(reading_t *reading)
{
    cors_question_t *question = reading->question;
    cors_page_t *page = &reading->asked->page;
    apr_pool_t *p = reading->p;

    question->method = cors_browser_method(question->method, p);
    if (!cors_token_is(question->method, strlen(question->method))) {
        return apr_psprintf(p, "'%s' is no method", question->method);
    }
    if (cors_method_is_forbidden(question->method, strlen(question->method))) {
        return apr_psprintf(p, "no browser sends %s for a script",
                            question->method);
    }
    if (question->origin && strpbrk(question->origin, "\r\n")) {
        return "no origin has a line break";
    }
    page->origin = question->origin;
    page->method = question->method;
    page->headers = question->headers;
    page->credentials = question->credentials;
    apr_table_do(check_header, reading, question->headers, NULL);
    return reading->wrong;
}

const char *cors_question_read(cors_question_t *question,
                               server_rec *main_server, cors_asked_t *asked,
                               apr_array_header_t *notes, apr_pool_t *p)
{
    reading_t reading = { question, asked, notes, NULL, p };
    const char *sentence = read_url(&reading, main_server);

    return sentence ? sentence : read_rest(&reading);
}
