/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "module/dir_conf.h"

#include <string.h>

void *cors_create_dir_conf(apr_pool_t *p, char *dir)
{
    cors_dir_conf_t *conf = apr_pcalloc(p, sizeof(*conf));

    conf->unasked.policy = &conf->policy;
    return conf;
}

void *cors_merge_dir_conf(apr_pool_t *p, void *basev, void *addv)
{
    const cors_dir_conf_t *base = basev;
    const cors_dir_conf_t *add = addv;
    cors_dir_conf_t *merged;

    /* Most sections have no directive of ours.  What is merged is only read,
     * so it can be shared. */
    if (!add->policy.named) {
        return basev;
    }
    if (!base->policy.named) {
        return addv;
    }
    merged = apr_palloc(p, sizeof(*merged));
    merged->section = NULL;
    memset(&merged->unasked, 0, sizeof(merged->unasked));
    merged->unasked.policy = &merged->policy;
    cors_policy_merge(p, &base->policy, &add->policy, &merged->policy);
    return merged;
}

const cors_policy_t *cors_dir_conf_policy(const ap_conf_vector_t *vector)
{
    return &cors_dir_conf(vector)->policy;
}
