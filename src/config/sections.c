/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/sections.h"

#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>

/* The sections in the order read.  Lives in pconf. */
static apr_array_header_t *sections;

/* The sections by the lines that begin them.  Lives in pconf. */
static apr_hash_t *by_line;

/* The file name that keep() kept last.  Lives in pconf. */
static const char *kept_file;

static apr_status_t forget_sections(void *unused)
{
    sections = NULL;
    by_line = NULL;
    kept_file = NULL;
    return APR_SUCCESS;
}

void cors_sections_begin(apr_pool_t *pconf)
{
    sections = apr_array_make(pconf, 16, sizeof(cors_section_t *));
    by_line = apr_hash_make(pconf);
    apr_pool_cleanup_register(pconf, NULL, forget_sections,
                              apr_pool_cleanup_null);
}

const ap_directive_t *cors_section_parent(const ap_directive_t *directive)
{
    do {
        directive = directive->parent;
    } while (directive
             && (strcasecmp(directive->directive, "<Limit") == 0
                 || strcasecmp(directive->directive, "<LimitExcept") == 0));
    return directive;
}

/* In an .htaccess file, both pools are the pool of the request. */
int cors_section_is_htaccess(const cmd_parms *cmd)
{
    return cmd->pool == cmd->temp_pool;
}

/* Returns the file name in pconf.  Most names are equal to the last one. */
static const char *keep(const char *filename, apr_pool_t *pconf)
{
    if (filename != kept_file
        && (!kept_file || strcmp(filename, kept_file) != 0)) {
        kept_file = apr_pstrdup(pconf, filename);
    }
    return kept_file;
}

void cors_section_keep_file(const cmd_parms *cmd)
{
    if (!cors_section_is_htaccess(cmd)) {
        cmd->directive->filename = keep(cmd->directive->filename, cmd->pool);
    }
}

static void keep_lines(ap_directive_t *node, apr_pool_t *pconf)
{
    for (; node; node = node->next) {
        node->filename = keep(node->filename, pconf);
        keep_lines(node->first_child, pconf);
    }
}

void cors_sections_keep_files(server_rec *main_server, apr_pool_t *pconf)
{
    server_rec *s;

    keep_lines(ap_conftree, pconf);
    for (s = main_server->next; s; s = s->next) {
        if (s->defn_name) {
            s->defn_name = keep(s->defn_name, pconf);
        }
    }
}

cors_section_t *cors_section_add(const cmd_parms *cmd,
                                 const cors_policy_t *policy)
{
    cors_section_t *section = apr_pcalloc(cmd->pool, sizeof(*section));

    section->policy = policy;
    section->server = cmd->server;
    section->parent = cors_section_parent(cmd->directive);
    section->first = cmd->directive;
    if (!cors_section_is_htaccess(cmd)) {
        apr_hash_set(by_line, &section->parent, sizeof(section->parent),
                     section);
        APR_ARRAY_PUSH(sections, cors_section_t *) = section;
    }
    return section;
}

const apr_array_header_t *cors_sections_all(void)
{
    return sections;
}

const cors_section_t *cors_section_find(const ap_directive_t *section)
{
    return apr_hash_get(by_line, &section, sizeof(section));
}

int cors_section_is_virtual_host(const ap_directive_t *section)
{
    return section && strcasecmp(section->directive, "<VirtualHost") == 0;
}

const char *cors_section_name(const ap_directive_t *section, apr_pool_t *p)
{
    /* Of the arguments of <Else>, core leaves only the bracket. */
    return apr_pstrcat(p, section->directive, *section->args == '>' ? "" : " ",
                       section->args, NULL);
}
