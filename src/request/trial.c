/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/trial.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>
#include <http_vhost.h>

#include "module/dir_conf.h"
#include "request/facts.h"
#include "request/judging.h"

/* end_status of a trial on its way.  No status is below 0. */
#define ON_ITS_WAY (-1)

/* Returns the trial that the request is, or NULL. */
static cors_trial_t *trial_of(const request_rec *r)
{
    cors_request_t *cors = cors_request_get(r);

    /* The record of the request is the first member of the trial. */
    return cors && cors->end_status == ON_ITS_WAY ? (cors_trial_t *)cors
                                                  : NULL;
}

/* Ends trials, and the subrequests that rewriting makes for them. */
static int cors_trial_end(request_rec *r)
{
    const request_rec *first = r;
    cors_trial_t *trial;

    while (first->main) {
        first = first->main;
    }
    trial = trial_of(first);
    if (!trial) {
        return DECLINED;
    }
    if (first == r) {
        trial->cors.end_status = 0;
    }
    return DONE;
}

/* Goes on with a request that rewriting has made a proxied one. */
static int cors_trial_translate(request_rec *r)
{
    const cors_trial_t *trial = trial_of(r);

    if (!trial || !trial->proxied) {
        return DECLINED;
    }
    r->filename = trial->proxied;
    r->proxyreq = PROXYREQ_REVERSE;
    r->handler = "proxy-server";
    return OK;
}

/* Returns whether the file has a name of AccessFileName. */
static int is_access_file(const request_rec *r, const char *file)
{
    const core_server_config *core = ap_get_core_module_config(
        r->server->module_config);
    const char *names = core->access_name;
    const char *slash = strrchr(file, '/');

    while (slash && *names) {
        if (strcmp(ap_getword_conf(r->pool, &names), slash + 1) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Returns the message without its number, "AH00529: ". */
static const char *without_number(const char *said)
{
    size_t digits = strncmp(said, "AH", 2) == 0
                        ? strspn(said + 2, "0123456789")
                        : 0;

    return digits && strncmp(said + 2 + digits, ": ", 2) == 0
               ? said + 2 + digits + 2
               : said;
}

/* Takes over what httpd logs of an .htaccess file, which it tells nobody else:
 * "FILE: what is wrong with a line", and of a file that it can't open "FILE
 * pcfg_openfile: unable to check htaccess file, what to do". */
static void take_unread(cors_trial_t *trial, const char *said)
{
    static const char cannot_open[] = " pcfg_openfile: unable to check "
                                      "htaccess file, ";
    const char *end = strstr(said, cannot_open);
    const char *why = end ? end + sizeof(cannot_open) - 1 : NULL;
    const char *file;

    if (!end) {
        end = strstr(said, ": ");
        why = end ? end + 2 : NULL;
    }
    if (*said != '/' || !end) {
        return;
    }
    file = apr_pstrmemdup(trial->r->pool, said, (apr_size_t)(end - said));
    if (is_access_file(trial->r, file)) {
        trial->unread = file;
        trial->unread_why = apr_pstrdup(trial->r->pool, why);
    }
}

static void cors_trial_hear(const ap_errorlog_info *info, const char *said)
{
    cors_trial_t *trial = info->r ? trial_of(info->r) : NULL;

    if (trial && !trial->unread
        && (info->level & APLOG_LEVELMASK) <= APLOG_CRIT) {
        take_unread(trial, without_number(said));
    }
}

void cors_trial_register(void)
{
    ap_hook_error_log(cors_trial_hear, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_perdir_config(cors_trial_end, NULL, NULL,
                               APR_HOOK_REALLY_FIRST);
}

void cors_trial_register_in_test(void)
{
    cors_trial_register();
    ap_hook_translate_name(cors_trial_translate, NULL, NULL,
                           APR_HOOK_REALLY_FIRST);
}

/* A connection without a socket.  A name of the client is set so that no
 * expression makes httpd look one up. */
static conn_rec *make_connection(const cors_trial_ask_t *ask, apr_pool_t *p)
{
    conn_rec *c = apr_pcalloc(p, sizeof(*c));

    c->pool = p;
    c->base_server = ask->server;
    c->local_addr = ask->address;
    apr_sockaddr_ip_get(&c->local_ip, ask->address);
    c->client_addr = ask->address;
    c->client_ip = c->local_ip;
    c->remote_host = apr_pstrdup(p, "");
    c->remote_logname = apr_pstrdup(p, "");
    c->local_host = apr_pstrdup(p, "");
    c->conn_config = ap_create_conn_config(p);
    c->notes = apr_table_make(p, 5);
    c->bucket_alloc = apr_bucket_alloc_create(p);
    c->keepalive = AP_CONN_CLOSE;
    ap_update_vhost_given_ip(c);
    return c;
}

/* Does what httpd does before it reads a request line (ap_create_request(),
 * which httpd 2.4.37 does not have). */
static request_rec *make_request(conn_rec *c, apr_pool_t *p)
{
    request_rec *r = apr_pcalloc(p, sizeof(*r));

    r->pool = p;
    r->connection = c;
    r->server = c->base_server;
    r->allowed_methods = ap_make_method_list(p, 2);
    r->headers_in = apr_table_make(p, 25);
    r->trailers_in = apr_table_make(p, 5);
    r->subprocess_env = apr_table_make(p, 25);
    r->headers_out = apr_table_make(p, 12);
    r->err_headers_out = apr_table_make(p, 5);
    r->trailers_out = apr_table_make(p, 5);
    r->notes = apr_table_make(p, 5);
    r->request_config = ap_create_request_config(p);
    r->request_time = apr_time_now();
    r->read_body = REQUEST_NO_BODY;
    r->status = HTTP_OK;
    r->used_path_info = AP_REQ_DEFAULT_PATH_INFO;
    r->useragent_addr = c->client_addr;
    r->useragent_ip = c->client_ip;
    ap_run_create_request(r);
    r->per_dir_config = r->server->lookup_defaults;
    return r;
}

static void set_line(request_rec *r, const cors_trial_ask_t *ask)
{
    r->method = ask->method;
    r->method_number = ap_method_number_of(ask->method);
    r->header_only = strcmp(ask->method, "HEAD") == 0;
    r->protocol = apr_pstrdup(r->pool, "HTTP/1.1");
    r->proto_num = HTTP_VERSION(1, 1);
    r->the_request = apr_pstrcat(r->pool, ask->method, " ", ask->path, " ",
                                 r->protocol, NULL);
    ap_parse_uri(r, ask->path);
}

/* Does what httpd does once it has read the header fields. */
static void set_headers(request_rec *r, const cors_trial_ask_t *ask)
{
    apr_table_set(r->headers_in, "Host", ask->host);
    apr_table_overlap(r->headers_in, ask->headers, APR_OVERLAP_TABLES_SET);
    ap_update_vhost_from_headers(r);
    r->per_dir_config = r->server->lookup_defaults;
}

/* Asks enforcement, unless it does not look at the request. */
static void enforce(const request_rec *r, cors_request_t *cors)
{
    const cors_policy_t *policy = cors->policy;
    cors_sender_t sender;
    const char *upgrade;

    cors_facts_origin_upgrade(r, &upgrade);
    if (!cors_enforce_looks_at(policy, r->method, upgrade)) {
        return;
    }
    cors_facts_sender(r, &sender);
    if (!cors_enforce(policy, &cors->facts, &sender, &cors->decision)) {
        cors->enforced = cors_policy_only_tries(policy)
                             ? CORS_ENFORCED_WOULD_REFUSE
                             : CORS_ENFORCED_REFUSED;
    }
}

/* Judges as cors_request_judge() does, and tells nobody.  What has failed
 * already is not enforced. */
static void judge(const request_rec *r, int has_failed, cors_request_t *cors)
{
    const cors_policy_t *policy = cors_dir_conf_policy(r->per_dir_config);

    memset(cors, 0, sizeof(*cors));
    if (!cors_policy_holds(policy) || policy->info
        || r->proxyreq == PROXYREQ_PROXY) {
        return;
    }
    cors->policy = policy;
    cors_facts_gather(r, cors_facts_origin(r), &cors->facts);
    cors_facts_add_sets(r, policy, &cors->facts);
    cors_judge(policy, &cors->facts, &cors->decision);
    if (cors_policy_enforces(policy) && !has_failed) {
        enforce(r, cors);
    }
}

/* httpd has thrown the walk through the <Location> sections away where a
 * request fails early (request/judging.c). */
static void walk_again(request_rec *r)
{
    r->per_dir_config = r->server->lookup_defaults;
    if (ap_location_walk(r) != OK) {
        r->per_dir_config = r->server->lookup_defaults;
    }
}

static const char *location_of(const request_rec *r)
{
    const char *location = apr_table_get(r->headers_out, "Location");

    return location ? location : apr_table_get(r->err_headers_out, "Location");
}

static int run(cors_trial_t *trial, const cors_trial_ask_t *ask, apr_pool_t *p)
{
    request_rec *r = make_request(make_connection(ask, p), p);

    trial->r = r;
    set_line(r, ask);
    set_headers(r, ask);
    trial->cors.end_status = ON_ITS_WAY;
    ap_set_module_config(r->request_config, &cors_module, &trial->cors);
    return ap_process_request_internal(r);
}

/* Whether mod_rewrite has refused to make a proxied request.  While httpd
 * tests the configuration, mod_rewrite does not know yet that there is
 * mod_proxy. */
static int lacks_proxy(const request_rec *r, int status)
{
    return status == HTTP_FORBIDDEN && r->filename && !r->proxyreq
           && strncmp(r->filename, "proxy:", 6) == 0
           && ap_find_linked_module("mod_proxy.c");
}

cors_trial_t *cors_trial_run(const cors_trial_ask_t *ask, apr_pool_t *p)
{
    cors_trial_t *trial = apr_pcalloc(p, sizeof(*trial));
    int status = run(trial, ask, p);

    if (lacks_proxy(trial->r, status)) {
        trial->proxied = trial->r->filename;
        status = run(trial, ask, p);
    }
    if (trial->cors.end_status == ON_ITS_WAY) {
        trial->status = status == DONE || status == OK ? trial->r->status
                                                       : status;
        trial->location = location_of(trial->r);
        walk_again(trial->r);
    }
    judge(trial->r, trial->status != 0, &trial->cors);
    return trial;
}
