/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Groups of places whose policies have equal values, such as virtual hosts
 * that repeat each other's lines. */

#ifndef CORS_GROUPS_H
#define CORS_GROUPS_H

#include "report/hosts.h"
#include "report/values.h"

typedef struct cors_group_t {
    int holds;                        /* whether the policy sends anything */
    const apr_array_header_t *values; /* cors_value_t, those of the first
                                       * place */
    apr_array_header_t *places;       /* cors_place_t, in order */
    apr_hash_t **others;              /* by value: the lines of the other
                                       * places that set it, or NULL */
} cors_group_t;

typedef struct cors_groups_t {
    apr_array_header_t *groups; /* cors_group_t *, in the order of their first
                                 * places */
    apr_hash_t *by_line;        /* int indices of findings, in an array, by
                                 * cors_line_t * */
    apr_hash_t *by_values;      /* cors_group_t * by their values, as bytes */
    apr_hash_t *by_place;       /* cors_group_t * by cors_place_t, of places
                                 * that a finding names */
    int most;                   /* places; 0: all */
    int count;                  /* of places that have been added */
    int has_more;               /* places than that */
    apr_pool_t *p;
    apr_pool_t *scratch; /* for one place */
} cors_groups_t;

/* Puts every place that the dump shows into a group, or the first `most` of
 * them; 0 is no limit.  Lines with a finding are equal to themselves alone, so
 * that each finding is shown beside its line.  Made in p. */
cors_groups_t *cors_groups_make(const cors_check_t *check,
                                const cors_hosts_t *hosts, int most,
                                apr_pool_t *p);

/* Returns the indices of the findings about the line, as an array of int, or
 * NULL if there are none. */
const apr_array_header_t *cors_groups_findings(const cors_groups_t *groups,
                                               const cors_line_t *at);

/* Whether the finding comes up in a place of the group, or names no place. */
int cors_group_has(const cors_groups_t *groups, const cors_group_t *group,
                   const cors_finding_t *finding);

#endif
