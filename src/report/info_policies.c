/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/info_policies.h"

#include <http_protocol.h>

#include "report/groups.h"
#include "report/html.h"
#include "report/info_lines.h"

typedef struct policies_t {
    request_rec *r;
    const cors_check_t *check;
    const cors_groups_t *groups;
    const cors_group_t *group; /* that is being printed */
    char *shown; /* by finding: whether it stands beside a line already */
} policies_t;

static void print_finding(request_rec *r, const cors_finding_t *finding)
{
    cors_html_print(r, "<p class=\"finding\"><strong>%s:</strong> %s</p>\n",
                    finding->refused ? "Error" : "Warning",
                    cors_finding_message(finding, r->pool));
}

/* Other lines set an equal value for other places of the group. */
static void print_others(request_rec *r, apr_hash_t *others)
{
    unsigned int count = others ? apr_hash_count(others) : 0;

    if (count) {
        cors_html_print(r, " <span class=\"at\">and %d other line%s</span>",
                        (int)count, count == 1 ? "" : "s");
    }
}

static void print_after_line(void *data, int index)
{
    policies_t *policies = data;
    const cors_group_t *group = policies->group;
    const cors_value_t *value = &APR_ARRAY_IDX(group->values, index,
                                               cors_value_t);
    const apr_array_header_t *found = cors_groups_findings(policies->groups,
                                                           value->at);
    int i;

    print_others(policies->r, group->others[index]);
    for (i = 0; found && i < found->nelts; i++) {
        int number = APR_ARRAY_IDX(found, i, int);
        const cors_finding_t *finding = &APR_ARRAY_IDX(
            policies->check->findings, number, cors_finding_t);

        if (cors_group_has(policies->groups, group, finding)) {
            print_finding(policies->r, finding);
            policies->shown[number] = 1;
        }
    }
}

static void print_place(request_rec *r, const cors_place_t *place)
{
    ap_rputs("<span>", r);
    if (place->section) {
        cors_info_section_print(r, place->section);
        ap_rputs("</span> <span>", r);
    }
    cors_info_server_print(r, place->server);
    ap_rputs("</span>", r);
}

static void print_group(policies_t *policies, const cors_group_t *group)
{
    request_rec *r = policies->r;
    int i;

    policies->group = group;
    ap_rputs("<article>\n<h3>", r);
    for (i = 0; i < group->places->nelts; i++) {
        ap_rputs(i ? "<br>\n" : "", r);
        print_place(r, &APR_ARRAY_IDX(group->places, i, cors_place_t));
    }
    ap_rputs("</h3>\n", r);
    if (!group->holds) {
        ap_rputs("<p>No policy: mod_cors sends nothing.</p>\n", r);
    }
    cors_info_values_print_with(r, group->values, print_after_line, policies);
    ap_rputs("</article>\n", r);
}

/* Prints the findings about lines of other modules, and about lines of ours
 * that another line overrides. */
static void print_other_findings(const policies_t *policies,
                                 const cors_hosts_t *hosts)
{
    const apr_array_header_t *findings = policies->check->findings;
    int count = 0;
    int i;

    for (i = 0; i < findings->nelts && count < CORS_INFO_PLACES_MAX; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(findings, i,
                                                       cors_finding_t);

        if (!policies->shown[i] && cors_hosts_has_finding(hosts, finding)) {
            ap_rputs(count++ ? "" : "<h3>Other directives</h3>\n",
                     policies->r);
            print_finding(policies->r, finding);
        }
    }
}

static void print_heading(request_rec *r, const cors_groups_t *groups,
                          const cors_hosts_t *hosts)
{
    ap_rputs("<section id=\"policies\" aria-labelledby=\"policies-title\">\n"
             "<h2 id=\"policies-title\">Policies</h2>\n"
             "<p>As they merge before any request. Directives that are not "
             "shown have their defaults.</p>\n",
             r);
    if (hosts->host) {
        cors_html_print(r,
                        "<p>Only the servers named <code>%s</code> are "
                        "shown.</p>\n",
                        hosts->host);
    }
    if (groups->has_more) {
        cors_html_print(r,
                        "<p>These are the first %d places. Add "
                        "<code>?host=</code> with the name of a virtual host "
                        "to the address of this page to see its own.</p>\n",
                        CORS_INFO_PLACES_MAX);
    }
}

void cors_info_policies_print(request_rec *r, const cors_check_t *check,
                              const cors_hosts_t *hosts)
{
    const cors_groups_t *groups = cors_groups_make(
        check, hosts, CORS_INFO_PLACES_MAX, r->pool);
    policies_t policies = { r, check, groups, NULL,
                            apr_pcalloc(r->pool,
                                        (size_t)check->findings->nelts + 1) };
    int i;

    print_heading(r, groups, hosts);
    for (i = 0; i < groups->groups->nelts; i++) {
        print_group(&policies,
                    APR_ARRAY_IDX(groups->groups, i, cors_group_t *));
    }
    print_other_findings(&policies, hosts);
    ap_rputs("</section>\n", r);
}
