/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The sections of the configuration that have a directive of this module.
 */

#ifndef CORS_SECTIONS_H
#define CORS_SECTIONS_H

#include "module/dir_conf.h"

/* A section: a virtual host, <Location>, an .htaccess file and so on.  httpd
 * fills it while it reads the section, and the checks read it later. */
struct cors_section_t {
    const cors_policy_t *policy;
    const server_rec *server;
    const ap_directive_t *first;  /* the first directive of this module */
    const ap_directive_t *last;   /* the latest one with a list */
    const ap_directive_t *done;   /* the latest one whose rest means nothing */
    const ap_directive_t *parent; /* the section's own line; NULL: the main
                                   * server */
    const ap_directive_t *faulty; /* the latest one with a fault */
    const ap_directive_t *limit_line; /* the latest CorsLimitOrigin */
    cors_limit_t *limit;              /* which its arguments are added to */
    /* Whether a list lacks an argument because the argument is faulty. */
#define X(name, directive, help) unsigned int name##_faulty:1;
    CORS_LISTS(X)
#undef X
    /* The lists of the policy, which the setters add to. */
#define X(name, directive, help) cors_list_t *name;
    CORS_LISTS(X)
#undef X
};

/* Begins to read a configuration that lives in pconf. */
void cors_sections_begin(apr_pool_t *pconf);

/* Gives cmd's directive a file name that lives as long as the configuration,
 * because requests log that name.  httpd's own file name lives as long, except
 * for a line that mod_macro makes. */
void cors_section_keep_file(const cmd_parms *cmd);

/* Gives every line of the configuration and every virtual host such a file
 * name, because the page of CorsInfo tells the lines of other modules too. */
void cors_sections_keep_files(server_rec *main_server, apr_pool_t *pconf);

/* Makes the section that cmd stands in.  Keeps the section unless it is an
 * .htaccess file, which comes and goes with requests. */
cors_section_t *cors_section_add(const cmd_parms *cmd,
                                 const cors_policy_t *policy);

/* Whether cmd stands in an .htaccess file. */
int cors_section_is_htaccess(const cmd_parms *cmd);

/* Returns the sections that have been kept, in the order read, as
 * cors_section_t *.  Lives in pconf. */
const apr_array_header_t *cors_sections_all(void);

/* Returns the line that begins the section of a directive, or NULL for the
 * main server.  <Limit> and <LimitExcept> are not sections. */
const ap_directive_t *cors_section_parent(const ap_directive_t *directive);

/* Returns the section that this line begins, or NULL if the section has no
 * directive of this module. */
const cors_section_t *cors_section_find(const ap_directive_t *section);

/* Whether the section is <VirtualHost>.  NULL is the main server. */
int cors_section_is_virtual_host(const ap_directive_t *section);

/* Returns "<Location /api>", made in p. */
const char *cors_section_name(const ap_directive_t *section, apr_pool_t *p);

#endif
