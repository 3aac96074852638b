/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* redis: and rediss:, which ask Redis whether it has a key for an origin,
 * while a request waits.  policy/answers.h says what is kept and how many
 * questions there are at most. */

#include "sources/source.h"

#include <string.h>

#include <apr_file_io.h>
#include <apr_strings.h>

#include "grammar/origin.h"
#include "policy/answers.h"
#include "sources/redis_tls.h"
#include "sources/rights.h"
#include "sources/told.h"

#define PREFIX_MAX   200 /* bytes */
#define PASSWORD_MAX 512
#define ADDRESSES    8

/* The name of a server with TLS is that of its certificate. */
#define EXAMPLE     "redis:127.0.0.1:6379/cors:"
#define EXAMPLE_TLS "rediss:redis.example.com:6379/cors:"

/* What open() has read. */
typedef struct redis_t {
    cors_redis_server_t server;
    const char *prefix; /* of the keys */
    apr_size_t prefix_len;
    const char *addresses[ADDRESSES]; /* of the host, by check() */
    unsigned int count;
} redis_t;

/* What the threads of a process share.  Who asks has a turn, and with it one
 * of the connections. */
typedef struct child_t {
    cors_answers_t *answers;
    cors_redis_link_t links[CORS_ANSWERS_AT_ONCE];
    unsigned int address; /* which address is asked: the next after an error */
} child_t;

static cors_source_wrong_t right(void)
{
    return cors_source_wrong(CORS_SOURCE_OK, NULL);
}

/* Takes what stands before the byte off *rest.  Returns NULL if it is not
 * there. */
static const char *take_until(const char **rest, char end, apr_pool_t *p)
{
    const char *at = strchr(*rest, end);
    const char *part;

    if (!at) {
        return NULL;
    }
    part = apr_pstrmemdup(p, *rest, (apr_size_t)(at - *rest));
    *rest = at + 1;
    return part;
}

/* Returns the number of 1 to 5 digits, or 0 if the text is none. */
static apr_port_t read_port(const char *text)
{
    size_t len = strspn(text, "0123456789");
    apr_int64_t number = 0;

    if (len > 0 && len <= 5 && !text[len]) {
        number = apr_strtoi64(text, NULL, 10);
    }
    return number <= 65535 ? (apr_port_t)number : 0;
}

/* Splits "USER@HOST:PORT", with IPv6 addresses in brackets.  Returns 0 if it
 * is something else. */
static int read_server(cors_redis_server_t *server, const char *text,
                       apr_pool_t *p)
{
    const char *port;
    apr_size_t len;

    if (strchr(text, '@')) {
        server->user = take_until(&text, '@', p);
    }
    port = strrchr(text, ':');
    if (!port) {
        return 0;
    }
    server->port = read_port(port + 1);
    len = (apr_size_t)(port - text);
    if (*text == '[' && port[-1] == ']') {
        server->host = apr_pstrmemdup(p, text + 1, len - 2);
    }
    else {
        server->host = apr_pstrmemdup(p, text, len);
        if (strpbrk(server->host, ":[]")) {
            return 0;
        }
    }
    return server->port && *server->host && (!server->user || *server->user);
}

/* Returns who but the administrator may read the file, or NULL. */
static const char *who_may_read(const apr_finfo_t *info)
{
    if (info->protection & APR_FPROT_WREAD) {
        return "everybody";
    }
    return (info->protection & APR_FPROT_GREAD)
                   && !cors_rights_trust_group(info->user, info->group)
               ? "a group of others"
               : NULL;
}

/* The first line of the file.  It is the administrator's alone. */
static cors_source_wrong_t read_password(cors_source_t *source,
                                         cors_redis_server_t *server,
                                         apr_pool_t *p)
{
    const char *path = ap_server_root_relative(p, source->password);
    char text[PASSWORD_MAX];
    apr_size_t len = sizeof(text) - 1;
    apr_finfo_t info;
    apr_file_t *file;
    apr_status_t rv = apr_file_open(&file, path, APR_FOPEN_READ, 0, p);

    if (rv != APR_SUCCESS) {
        return cors_source_wrong(
            CORS_SOURCE_UNREADABLE,
            apr_psprintf(p,
                         "the file of the password, %s, can't be "
                         "read: %pm: write the path of another",
                         path, &rv));
    }
    rv = apr_file_info_get(&info, APR_FINFO_PROT | APR_FINFO_OWNER, file);
    if (rv == APR_SUCCESS) {
        rv = apr_file_read(file, text, &len);
    }
    apr_file_close(file);
    if (rv == APR_SUCCESS && who_may_read(&info)) {
        return cors_source_wrong(CORS_SOURCE_PERMISSIONS,
                                 apr_psprintf(p,
                                              "%s may read the password in "
                                              "%s: chmod 600 it",
                                              who_may_read(&info), path));
    }
    text[rv == APR_SUCCESS ? len : 0] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    if (!*text || len == sizeof(text) - 1) {
        return cors_source_wrong(
            CORS_SOURCE_INCOMPLETE,
            apr_psprintf(p,
                         "the first line of %s is no password of 1 "
                         "to %d bytes: write one",
                         path, PASSWORD_MAX - 2));
    }
    server->password = apr_pstrdup(p, text);
    return right();
}

/* Shows no more of the source than its kind: what is malformed may have a
 * password anywhere. */
static cors_source_wrong_t refuse(cors_source_t *source, const char *rest,
                                  const char *sentence, apr_pool_t *p)
{
    if (strchr(rest, '@')) {
        source->set->from = apr_pstrcat(p, source->kind->prefix, ":...", NULL);
    }
    return cors_source_wrong(CORS_SOURCE_MALFORMED, sentence);
}

static const char *example(const cors_source_t *source)
{
    return source->kind == &cors_source_rediss ? EXAMPLE_TLS : EXAMPLE;
}

/* Splits "SERVER/PREFIX". */
static cors_source_wrong_t read_source(cors_source_t *source, redis_t *redis,
                                       const char *rest, apr_pool_t *p)
{
    const char *prefix = rest;
    const char *server = take_until(&prefix, '/', p);
    const char *at = server ? strrchr(server, '@') : NULL;
    const char *colon = at ? strchr(server, ':') : NULL;

    if (colon && colon < at) {
        return refuse(source, rest,
                      "a password does not belong here: write it into a file, "
                      "and password=FILE",
                      p);
    }
    if (!server || !read_server(&redis->server, server, p)) {
        return refuse(
            source, rest,
            apr_pstrcat(p, "it is not HOST:PORT/PREFIX: write, for example, ",
                        example(source), NULL),
            p);
    }
    redis->prefix = apr_pstrdup(p, prefix);
    redis->prefix_len = strlen(prefix);
    if (redis->prefix_len > PREFIX_MAX) {
        return cors_source_wrong(
            CORS_SOURCE_MALFORMED,
            apr_psprintf(p,
                         "the prefix has more than %d bytes: "
                         "write, for example, %s",
                         PREFIX_MAX, example(source)));
    }
    return right();
}

static cors_source_wrong_t open_redis(cors_source_t *source, const char *rest,
                                      cmd_parms *cmd)
{
    redis_t *redis = apr_pcalloc(cmd->pool, sizeof(*redis));
    cors_redis_server_t *server = &redis->server;
    cors_source_wrong_t found;
    const char *needs;

    server->has_tls = source->kind == &cors_source_rediss;
    server->ca = source->ca ? ap_server_root_relative(cmd->pool, source->ca)
                            : NULL;
    source->own = redis;
    found = read_source(source, redis, rest, cmd->pool);
    if (found.sentence) {
        return found;
    }
    needs = cors_redis_link_needs(server->has_tls);
    if (needs) {
        return cors_source_wrong(CORS_SOURCE_MISSING,
                                 apr_psprintf(cmd->pool, "%s: needs %s",
                                              source->kind->prefix, needs));
    }
    if (source->password) {
        return read_password(source, server, cmd->pool);
    }
    return server->user
               ? cors_source_wrong(CORS_SOURCE_MALFORMED,
                                   "a user needs a password: write "
                                   "password=FILE, a file with the password")
               : right();
}

/* A name could take long to look up while a request waits: it is looked up
 * when httpd starts or restarts. */
static cors_source_wrong_t find_addresses(cors_source_t *source, apr_pool_t *p)
{
    redis_t *redis = source->own;
    apr_sockaddr_t *found;
    apr_status_t rv = apr_sockaddr_info_get(&found, redis->server.host,
                                            APR_UNSPEC, 0, 0, p);

    if (rv != APR_SUCCESS) {
        return cors_source_wrong(
            CORS_SOURCE_UNREADABLE,
            apr_psprintf(p,
                         "the address of %s can't be found: %pm: "
                         "write an address, or a name that this host "
                         "knows",
                         redis->server.host, &rv));
    }
    redis->count = 0;
    for (; found && redis->count < ADDRESSES; found = found->next) {
        char *address;

        if (apr_sockaddr_ip_get(&address, found) == APR_SUCCESS) {
            redis->addresses[redis->count++] = apr_pstrdup(
                source->server->process->pconf, address);
        }
    }
    return right();
}

/* Nothing closes the connections but the end of the process: prefork destroys
 * pchild in a signal handler, perhaps in the middle of a question. */
static apr_status_t start_child(cors_source_t *source, apr_pool_t *pchild)
{
    const redis_t *redis = source->own;
    child_t *child = apr_pcalloc(pchild, sizeof(*child));
    unsigned char seed[CORS_SIPHASH_SEED];
    apr_status_t rv = apr_generate_random_bytes(seed, sizeof(seed));
    const char *cause;
    struct ssl_ctx_st *tls;
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    child->answers = cors_answers_make(
        seed, source->refresh,
        source->stale == CORS_STALE_FOREVER ? APR_INT64_MAX : source->stale,
        pchild);
    tls = cors_redis_tls_make(&redis->server, &cause, pchild);
    if (cause) {
        cors_told_failure(source, cause);
        return APR_EGENERAL;
    }
    for (i = 0; i < CORS_ANSWERS_AT_ONCE; i++) {
        child->links[i].server = &redis->server;
        child->links[i].tls = tls;
    }
    source->child = child;
    return APR_SUCCESS;
}

/* Asks the first of the host's addresses at which anybody answers, and begins
 * with another one the next time if it fails. */
static int ask_addresses(child_t *child, cors_redis_link_t *link,
                         const redis_t *redis, const char *key, apr_size_t len,
                         apr_time_t deadline)
{
    unsigned int first = __atomic_load_n(&child->address, __ATOMIC_RELAXED);
    unsigned int tries = 0;
    int found;

    do {
        const char *address = redis->addresses[(first + tries) % redis->count];

        found = cors_redis_link_exists(link, address, key, len, deadline);
        tries++;
    } while (found < 0 && link->is_refused && tries < redis->count);
    __atomic_store_n(&child->address, first + tries - (found >= 0),
                     __ATOMIC_RELAXED);
    return found;
}

static cors_answer_e ask(cors_source_t *source, cors_redis_link_t *link,
                         const char *origin, apr_size_t len)
{
    const redis_t *redis = source->own;
    char key[PREFIX_MAX + CORS_ORIGIN_MAX];
    int found;

    memcpy(key, redis->prefix, redis->prefix_len);
    memcpy(key + redis->prefix_len, origin, len);
    cors_shared_count(source->shared, asked);
    found = ask_addresses(source->child, link, redis, key,
                          redis->prefix_len + len,
                          cors_redis_now() + source->timeout);
    if (found < 0) {
        cors_told_failure(source, link->cause);
        return CORS_ANSWER_UNAVAILABLE;
    }
    cors_told_success(source);
    return found ? CORS_ANSWER_YES : CORS_ANSWER_NO;
}

static cors_found_e find(cors_source_t *source, const char *origin,
                         apr_size_t len)
{
    static const cors_found_e found[] = { CORS_FOUND_NO, CORS_FOUND_YES,
                                          CORS_FOUND_UNKNOWN };
    child_t *child = source->child;
    cors_question_t question;
    cors_answer_e answer;

    if (!child) {
        return CORS_FOUND_UNKNOWN;
    }
    answer = cors_answers_find(child->answers, origin, len, cors_redis_now(),
                               &question);
    if (answer == CORS_ANSWER_ASK) {
        answer = ask(source, &child->links[question.turn], origin, len);
        answer = cors_answers_tell(child->answers, &question, answer,
                                   cors_redis_now());
    }
    else if (question.is_refused) {
        cors_shared_count(source->shared, refused);
    }
    else {
        cors_shared_count(source->shared, kept);
    }
    return found[answer];
}

const cors_source_kind_t cors_source_redis = {
    .prefix = "redis",
    .options = CORS_OPTION_REFRESH | CORS_OPTION_STALE | CORS_OPTION_TIMEOUT
               | CORS_OPTION_PASSWORD,
    .refresh = 30 * APR_USEC_PER_SEC,
    .open = open_redis,
    .check = find_addresses,
    .start_child = start_child,
    .find = find,
};

const cors_source_kind_t cors_source_rediss = {
    .prefix = "rediss",
    .options = CORS_OPTION_REFRESH | CORS_OPTION_STALE | CORS_OPTION_TIMEOUT
               | CORS_OPTION_PASSWORD | CORS_OPTION_CA,
    .refresh = 30 * APR_USEC_PER_SEC,
    .open = open_redis,
    .check = find_addresses,
    .start_child = start_child,
    .find = find,
};
