/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* httpd -t -D DUMP_CORS: which policy holds where, and which line says so;
 * the same for tools with -D DUMP_CORS_JSON.
 */

#include "module/module.h"

#include <stdio.h>
#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <jansson.h>

#include "config/check.h"
#include "policy/names.h"
#include "grammar/origin.h"
#include "config/places.h"

#define COLUMNS 80

static const char *const unsafe_words[CORS_UNSAFE_COUNT] = {
    "insecure-origins", "public-suffixes", "null-origin"
};

/* What both forms are made of: one value of one directive. */
typedef struct report_value_t {
    const char *directive;
    const char *value;        /* without quotes */
    const char *means;        /* in words, NULL if the value says it all */
    const ap_directive_t *at; /* the line that says so */
} report_value_t;

typedef struct report_t {
    const cors_check_t *check;
    apr_array_header_t *values; /* of one place: report_value_t */
    const char *directive;      /* the list that is being added */
    int open;                   /* it inherits, and nothing encloses it */
    char *shown;                /* which findings stand beside a line */
    apr_pool_t *p;
} report_t;

static void add_value(report_t *report, const char *directive,
                      const char *value, const char *means,
                      const ap_directive_t *at)
{
    report_value_t *added = apr_array_push(report->values);

    added->directive = directive;
    added->value = value;
    added->means = means;
    added->at = at;
}

/* What a "*" in an origin stands for. */
static const char *explain(const cors_word_t *word, apr_pool_t *p)
{
    const char *subdomains = "";

    if (word->flags & CORS_WORD_ANY) {
        return "every origin";
    }
    if (word->flags & CORS_WORD_NULL) {
        return "any page that makes itself opaque";
    }
    if (!word->host) {
        return NULL;
    }
    if (word->flags & CORS_WORD_SUBDOMAIN) {
        subdomains = apr_psprintf(p, "every subdomain of %.*s, at any depth",
                                  (int)word->host_len,
                                  word->text + word->host);
    }
    return apr_psprintf(p, "%s%s%s", subdomains,
                        *subdomains && word->port == CORS_PORT_ANY ? ", " : "",
                        word->port == CORS_PORT_ANY ? "any port, and none"
                                                    : "");
}

/* What the outermost inherit of a list stands for, which a list of methods
 * alone has. */
static void add_defaults(report_t *report, const ap_directive_t *at)
{
    int i;

    for (i = 0; cors_default_methods[i]; i++) {
        add_value(report, report->directive, cors_default_methods[i],
                  "the default, inherited", at);
    }
}

static int add_word(void *data, const cors_word_t *word)
{
    report_t *report = data;
    int origin = strcmp(report->directive, "CorsAllowOrigin") == 0;
    int methods = strcmp(report->directive, "CorsAllowMethods") == 0;

    if (strcasecmp(word->text, "inherit") != 0) {
        add_value(report, report->directive, word->text,
                  origin ? explain(word, report->p) : NULL, word->at);
    }
    else if (methods && report->open) {
        add_defaults(report, word->at);
        report->open = 0;
    }
    return 0;
}

static int add_nothing(void *data, const cors_word_t *word)
{
    report_t *report = data;

    add_value(report, report->directive, "none", "the default, inherited",
              word->at);
    return 1;
}

static void add_list(report_t *report, const char *directive,
                     const cors_list_t *list)
{
    int before = report->values->nelts;

    if (!list) {
        return;
    }
    report->directive = directive;
    report->open = list->open;
    cors_list_each(list, add_word, report);
    /* It says inherit alone, and nothing encloses it. */
    if (report->values->nelts == before) {
        cors_list_each(list, add_nothing, report);
    }
}

static void add_scalar(report_t *report, const char *directive,
                       const ap_directive_t *at)
{
    const char *args = at->args;

    add_value(report, directive, ap_getword_conf(report->p, &args), NULL, at);
}

static const apr_array_header_t *collect(report_t *report,
                                         const cors_policy_t *policy)
{
    int i;

    report->values = apr_array_make(report->p, 16, sizeof(report_value_t));
#define X(name, directive) add_list(report, directive, policy->name);
    CORS_LISTS(X)
#undef X
#define X(type, name, directive)                          \
    if (policy->name##_set) {                             \
        add_scalar(report, directive, policy->name##_at); \
    }
    CORS_SCALARS(X)
#undef X
    for (i = 0; i < CORS_UNSAFE_COUNT; i++) {
        if (policy->unsafe_at[i]) {
            add_value(report, "CorsAllowUnsafe", unsafe_words[i], NULL,
                      policy->unsafe_at[i]);
        }
    }
    return report->values;
}

/* Words, folded into the columns there are: first before the first line, rest
 * before all others. */
static void print_folded(apr_file_t *out, const char *text, const char *first,
                         const char *rest, apr_pool_t *p)
{
    char *left = apr_pstrdup(p, text);
    const char *word;
    apr_size_t column = 0;

    while ((word = apr_strtok(left, " ", &left)) != NULL) {
        if (!column || column + 1 + strlen(word) > COLUMNS) {
            const char *start = column ? rest : first;

            apr_file_printf(out, "%s%s%s", column ? "\n" : "", start, word);
            column = strlen(start) + strlen(word);
        }
        else {
            apr_file_printf(out, " %s", word);
            column += 1 + strlen(word);
        }
    }
    apr_file_puts("\n", out);
}

static void print_finding(apr_file_t *out, const cors_finding_t *finding,
                          int indent, apr_pool_t *p)
{
    const char *rest = apr_psprintf(p, "%*s  ", indent, "");

    print_folded(out,
                 apr_pstrcat(p, finding->refused ? "refused: " : "",
                             finding->text, NULL),
                 apr_psprintf(p, "%*s! ", indent, ""), rest, p);
}

static void print_findings_of(apr_file_t *out, report_t *report,
                              const cors_place_t *place,
                              const ap_directive_t *at)
{
    const apr_array_header_t *findings = report->check->findings;
    int i;

    for (i = 0; i < findings->nelts; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(findings, i,
                                                       cors_finding_t);

        if (finding->at == at
            && (!finding->place || finding->place == place)) {
            print_finding(out, finding, 8, report->p);
            report->shown[i] = 1;
        }
    }
}

/* How many values, from the first on, come from the same line. */
static int count_of_line(const report_value_t *values, int count)
{
    int n = 1;

    while (n < count && values[n].at == values[0].at) {
        n++;
    }
    return n;
}

/* A line of the configuration: its only value beside it, several below. */
static void print_line(apr_file_t *out, report_t *report,
                       const cors_place_t *place, const report_value_t *values,
                       int count)
{
    const char *title = apr_psprintf(report->p, "%s%s%s (%s)",
                                     values->directive, count == 1 ? " " : "",
                                     count == 1 ? values->value : "",
                                     cors_line_name(values->at, report->p));
    int i;

    print_folded(out, title, "    ", "      ", report->p);
    for (i = 0; i < count; i++) {
        if (count > 1) {
            apr_file_printf(out, "        %s\n", values[i].value);
        }
        if (values[i].means) {
            print_folded(out, values[i].means, "          = ", "            ",
                         report->p);
        }
    }
    print_findings_of(out, report, place, values->at);
}

static void print_place(apr_file_t *out, report_t *report,
                        const cors_place_t *place)
{
    const apr_array_header_t *values = collect(report, place->policy);
    const report_value_t *value = (const void *)values->elts;
    int left = values->nelts;
    int count;

    apr_file_puts("\n", out);
    print_folded(out, cors_place_name(place, report->p), "", "  ", report->p);
    if (!cors_policy_holds(place->policy)) {
        apr_file_puts("    no policy: nothing is sent\n", out);
    }
    for (; left; left -= count, value += count) {
        count = count_of_line(value, left);
        print_line(out, report, place, value, count);
    }
}

/* What is about a line of another module, or about one of ours that another
 * line has taken the place of. */
static void print_other_findings(apr_file_t *out, const report_t *report)
{
    const apr_array_header_t *findings = report->check->findings;
    int others = 0;
    int i;

    for (i = 0; i < findings->nelts; i++) {
        if (!report->shown[i]) {
            apr_file_puts(others++ ? "" : "\nother directives\n", out);
            print_finding(out, &APR_ARRAY_IDX(findings, i, cors_finding_t), 4,
                          report->p);
        }
    }
}

static void print_text(apr_file_t *out, report_t *report)
{
    const apr_array_header_t *places = report->check->places;
    int i;

    report->shown = apr_pcalloc(report->p, report->check->findings->nelts + 1);
    apr_file_puts("CORS policies, as they merge before any request.  "
                  "Directives not shown have\ntheir defaults.\n",
                  out);
    for (i = 0; i < places->nelts; i++) {
        print_place(out, report, &APR_ARRAY_IDX(places, i, cors_place_t));
    }
    if (!places->nelts) {
        apr_file_puts("\nNo directive of mod_cors is configured.\n", out);
    }
    print_other_findings(out, report);
}

/* Paths may hold any byte, and JSON is UTF-8. */
static json_t *make_string(const char *text, apr_pool_t *p)
{
    json_t *string = json_string(text);
    char *s;

    if (!string) {
        text = s = apr_pstrdup(p, text);
        for (; *s; s++) {
            if ((unsigned char)*s >= 0x80) {
                *s = '?';
            }
        }
        string = json_string(text);
    }
    return string;
}

static void set_line(json_t *object, const char *filename, int line_num,
                     apr_pool_t *p)
{
    json_object_set_new(object, "file", make_string(filename, p));
    json_object_set_new(object, "line", json_integer(line_num));
}

static json_t *make_server(const server_rec *server, apr_pool_t *p)
{
    json_t *object = json_object();

    json_object_set_new(object, "main", json_boolean(!server->is_virtual));
    if (server->is_virtual) {
        json_object_set_new(object, "name",
                            make_string(server->server_hostname, p));
        set_line(object, server->defn_name, (int)server->defn_line_number, p);
    }
    return object;
}

static json_t *make_section(const ap_directive_t *section, apr_pool_t *p)
{
    json_t *object;

    if (!section) {
        return json_null();
    }
    object = json_object();
    json_object_set_new(object, "section",
                        make_string(cors_section_name(section, p), p));
    set_line(object, section->filename, section->line_num, p);
    return object;
}

static json_t *make_value(const report_value_t *value, apr_pool_t *p)
{
    json_t *object = json_object();

    json_object_set_new(object, "directive", make_string(value->directive, p));
    json_object_set_new(object, "value", make_string(value->value, p));
    if (value->means) {
        json_object_set_new(object, "means", make_string(value->means, p));
    }
    set_line(object, value->at->filename, value->at->line_num, p);
    return object;
}

static json_t *make_place(report_t *report, const cors_place_t *place)
{
    const apr_array_header_t *values = collect(report, place->policy);
    json_t *object = json_object();
    json_t *list = json_array();
    int i;

    json_object_set_new(object, "server",
                        make_server(place->server, report->p));
    json_object_set_new(object, "within",
                        make_section(place->section, report->p));
    json_object_set_new(object, "policy",
                        json_boolean(cors_policy_holds(place->policy)));
    for (i = 0; i < values->nelts; i++) {
        json_array_append_new(
            list,
            make_value(&APR_ARRAY_IDX(values, i, report_value_t), report->p));
    }
    json_object_set_new(object, "values", list);
    return object;
}

static json_t *make_finding(const cors_finding_t *finding, apr_pool_t *p)
{
    json_t *object = json_object();

    json_object_set_new(object, "level",
                        json_string(finding->refused ? "error" : "warning"));
    json_object_set_new(object, "text", make_string(finding->text, p));
    set_line(object, finding->at->filename, finding->at->line_num, p);
    return object;
}

static void print_json(apr_file_t *out, report_t *report)
{
    const apr_array_header_t *places = report->check->places;
    const apr_array_header_t *findings = report->check->findings;
    json_t *root = json_object();
    json_t *list = json_array();
    json_t *found = json_array();
    char *text;
    int i;

    for (i = 0; i < places->nelts; i++) {
        json_array_append_new(
            list, make_place(report, &APR_ARRAY_IDX(places, i, cors_place_t)));
    }
    for (i = 0; i < findings->nelts; i++) {
        json_array_append_new(
            found, make_finding(&APR_ARRAY_IDX(findings, i, cors_finding_t),
                                report->p));
    }
    json_object_set_new(root, "places", list);
    json_object_set_new(root, "findings", found);
    text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text) {
        apr_file_printf(out, "%s\n", text);
        free(text);
    }
    json_decref(root);
}

/* What is asked for on the command line, beside -t. */
static int is_asked_for(const char *define)
{
    return ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST
           && ap_exists_config_define(define);
}

/* In check_config and before the checks: test_config is never reached by a
 * configuration that is refused, which is when it is good to look at. */
static int cors_report_check_config(apr_pool_t *pconf, apr_pool_t *plog,
                                    apr_pool_t *ptemp, server_rec *s)
{
    int as_json = is_asked_for("DUMP_CORS_JSON");
    report_t report = { 0 };
    apr_status_t rv;
    apr_file_t *out;

    if (!as_json && !is_asked_for("DUMP_CORS")) {
        return OK;
    }
    report.p = ptemp;
    report.check = cors_check_all(s, ptemp);
    rv = apr_file_open_flags_stdout(&out, APR_FOPEN_BUFFERED, ptemp);
    if (rv == APR_SUCCESS) {
        if (as_json) {
            print_json(out, &report);
        }
        else {
            print_text(out, &report);
        }
        rv = apr_file_flush(out);
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, s,
                     "the CORS policies could not all be written to standard "
                     "output: mend what is said here, and dump them again");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}

void cors_report_register_hooks(apr_pool_t *p)
{
    ap_hook_check_config(cors_report_check_config, NULL, NULL, APR_HOOK_FIRST);
}
