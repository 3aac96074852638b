/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* From directives to policies. */

#ifndef CORS_CONF_H
#define CORS_CONF_H

#include "cors_private.h"

/* A section while it is read, and for the checks after that: virtual host,
 * <Location>, .htaccess file and so on. */
typedef struct cors_section_t {
    const cors_policy_t *policy;
    const server_rec *server;
    const ap_directive_t *parent; /* the section's own line; NULL: server
                                   * or virtual host */
    /* The lists that the policy points to, where they can be added to. */
#define X(name) cors_list_t *name;
    CORS_LISTS(X)
#undef X
} cors_section_t;

typedef struct cors_dir_conf_t {
    cors_policy_t policy;
    cors_section_t *section; /* NULL until a directive is read in it */
} cors_dir_conf_t;

extern const command_rec cors_cmds[];

void *cors_create_dir_conf(apr_pool_t *p, char *dir);
void *cors_merge_dir_conf(apr_pool_t *p, void *basev, void *addv);

#endif
