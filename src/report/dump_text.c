/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/dump_text.h"

#include <string.h>

#include <apr_strings.h>

#include "config/sections.h"
#include "module/line.h"
#include "report/values.h"

#define COLUMNS 80

typedef struct dump_t {
    const cors_check_t *check;
    char *shown; /* by finding: whether it stands beside a line already */
    apr_pool_t *p;
} dump_t;

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
                             cors_finding_message(finding, p), NULL),
                 apr_psprintf(p, "%*s! ", indent, ""), rest, p);
}

static void print_findings_of(apr_file_t *out, dump_t *dump,
                              const cors_place_t *place, const cors_line_t *at)
{
    const apr_array_header_t *findings = dump->check->findings;
    int i;

    for (i = 0; i < findings->nelts; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(findings, i,
                                                       cors_finding_t);

        if (finding->at == at
            && (!finding->place || finding->place == place)) {
            print_finding(out, finding, 8, dump->p);
            dump->shown[i] = 1;
        }
    }
}

/* How many values, from the first on, come from the same line. */
static int count_of_line(const cors_value_t *values, int count)
{
    int n = 1;

    while (n < count && values[n].at == values[0].at) {
        n++;
    }
    return n;
}

/* A line of the configuration: its only value beside it, several below. */
static void print_line(apr_file_t *out, dump_t *dump,
                       const cors_place_t *place, const cors_value_t *values,
                       int count)
{
    const char *title = apr_psprintf(
        dump->p, "%s%s%s (%s)", values->directive, count == 1 ? " " : "",
        count == 1 ? values->value : "", cors_line_name(values->at, dump->p));
    int i;

    print_folded(out, title, "    ", "      ", dump->p);
    for (i = 0; i < count; i++) {
        if (count > 1) {
            apr_file_printf(out, "        %s\n", values[i].value);
        }
        if (values[i].meaning) {
            print_folded(out, values[i].meaning, "          = ",
                         "            ", dump->p);
        }
    }
    print_findings_of(out, dump, place, values->at);
}

/* Whether the finding is about a line of this place: its place is not named,
 * because a line holds in other places too. */
static int is_written_in(const cors_finding_t *finding,
                         const cors_place_t *place)
{
    const ap_directive_t *parent = cors_section_parent(
        cors_line_directive(finding->at));
    const cors_section_t *section = cors_section_find(parent);

    if (!section || section->server != place->server) {
        return 0;
    }
    return place->section == parent
           || (!place->section && cors_section_is_virtual_host(parent));
}

/* Prints the faults of lines that have no value to stand beside. */
static void print_faults(apr_file_t *out, dump_t *dump,
                         const cors_place_t *place)
{
    const apr_array_header_t *findings = dump->check->findings;
    int i;

    for (i = 0; i < findings->nelts; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(findings, i,
                                                       cors_finding_t);

        if (!dump->shown[i] && finding->refused && !finding->place
            && is_written_in(finding, place)) {
            print_finding(out, finding, 4, dump->p);
            dump->shown[i] = 1;
        }
    }
}

static void print_place(apr_file_t *out, dump_t *dump,
                        const cors_place_t *place)
{
    const apr_array_header_t *values = cors_values_of(place->policy, dump->p);
    const cors_value_t *value = (const void *)values->elts;
    int left = values->nelts;
    int count;

    apr_file_puts("\n", out);
    print_folded(out, cors_place_name(place, dump->p), "", "  ", dump->p);
    if (!cors_policy_holds(place->policy)) {
        apr_file_puts("    no policy: nothing is sent\n", out);
    }
    for (; left; left -= count, value += count) {
        count = count_of_line(value, left);
        print_line(out, dump, place, value, count);
    }
    print_faults(out, dump, place);
}

/* What is about a line of another module, or about one of ours that another
 * line has taken the place of. */
static void print_other_findings(apr_file_t *out, const dump_t *dump)
{
    const apr_array_header_t *findings = dump->check->findings;
    int others = 0;
    int i;

    for (i = 0; i < findings->nelts; i++) {
        if (!dump->shown[i]) {
            apr_file_puts(others++ ? "" : "\nother directives\n", out);
            print_finding(out, &APR_ARRAY_IDX(findings, i, cors_finding_t), 4,
                          dump->p);
        }
    }
}

void cors_dump_text(apr_file_t *out, const cors_check_t *check, apr_pool_t *p)
{
    const apr_array_header_t *places = check->places;
    dump_t dump = { check, apr_pcalloc(p, check->findings->nelts + 1), p };
    int i;

    apr_file_puts("CORS policies, as they merge before any request.  "
                  "Directives not shown have\ntheir defaults.\n",
                  out);
    for (i = 0; i < places->nelts; i++) {
        print_place(out, &dump, &APR_ARRAY_IDX(places, i, cors_place_t));
    }
    if (!places->nelts) {
        apr_file_puts("\nNo directive of mod_cors is configured.\n", out);
    }
    print_other_findings(out, &dump);
}
