/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* From directives to policies. */

#ifndef CORS_DIRECTIVES_H
#define CORS_DIRECTIVES_H

#include "module/module.h"

/* A section while it is read, and for the checks after that: virtual host,
 * <Location>, .htaccess file and so on. */
typedef struct cors_section_t {
    const cors_policy_t *policy;
    const server_rec *server;
    const ap_directive_t *first;  /* the first directive of ours in it */
    const ap_directive_t *last;   /* the last one with a list, so far */
    const ap_directive_t *parent; /* the section's own line; NULL: server
                                   * or virtual host */
    /* The lists that the policy points to, where they can be added to. */
#define X(name, directive) cors_list_t *name;
    CORS_LISTS(X)
#undef X
} cors_section_t;

typedef struct cors_dir_conf_t {
    cors_policy_t policy;
    cors_section_t *section; /* NULL until a directive is read in it */
} cors_dir_conf_t;

extern const command_rec cors_cmds[];

/* Begins to read a configuration that lives in pconf. */
void cors_sections_begin(apr_pool_t *pconf);

/* All sections of the configuration that have a directive of ours, as
 * cors_section_t *, in the order read; .htaccess files excepted, which come
 * and go with requests.  Lives in pconf. */
const apr_array_header_t *cors_sections_all(void);

/* The one among them that section begins, NULL if it has no directive of
 * ours. */
const cors_section_t *cors_section_find(const ap_directive_t *section);

void *cors_create_dir_conf(apr_pool_t *p, char *dir);
void *cors_merge_dir_conf(apr_pool_t *p, void *basev, void *addv);

#endif
