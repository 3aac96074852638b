/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/hosts.h"

#include <string.h>

#include <apr_strings.h>
#include <http_main.h>

#include "config/sections.h"
#include "module/line.h"

#define DEFINE "DUMP_CORS_HOST="

/* Names beyond this number are counted and not listed. */
#define NAMES_MAX 20

cors_hosts_t cors_hosts_read(const server_rec *main_server)
{
    cors_hosts_t hosts = { main_server, NULL };
    int i;

    for (i = 0; i < ap_server_config_defines->nelts; i++) {
        const char *define = APR_ARRAY_IDX(ap_server_config_defines, i,
                                           const char *);

        if (strncmp(define, DEFINE, sizeof(DEFINE) - 1) == 0) {
            hosts.host = define + sizeof(DEFINE) - 1;
        }
    }
    return hosts;
}

/* names is an array of const char *, or NULL. */
static int is_listed(const apr_array_header_t *names, const char *host)
{
    int i;

    for (i = 0; names && i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        if (name && ap_strcasecmp_match(host, name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Only wild_names may hold wildcards, and an alias without one matches as it
 * is. */
int cors_hosts_has(const cors_hosts_t *hosts, const server_rec *server)
{
    const char *host = hosts->host;

    return !host
           || (server->server_hostname
               && strcasecmp(server->server_hostname, host) == 0)
           || is_listed(server->names, host)
           || is_listed(server->wild_names, host);
}

static const char *list_names(const cors_hosts_t *hosts, apr_pool_t *p)
{
    apr_array_header_t *names = apr_array_make(p, NAMES_MAX,
                                               sizeof(const char *));
    const server_rec *server = hosts->main_server;
    const char *list;
    int left = 0;

    for (; server; server = server->next) {
        if (!server->server_hostname) {
            continue;
        }
        if (names->nelts < NAMES_MAX) {
            APR_ARRAY_PUSH(names, const char *) = server->server_hostname;
        }
        else {
            left++;
        }
    }
    list = apr_array_pstrcat(p, names, ' ');
    return left ? apr_psprintf(p, "%s and %d more", list, left) : list;
}

const char *cors_hosts_explain(const cors_hosts_t *hosts, apr_pool_t *p)
{
    const server_rec *server = hosts->main_server;

    while (server && !cors_hosts_has(hosts, server)) {
        server = server->next;
    }
    return server ? NULL
                  : apr_psprintf(p,
                                 "DUMP_CORS_HOST=%s: no ServerName and no "
                                 "ServerAlias is this name: write one of %s",
                                 hosts->host, list_names(hosts, p));
}

int cors_hosts_each(const cors_hosts_t *hosts, const cors_check_t *check,
                    cors_places_fn *each, void *data)
{
    const server_rec *server = hosts->main_server;
    int result = 0;

    if (!hosts->host) {
        return cors_places_each(check->places, NULL, each, data);
    }
    for (; server && !result; server = server->next) {
        if (cors_hosts_has(hosts, server)) {
            result = cors_places_each_of(check->places, server, each, data);
        }
    }
    return result;
}

/* Returns the <VirtualHost> around the line, or NULL for the main server. */
static const ap_directive_t *find_virtual_host(const ap_directive_t *at)
{
    while (at && !cors_section_is_virtual_host(at)) {
        at = at->parent;
    }
    return at;
}

static int is_begun_by(const server_rec *server, const ap_directive_t *at)
{
    return server->is_virtual && server->defn_name
           && server->defn_line_number == (unsigned int)at->line_num
           && strcmp(server->defn_name, at->filename) == 0;
}

int cors_hosts_has_finding(const cors_hosts_t *hosts,
                           const cors_finding_t *finding)
{
    const ap_directive_t *host = find_virtual_host(
        cors_line_directive(finding->at));
    const server_rec *server = hosts->main_server;

    if (!hosts->host) {
        return 1;
    }
    if (finding->place) {
        return cors_hosts_has(hosts, finding->place->server);
    }
    while (host && server
           && !(is_begun_by(server, host) && cors_hosts_has(hosts, server))) {
        server = server->next;
    }
    return server != NULL;
}
