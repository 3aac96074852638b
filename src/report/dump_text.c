/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/dump_text.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include "config/sections.h"
#include "module/line.h"
#include "module/version.h"
#include "report/groups.h"
#include "report/set_state.h"

#define COLUMNS 80

typedef struct dump_t {
    const cors_check_t *check;
    const cors_hosts_t *hosts;
    const cors_groups_t *groups;
    char *shown; /* by finding: whether it stands beside a line already */
    apr_pool_t *p;
} dump_t;

/* Returns a copy without control characters: a row of a source must not steer
 * the terminal that it is shown on. */
static char *printable(const char *text, apr_pool_t *p)
{
    char *copy = apr_pstrdup(p, text);
    char *c;

    for (c = copy; *c; c++) {
        if (apr_iscntrl(*c)) {
            *c = '?';
        }
    }
    return copy;
}

/* Prints text wrapped at COLUMNS.  `first` is put before the first line,
 * `rest` before each further one. */
static void print_folded(apr_file_t *out, const char *text, const char *first,
                         const char *rest, apr_pool_t *p)
{
    char *left = printable(text, p);
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
                              const cors_group_t *group, const cors_line_t *at)
{
    const apr_array_header_t *found = cors_groups_findings(dump->groups, at);
    int i;

    for (i = 0; found && i < found->nelts; i++) {
        int index = APR_ARRAY_IDX(found, i, int);
        const cors_finding_t *finding = &APR_ARRAY_IDX(dump->check->findings,
                                                       index, cors_finding_t);

        if (cors_group_has(dump->groups, group, finding)) {
            print_finding(out, finding, 8, dump->p);
            dump->shown[index] = 1;
        }
    }
}

/* Returns how many values, from the first on, come from one line. */
static int count_of_line(const cors_value_t *values, int count)
{
    int n = 1;

    while (n < count && values[n].at == values[0].at) {
        n++;
    }
    return n;
}

/* Returns the line of the first place, and the number of other lines that set
 * equal values. */
static const char *name_lines(const dump_t *dump, const cors_line_t *at,
                              apr_hash_t *others)
{
    const char *name = cors_line_name(at, dump->p);
    unsigned int count = others ? apr_hash_count(others) : 0;

    return count ? apr_psprintf(dump->p, "%s, and %u other line%s", name,
                                count, count == 1 ? "" : "s")
                 : name;
}

/* Prints a line of the configuration: one value beside it, several below. */
static void print_line(apr_file_t *out, dump_t *dump,
                       const cors_group_t *group, int index, int count)
{
    const cors_value_t *values = &APR_ARRAY_IDX(group->values, index,
                                                cors_value_t);
    const char *title = apr_psprintf(
        dump->p, "%s%s%s (%s)", values->directive, count == 1 ? " " : "",
        count == 1 ? values->value : "",
        name_lines(dump, values->at, group->others[index]));
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
    print_findings_of(out, dump, group, values->at);
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

static int is_written_in_any(const cors_finding_t *finding,
                             const cors_group_t *group)
{
    int i = 0;

    while (i < group->places->nelts
           && !is_written_in(finding,
                             &APR_ARRAY_IDX(group->places, i, cors_place_t))) {
        i++;
    }
    return i < group->places->nelts;
}

/* Prints the faults of lines that have no value to stand beside. */
static void print_faults(apr_file_t *out, dump_t *dump,
                         const cors_group_t *group)
{
    const apr_array_header_t *findings = dump->check->findings;
    int i;

    for (i = 0; i < findings->nelts; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(findings, i,
                                                       cors_finding_t);

        if (!dump->shown[i] && finding->refused && !finding->place
            && is_written_in_any(finding, group)) {
            print_finding(out, finding, 4, dump->p);
            dump->shown[i] = 1;
        }
    }
}

static void print_names(apr_file_t *out, const dump_t *dump,
                        const cors_group_t *group)
{
    apr_pool_t *p;
    int i;

    apr_pool_create(&p, dump->p);
    for (i = 0; i < group->places->nelts; i++) {
        print_folded(
            out,
            cors_place_name(&APR_ARRAY_IDX(group->places, i, cors_place_t), p),
            "", "  ", p);
        apr_pool_clear(p);
    }
    apr_pool_destroy(p);
}

static void print_group(apr_file_t *out, dump_t *dump,
                        const cors_group_t *group)
{
    const cors_value_t *values = (const void *)group->values->elts;
    int i, count;

    apr_file_puts("\n", out);
    print_names(out, dump, group);
    if (!group->holds) {
        apr_file_puts("    no policy: nothing is sent\n", out);
    }
    for (i = 0; i < group->values->nelts; i += count) {
        count = count_of_line(values + i, group->values->nelts - i);
        print_line(out, dump, group, i, count);
    }
    print_faults(out, dump, group);
}

static void print_set(apr_file_t *out, const cors_set_state_t *state,
                      apr_pool_t *p)
{
    const apr_array_header_t *facts = cors_set_facts(state, p);
    int i;

    print_folded(out,
                 apr_psprintf(p, "@%s: %s (%s)", state->set->name,
                              state->set->from,
                              cors_line_name(state->set->at, p)),
                 "    ", "      ", p);
    for (i = 0; i < facts->nelts; i++) {
        const cors_set_fact_t *fact = &APR_ARRAY_IDX(facts, i,
                                                     const cors_set_fact_t);

        print_folded(out, apr_pstrcat(p, fact->name, ": ", fact->text, NULL),
                     "        ", "          ", p);
    }
}

static void print_sets(apr_file_t *out, apr_pool_t *p)
{
    const apr_array_header_t *states = cors_set_states(p);
    int i;

    if (states->nelts) {
        apr_file_puts("\norigin sets\n", out);
    }
    for (i = 0; i < states->nelts; i++) {
        print_set(out, &APR_ARRAY_IDX(states, i, const cors_set_state_t), p);
    }
}

/* Prints the findings about lines of other modules, and about lines of ours
 * that another line overrides. */
static void print_other_findings(apr_file_t *out, const dump_t *dump)
{
    const apr_array_header_t *findings = dump->check->findings;
    int others = 0;
    int i;

    for (i = 0; i < findings->nelts; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(findings, i,
                                                       cors_finding_t);

        if (!dump->shown[i] && cors_hosts_has_finding(dump->hosts, finding)) {
            apr_file_puts(others++ ? "" : "\nother directives\n", out);
            print_finding(out, finding, 4, dump->p);
        }
    }
}

static void print_heading(apr_file_t *out, const dump_t *dump)
{
    apr_file_puts(CORS_VERSION_NAME
                  ": CORS policies, as they merge before "
                  "any request.\nDirectives not shown have their defaults.\n",
                  out);
    if (dump->hosts->host) {
        print_folded(out,
                     apr_psprintf(dump->p,
                                  "Only the servers named %s are shown "
                                  "(DUMP_CORS_HOST).",
                                  dump->hosts->host),
                     "", "", dump->p);
    }
}

void cors_dump_text(apr_file_t *out, const cors_check_t *check,
                    const cors_hosts_t *hosts, apr_pool_t *p)
{
    const cors_groups_t *groups = cors_groups_make(check, hosts, 0, p);
    dump_t dump = { check, hosts, groups,
                    apr_pcalloc(p, (size_t)check->findings->nelts + 1), p };
    int i;

    print_heading(out, &dump);
    for (i = 0; i < groups->groups->nelts; i++) {
        print_group(out, &dump,
                    APR_ARRAY_IDX(groups->groups, i, cors_group_t *));
    }
    if (!groups->groups->nelts) {
        apr_file_puts("\nNo directive of mod_cors is configured.\n", out);
    }
    print_sets(out, p);
    print_other_findings(out, &dump);
}
