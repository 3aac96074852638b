/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/reach.h"

#include <string.h>

#include <ap_listen.h>
#include <apr_strings.h>

/* Returns the address that httpd listens on with the port, or NULL. */
static const ap_listen_rec *find_listener(int port)
{
    const ap_listen_rec *listener = ap_listeners;

    while (listener && listener->bind_addr->port != port) {
        listener = listener->next;
    }
    return listener;
}

static int has_port(const server_addr_rec *address, int port)
{
    return address->host_port == port || address->host_port == 0;
}

/* Returns the address of a virtual host with this name.  With port 0, any that
 * httpd listens for. */
static const server_addr_rec *find_named(const cors_hosts_t *hosts, int port)
{
    const server_rec *server = hosts->main_server->next;
    const server_addr_rec *address;

    for (; server; server = server->next) {
        if (!cors_hosts_has(hosts, server)) {
            continue;
        }
        for (address = server->addrs; address; address = address->next) {
            if (port ? has_port(address, port)
                     : find_listener(address->host_port) != NULL) {
                return address;
            }
        }
    }
    return NULL;
}

/* Returns the port at which a request for the URL arrives.  A proxy in front
 * may pass it on to another port. */
static int find_port(const cors_hosts_t *hosts, int port)
{
    const server_addr_rec *named;

    if (!ap_listeners || find_listener(port) || find_named(hosts, port)) {
        return port;
    }
    named = find_named(hosts, 0);
    return named ? named->host_port : ap_listeners->bind_addr->port;
}

static apr_sockaddr_t *make_address(const char *ip, int port, apr_pool_t *p)
{
    apr_sockaddr_t *address = NULL;

    if (!ip
        || apr_sockaddr_info_get(&address, ip, APR_UNSPEC, (apr_port_t)port, 0,
                                 p)
               != APR_SUCCESS) {
        return NULL;
    }
    return address;
}

/* Whether the host of a URL is an address, so that it can be read without a
 * look-up. */
static int is_address(const char *host)
{
    return *host == '[' || !host[strspn(host, "0123456789.")];
}

static const char *without_brackets(const char *host, apr_pool_t *p)
{
    size_t len = strlen(host);

    return *host == '[' && len > 2 ? apr_pstrmemdup(p, host + 1, len - 2)
                                   : host;
}

static const char *ip_of(apr_sockaddr_t *address, apr_pool_t *p)
{
    char *ip = NULL;

    if (!address || apr_sockaddr_is_wildcard(address)
        || apr_sockaddr_ip_get(&ip, address) != APR_SUCCESS) {
        return NULL;
    }
    return apr_pstrdup(p, ip);
}

static const char *find_ip(const cors_hosts_t *hosts, int port,
                           const char *here, apr_pool_t *p)
{
    const server_addr_rec *named = find_named(hosts, port);
    const ap_listen_rec *listener = find_listener(port);
    const char *ip = named ? ip_of(named->host_addr, p) : NULL;

    if (!ip && is_address(hosts->host)) {
        ip = without_brackets(hosts->host, p);
    }
    if (!ip) {
        ip = here;
    }
    if (!ip && listener) {
        ip = ip_of(listener->bind_addr, p);
    }
    return ip;
}

cors_reach_t cors_reach_find(const server_rec *main_server, const char *host,
                             int port, const char *here, apr_pool_t *p)
{
    cors_hosts_t hosts = { main_server, host };
    int found = find_port(&hosts, port);
    cors_reach_t reach = { NULL, NULL };

    if (ap_listeners && !find_listener(found)) {
        reach.note = apr_psprintf(p,
                                  "httpd does not listen on port %d, though a "
                                  "virtual host is there",
                                  found);
    }
    else if (found != port) {
        reach.note = apr_psprintf(
            p,
            "httpd does not listen on port %d: this is for a proxy in front "
            "that passes requests on to port %d",
            port, found);
    }
    reach.address = make_address(find_ip(&hosts, found, here, p), found, p);
    if (!reach.address) {
        reach.address = make_address("127.0.0.1", found, p);
    }
    return reach;
}
