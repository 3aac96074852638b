/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "protocol/compare.h"

#include <string.h>

#include <apr_cstr.h>

#include "grammar/name.h"
#include "grammar/token.h"
#include "policy/joined.h"

const char *const cors_difference_names[CORS_DIFFERENCE_COUNT] = {
#define X(value, name) name,
    CORS_DIFFERENCES(X)
#undef X
};

/* Requested names that are looked for in both lists: no page asks for more,
 * and a client that does gains no time of the server. */
#define NAMES_MAX 64

typedef struct lines_t {
    cors_joined_t joined;
    apr_pool_t *p;
} lines_t;

static int add_line(void *data, const char *name, const char *value)
{
    lines_t *lines = data;

    cors_joined_add(&lines->joined, value, strlen(value), lines->p);
    return 1;
}

/* Returns the lines of a name as one value, as a browser reads them. */
static const char *join(const apr_table_t *headers, int number, apr_pool_t *p)
{
    lines_t lines = { { 0 }, p };

    apr_table_do(add_line, &lines, headers, cors_difference_names[number],
                 NULL);
    return lines.joined.text;
}

void cors_response_read(cors_response_t *response, apr_pool_t *p)
{
    const apr_table_t *headers = response->headers;

    response->origin = join(headers, CORS_DIFFERS_ORIGIN_NUMBER, p);
    response->credentials = join(headers, CORS_DIFFERS_CREDENTIALS_NUMBER, p);
    response->methods = join(headers, CORS_DIFFERS_METHODS_NUMBER, p);
    response->names = join(headers, CORS_DIFFERS_HEADERS_NUMBER, p);
    response->expose = join(headers, CORS_DIFFERS_EXPOSE_NUMBER, p);
    response->vary = join(headers, CORS_DIFFERS_VARY_NUMBER, p);
}

const char *cors_response_value(const cors_response_t *response, int number)
{
    const char *const values[CORS_DIFFERENCE_COUNT] = {
        [CORS_DIFFERS_ORIGIN_NUMBER] = response->origin,
        [CORS_DIFFERS_CREDENTIALS_NUMBER] = response->credentials,
        [CORS_DIFFERS_METHODS_NUMBER] = response->methods,
        [CORS_DIFFERS_HEADERS_NUMBER] = response->names,
        [CORS_DIFFERS_EXPOSE_NUMBER] = response->expose,
        [CORS_DIFFERS_VARY_NUMBER] = response->vary,
    };

    return values[number];
}

static int is(const char *value, const char *text)
{
    return value && strcmp(value, text) == 0;
}

/* Fetch, "CORS check": https://fetch.spec.whatwg.org/#cors-check */
static int allows(const cors_response_t *response, const char *origin,
                  int credentials)
{
    if (!credentials) {
        return is(response->origin, "*") || is(response->origin, origin);
    }
    return is(response->origin, origin) && is(response->credentials, "true");
}

/* Whether the list has the element.  Names of headers are the same in any
 * case, methods are not. */
static int has(const char *list, const char *name, size_t len, int any_case)
{
    cors_scan_t element = { list, NULL, 0, 0 };

    while (list && cors_scan_next(&element) != CORS_SCAN_END) {
        if (element.len == len
            && (any_case ? apr_cstr_casecmpn(element.name, name, len)
                         : strncmp(element.name, name, len))
                   == 0) {
            return 1;
        }
    }
    return 0;
}

static int has_any(const char *list, int credentials)
{
    return !credentials && has(list, "*", 1, 0);
}

/* Fetch, "CORS-preflight fetch":
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 */
static int allows_method(const cors_response_t *response, const char *method,
                         int credentials)
{
    size_t len = strlen(method);

    return cors_method_is_safelisted(method, len)
           || has_any(response->methods, credentials)
           || has(response->methods, method, len, 0);
}

/* "*" does not stand for Authorization. */
static int allows_name(const cors_response_t *response, const char *name,
                       size_t len, int credentials)
{
    return has(response->names, name, len, 1)
           || (has_any(response->names, credentials)
               && !has("Authorization", name, len, 1));
}

static unsigned int compare_names(const cors_facts_t *facts,
                                  const cors_response_t *today,
                                  const cors_response_t *then, int credentials)
{
    cors_scan_t name = { facts->headers, NULL, 0, 0 };
    int count = 0;

    while (facts->headers && count++ < NAMES_MAX
           && cors_scan_next(&name) != CORS_SCAN_END) {
        if (allows_name(today, name.name, name.len, credentials)
            != allows_name(then, name.name, name.len, credentials)) {
            return CORS_DIFFERS_HEADERS;
        }
    }
    return 0;
}

static int is_ok(const cors_response_t *response)
{
    return response->status >= 200 && response->status <= 299;
}

static unsigned int compare_preflights(const cors_facts_t *facts,
                                       const cors_response_t *today,
                                       const cors_response_t *then,
                                       int credentials)
{
    unsigned int differs = 0;

    if (is_ok(today) != is_ok(then)) {
        return CORS_DIFFERS_STATUS;
    }
    if (allows_method(today, facts->method, credentials)
        != allows_method(then, facts->method, credentials)) {
        differs = CORS_DIFFERS_METHODS;
    }
    return differs | compare_names(facts, today, then, credentials);
}

typedef struct exposed_t {
    const cors_response_t *today;
    const cors_response_t *then;
    int credentials;
} exposed_t;

static int exposes(const cors_response_t *response, const char *name,
                   int credentials)
{
    return has_any(response->expose, credentials)
           || has(response->expose, name, strlen(name), 1);
}

/* Returns 0, which ends the walk, at a header that a page can read in one of
 * the two alone. */
static int is_read_in_both(void *data, const char *name, const char *value)
{
    const exposed_t *exposed = data;

    return cors_field_is_safelisted(name) || cors_field_is_access_control(name)
           || cors_response_field_check(name) != CORS_NAME_OK
           || exposes(exposed->today, name, exposed->credentials)
                  == exposes(exposed->then, name, exposed->credentials);
}

static unsigned int compare_exposed(const cors_response_t *today,
                                    const cors_response_t *then,
                                    int credentials)
{
    exposed_t exposed = { today, then, credentials };

    return apr_table_do(is_read_in_both, &exposed, today->headers, NULL)
               ? 0
               : CORS_DIFFERS_EXPOSE;
}

/* Returns which header it is that only one of the two allows the page. */
static unsigned int why_not_both(const cors_response_t *today,
                                 const cors_response_t *then)
{
    unsigned int differs = 0;

    if (!today->origin || !is(then->origin, today->origin)) {
        differs = CORS_DIFFERS_ORIGIN;
    }
    if (is(today->credentials, "true") != is(then->credentials, "true")) {
        differs |= CORS_DIFFERS_CREDENTIALS;
    }
    return differs;
}

/* Compares what the browser makes of the two in one credentials mode. */
static unsigned int compare_mode(const cors_facts_t *facts,
                                 const cors_response_t *today,
                                 const cors_response_t *then, int credentials)
{
    int allowed = allows(today, facts->origin, credentials);

    if (facts->method && !is_ok(today) && !is_ok(then)) {
        return 0;
    }
    if (allowed != allows(then, facts->origin, credentials)) {
        return why_not_both(today, then);
    }
    if (!allowed) {
        return 0;
    }
    return facts->method ? compare_preflights(facts, today, then, credentials)
                         : compare_exposed(today, then, credentials);
}

/* Whether today's line has each name, or "*". */
static int covers(const char *vary, const char *names)
{
    cors_scan_t name = { names, NULL, 0, 0 };

    if (has(vary, "*", 1, 0)) {
        return 1;
    }
    while (names && cors_scan_next(&name) != CORS_SCAN_END) {
        if (!has(vary, name.name, name.len, 1)) {
            return 0;
        }
    }
    return 1;
}

unsigned int cors_compare(const cors_facts_t *facts,
                          const cors_response_t *today,
                          const cors_response_t *then)
{
    unsigned int differs = compare_mode(facts, today, then, 0)
                           | compare_mode(facts, today, then, 1);

    return covers(today->vary, then->vary) ? differs
                                           : differs | CORS_DIFFERS_VARY;
}
