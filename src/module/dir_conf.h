/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The configuration that httpd keeps for each directory and merges for each
 * request.
 */

#ifndef CORS_DIR_CONF_H
#define CORS_DIR_CONF_H

#include "module/module.h"
#include "module/request.h"

typedef struct cors_section_t cors_section_t; /* config/sections.h */

typedef struct cors_dir_conf_t {
    cors_policy_t policy;
    cors_request_t unasked;  /* what is known of every request without an
                              * origin under a list policy, so that most
                              * requests need no record of their own.  Never
                              * written to once requests come. */
    cors_section_t *section; /* NULL until a directive of ours is read in
                              * it, and in what is merged */
} cors_dir_conf_t;

void *cors_create_dir_conf(apr_pool_t *p, char *dir);
void *cors_merge_dir_conf(apr_pool_t *p, void *basev, void *addv);

/* Returns the configuration in a vector, such as r->per_dir_config.  The
 * configuration lives as long as the vector. */
static inline cors_dir_conf_t *cors_dir_conf(const ap_conf_vector_t *vector)
{
    return ap_get_module_config(vector, &cors_module);
}

/* Returns the policy in a vector of configurations, such as
 * r->per_dir_config.  The policy lives as long as the vector. */
const cors_policy_t *cors_dir_conf_policy(const ap_conf_vector_t *vector);

#endif
