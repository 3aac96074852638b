/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The sections of the configuration that have a directive of ours: while they
 * are read, and for the checks after that.
 */

#ifndef CORS_SECTIONS_H
#define CORS_SECTIONS_H

#include "module/dir_conf.h"

/* A section while it is read, and for the checks after that: virtual host,
 * <Location>, .htaccess file and so on. */
struct cors_section_t {
    const cors_policy_t *policy;
    const server_rec *server;
    const ap_directive_t *first;  /* the first directive of ours in it */
    const ap_directive_t *last;   /* the last one with a list, so far */
    const ap_directive_t *done;   /* the rest of this one is not read */
    const ap_directive_t *parent; /* the section's own line; NULL: the main
                                   * server */
    const ap_directive_t *faulty; /* the last one with a fault; NULL: none */
    /* Whether a list lacks an argument because that is faulty. */
#define X(name, directive, help) unsigned int name##_faulty:1;
    CORS_LISTS(X)
#undef X
    /* The lists that the policy points to, where they can be added to. */
#define X(name, directive, help) cors_list_t *name;
    CORS_LISTS(X)
#undef X
};

/* Begins to read a configuration that lives in pconf. */
void cors_sections_begin(apr_pool_t *pconf);

/* Makes the section that cmd stands in, and keeps it unless it is an .htaccess
 * file, which comes and goes with requests. */
cors_section_t *cors_section_add(const cmd_parms *cmd,
                                 const cors_policy_t *policy);

/* Whether cmd stands in an .htaccess file. */
int cors_section_is_htaccess(const cmd_parms *cmd);

/* All sections of the configuration that have a directive of ours, as
 * cors_section_t *, in the order read; .htaccess files excepted, which come
 * and go with requests.  Lives in pconf. */
const apr_array_header_t *cors_sections_all(void);

/* Returns the line that begins the section of a directive: <Limit> and
 * <LimitExcept> are none. */
const ap_directive_t *cors_section_parent(const ap_directive_t *directive);

/* The one among them that section begins, NULL if it has no directive of
 * ours. */
const cors_section_t *cors_section_find(const ap_directive_t *section);

/* Whether the section is <VirtualHost>.  NULL is the main server. */
int cors_section_is_virtual_host(const ap_directive_t *section);

/* Returns "<Location /api>", made in p. */
const char *cors_section_name(const ap_directive_t *section, apr_pool_t *p);

#endif
