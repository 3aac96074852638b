/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/groups.h"

#include <string.h>

#include <apr_strings.h>

static void index_finding(cors_groups_t *groups, const cors_finding_t *finding,
                          int i)
{
    apr_array_header_t *found = apr_hash_get(groups->by_line, &finding->at,
                                             sizeof(finding->at));

    if (!found) {
        found = apr_array_make(groups->p, 1, sizeof(int));
        apr_hash_set(groups->by_line, &finding->at, sizeof(finding->at),
                     found);
    }
    APR_ARRAY_PUSH(found, int) = i;
    if (finding->place) {
        /* Groups take the place of this mark. */
        apr_hash_set(groups->by_place, finding->place, sizeof(*finding->place),
                     groups);
    }
}

static cors_groups_t *make_groups(const cors_check_t *check, apr_pool_t *p)
{
    cors_groups_t *groups = apr_pcalloc(p, sizeof(*groups));
    int i;

    groups->groups = apr_array_make(p, 8, sizeof(cors_group_t *));
    groups->by_line = apr_hash_make(p);
    groups->by_values = apr_hash_make(p);
    groups->by_place = apr_hash_make(p);
    groups->p = p;
    apr_pool_create(&groups->scratch, p);
    for (i = 0; i < check->findings->nelts; i++) {
        index_finding(groups,
                      &APR_ARRAY_IDX(check->findings, i, cors_finding_t), i);
    }
    return groups;
}

/* Returns the value as bytes that no other value has: fields are told from
 * each other by the line feeds that no configuration holds. */
static const char *value_key(const cors_groups_t *groups,
                             const cors_value_t *value, int is_first)
{
    const char *line = "";

    if (cors_groups_findings(groups, value->at)) {
        line = apr_psprintf(groups->scratch, "%pp", (const void *)value->at);
    }
    return apr_pstrcat(groups->scratch, is_first ? "\n" : "\n\n",
                       value->directive, "\n", value->value, "\n",
                       value->meaning ? value->meaning : "", "\n", line, NULL);
}

static const char *group_key(const cors_groups_t *groups,
                             const apr_array_header_t *values, int holds)
{
    apr_array_header_t *parts = apr_array_make(
        groups->scratch, values->nelts + 1, sizeof(const char *));
    const cors_line_t *at = NULL;
    int i;

    APR_ARRAY_PUSH(parts, const char *) = holds ? "1" : "0";
    for (i = 0; i < values->nelts; i++) {
        const cors_value_t *value = &APR_ARRAY_IDX(values, i, cors_value_t);

        APR_ARRAY_PUSH(parts, const char *) = value_key(groups, value,
                                                        value->at != at);
        at = value->at;
    }
    return apr_array_pstrcat(groups->scratch, parts, 0);
}

static cors_group_t *add_group(cors_groups_t *groups,
                               const cors_policy_t *policy, const char *key)
{
    cors_group_t *group = apr_palloc(groups->p, sizeof(*group));

    group->holds = cors_policy_holds(policy) && !policy->info;
    group->values = cors_values_of(policy, groups->p);
    group->places = apr_array_make(groups->p, 1, sizeof(cors_place_t));
    group->others = apr_pcalloc(groups->p, ((size_t)group->values->nelts + 1)
                                               * sizeof(*group->others));
    APR_ARRAY_PUSH(groups->groups, cors_group_t *) = group;
    apr_hash_set(groups->by_values, apr_pstrdup(groups->p, key),
                 APR_HASH_KEY_STRING, group);
    return group;
}

/* Notes the lines that set equal values elsewhere. */
static void note_lines(const cors_groups_t *groups, cors_group_t *group,
                       const apr_array_header_t *values)
{
    int i;

    for (i = 0; i < values->nelts; i++) {
        const cors_value_t *first = &APR_ARRAY_IDX(group->values, i,
                                                   cors_value_t);
        const cors_value_t *value = &APR_ARRAY_IDX(values, i, cors_value_t);
        apr_hash_t **others = &group->others[i];

        if (value->at == first->at) {
            continue;
        }
        if (!*others) {
            *others = apr_hash_make(groups->p);
        }
        if (!apr_hash_get(*others, &value->at, sizeof(value->at))) {
            apr_hash_set(*others,
                         apr_pmemdup(groups->p, &value->at, sizeof(value->at)),
                         sizeof(value->at), group);
        }
    }
}

static int add_place(void *data, const cors_place_t *place,
                     const cors_policy_t *policy)
{
    cors_groups_t *groups = data;
    const apr_array_header_t *values = cors_values_of(policy, groups->scratch);
    const char *key = group_key(groups, values, cors_policy_holds(policy));
    cors_group_t *group = apr_hash_get(groups->by_values, key,
                                       APR_HASH_KEY_STRING);

    if (groups->most && groups->count++ == groups->most) {
        groups->has_more = 1;
        return 1;
    }
    if (!group) {
        group = add_group(groups, policy, key);
    }
    note_lines(groups, group, values);
    APR_ARRAY_PUSH(group->places, cors_place_t) = *place;
    if (apr_hash_get(groups->by_place, place, sizeof(*place))) {
        apr_hash_set(groups->by_place, place, sizeof(*place), group);
    }
    apr_pool_clear(groups->scratch);
    return 0;
}

cors_groups_t *cors_groups_make(const cors_check_t *check,
                                const cors_hosts_t *hosts, int most,
                                apr_pool_t *p)
{
    cors_groups_t *groups = make_groups(check, p);

    groups->most = most;
    cors_hosts_each(hosts, check, add_place, groups);
    return groups;
}

const apr_array_header_t *cors_groups_findings(const cors_groups_t *groups,
                                               const cors_line_t *at)
{
    return apr_hash_get(groups->by_line, &at, sizeof(at));
}

int cors_group_has(const cors_groups_t *groups, const cors_group_t *group,
                   const cors_finding_t *finding)
{
    return !finding->place
           || apr_hash_get(groups->by_place, finding->place,
                           sizeof(*finding->place))
                  == group;
}
