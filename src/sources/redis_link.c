/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/redis_link.h"

#include <time.h>

apr_time_t cors_redis_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_from_sec(now.tv_sec) + now.tv_nsec / 1000;
}

const char *cors_redis_link_needs(int has_tls)
{
#ifndef CORS_HIREDIS
    return "hiredis, which was not found when mod_cors was built: install "
           "libhiredis-dev (Fedora: hiredis-devel) and build it again";
#else
#ifndef CORS_HIREDIS_TLS
    if (has_tls) {
        return "hiredis 1.0 or later with TLS, and OpenSSL, which were not "
               "found when mod_cors was built: install libhiredis-dev and "
               "libssl-dev (Fedora: hiredis-devel, openssl-devel) and build "
               "it again";
    }
#endif
    return NULL;
#endif
}

#ifdef CORS_HIREDIS

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <apr_strings.h>
#include <hiredis/hiredis.h>

#include "sources/redis_tls.h"

#define MS APR_TIME_C(1000) /* in microseconds */

/* Error replies with what they mean.  No other word of a reply is passed on:
 * some repeat what they were asked, be it an origin or a password. */
static const struct {
    const char *word, *meaning;
} replies[] = {
    { "LOADING", "Redis still loads its data" },
    { "NOAUTH", "it asks for a password: write password=FILE" },
    { "WRONGPASS", "it does not know this user with this password" },
    { "NOPERM", "the user may not run EXISTS for these keys: allow it by ACL "
                "SETUSER" },
    { "MOVED",
      "it is one node of a cluster: name a server that has all keys" },
    { "ASK", "it is one node of a cluster: name a server that has all keys" },
    { "CLUSTERDOWN", "its cluster is down" },
    { "MASTERDOWN", "it has lost its master: see replica-serve-stale-data" },
    { "BUSY", "a script keeps it from answering" },
    { "DENIED", "protected-mode is on: it takes connections of its own host "
                "only" },
};

static int fail(cors_redis_link_t *link, const char *cause)
{
    apr_cpystrn(link->cause, cause, sizeof(link->cause));
    return 0;
}

static int fail_by(cors_redis_link_t *link)
{
    const redisContext *c = link->context;

    link->is_cut = c->err == REDIS_ERR_EOF
                   || (c->err == REDIS_ERR_IO
                       && (errno == ECONNRESET || errno == EPIPE));
    return fail(link, link->tls && c->err == REDIS_ERR_IO && !errno
                          ? cors_redis_tls_error()
                          : c->errstr);
}

void cors_redis_link_close(cors_redis_link_t *link)
{
    if (link->context) {
        redisFree(link->context);
        link->context = NULL;
    }
}

/* Waits until the connection is ready for one of the events. */
static int wait_for(cors_redis_link_t *link, short events, apr_time_t deadline)
{
    struct pollfd ready = { link->context->fd, events, 0 };
    int found;

    do {
        apr_time_t left = deadline - cors_redis_now();

        found = left > 0 ? poll(&ready, 1, (int)((left + MS - 1) / MS)) : 0;
    } while (found < 0 && errno == EINTR);
    if (found > 0) {
        return 1;
    }
    return fail(link,
                found ? strerror(errno) : "it did not answer within timeout=");
}

/* TLS may have to read before it can write: a question is so short that the
 * connection always has room for it. */
static int send_command(cors_redis_link_t *link, apr_time_t deadline)
{
    int is_done = 0;

    for (;;) {
        errno = 0;
        if (redisBufferWrite(link->context, &is_done) != REDIS_OK) {
            return fail_by(link);
        }
        if (is_done) {
            return 1;
        }
        if (!wait_for(link, link->tls ? POLLIN : POLLOUT, deadline)) {
            return 0;
        }
    }
}

/* Whether a reply to a command of ours may begin so.  hiredis would make room
 * for as many elements as a reply of another kind announces. */
static int may_begin(char byte)
{
    return byte == ':' || byte == '+' || byte == '-';
}

/* Waits for more of a reply, and reads it. */
static int read_more(cors_redis_link_t *link, apr_time_t deadline)
{
    if (!wait_for(link, POLLIN, deadline)) {
        return 0;
    }
    errno = 0;
    return redisBufferRead(link->context) == REDIS_OK || fail_by(link);
}

/* Returns the reply, which the caller frees, or NULL. */
static redisReply *read_reply(cors_redis_link_t *link, apr_time_t deadline)
{
    const redisReader *reader = link->context->reader;
    void *reply = NULL;

    while (reader->pos >= reader->len) {
        if (!read_more(link, deadline)) {
            return NULL;
        }
    }
    if (!may_begin(reader->buf[reader->pos])) {
        fail(link, "what it answers is no reply to EXISTS");
        return NULL;
    }
    for (;;) {
        if (redisGetReplyFromReader(link->context, &reply) != REDIS_OK) {
            fail_by(link);
            return NULL;
        }
        if (reply || !read_more(link, deadline)) {
            return reply;
        }
    }
}

static void explain(cors_redis_link_t *link, const redisReply *reply)
{
    size_t len = strspn(reply->str, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    size_t i;

    for (i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        if (strlen(replies[i].word) == len
            && memcmp(replies[i].word, reply->str, len) == 0) {
            apr_snprintf(link->cause, sizeof(link->cause), "it answers %s: %s",
                         replies[i].word, replies[i].meaning);
            return;
        }
    }
    apr_snprintf(link->cause, sizeof(link->cause), "it answers %.*s",
                 len && len <= 20 ? (int)len : 8,
                 len && len <= 20 ? reply->str : "an error");
}

/* Sends a command and returns what it is answered, or NULL.  Nothing may
 * follow the reply: it would be taken for the next one. */
static redisReply *ask(cors_redis_link_t *link, int count, const char **words,
                       const size_t *lengths, apr_time_t deadline)
{
    redisReply *reply;

    if (redisAppendCommandArgv(link->context, count, words, lengths)
        != REDIS_OK) {
        fail_by(link);
        return NULL;
    }
    if (!send_command(link, deadline)) {
        return NULL;
    }
    reply = read_reply(link, deadline);
    if (reply && reply->type == REDIS_REPLY_ERROR) {
        explain(link, reply);
    }
    else if (reply
             && link->context->reader->pos < link->context->reader->len) {
        fail(link, "it sends more than a reply");
    }
    else {
        return reply;
    }
    if (reply) {
        freeReplyObject(reply);
    }
    return NULL;
}

static int log_in(cors_redis_link_t *link, apr_time_t deadline)
{
    const cors_redis_server_t *server = link->server;
    const char *words[3] = { "AUTH" };
    size_t lengths[3];
    int count = 1, i;
    redisReply *reply;
    int is_in;

    if (!server->password) {
        return 1;
    }
    if (server->user) {
        words[count++] = server->user;
    }
    words[count++] = server->password;
    for (i = 0; i < count; i++) {
        lengths[i] = strlen(words[i]);
    }
    reply = ask(link, count, words, lengths, deadline);
    if (!reply) {
        return 0;
    }
    is_in = reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, "OK") == 0;
    freeReplyObject(reply);
    return is_in || fail(link, "what it answers is no reply to AUTH");
}

/* Ends when the connection is there or has failed.  No program that httpd
 * starts gets it. */
static int finish_connecting(cors_redis_link_t *link, apr_time_t deadline)
{
    int fd = link->context->fd;
    int error = 0;
    socklen_t len = sizeof(error);

    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (!wait_for(link, POLLOUT, deadline)) {
        return 0;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
        error = errno;
    }
    link->is_refused = error != 0;
    return !error || fail(link, strerror(error));
}

static int connect_to(cors_redis_link_t *link, const char *address,
                      apr_time_t deadline)
{
    link->context = redisConnectNonBlock(address, link->server->port);
    if (!link->context) {
        return fail(link, "no memory is left");
    }
    if (link->context->err) {
        link->is_refused = 1;
        return fail_by(link);
    }
    return finish_connecting(link, deadline)
           && (!link->tls || cors_redis_tls_begin(link))
           && log_in(link, deadline);
}

/* Whether the kept connection is still there, and silent. */
static int is_silent(const cors_redis_link_t *link)
{
    char byte;

    return recv(link->context->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0
           && (errno == EAGAIN || errno == EWOULDBLOCK);
}

static int ask_exists(cors_redis_link_t *link, const char *key, apr_size_t len,
                      apr_time_t deadline)
{
    const char *words[] = { "EXISTS", key };
    const size_t lengths[] = { 6, len };
    redisReply *reply = ask(link, 2, words, lengths, deadline);
    int found = -1;

    if (!reply) {
        return -1;
    }
    if (reply->type == REDIS_REPLY_INTEGER
        && (reply->integer == 0 || reply->integer == 1)) {
        found = (int)reply->integer;
    }
    else {
        fail(link, "what it answers is no reply to EXISTS");
    }
    freeReplyObject(reply);
    return found;
}

/* A server closes connections that were idle for some time, and all when it
 * restarts.  If it did so just before the question, the question is asked once
 * more. */
int cors_redis_link_exists(cors_redis_link_t *link, const char *address,
                           const char *key, apr_size_t len,
                           apr_time_t deadline)
{
    int found = -1;
    int is_kept;

    if (link->context && !is_silent(link)) {
        cors_redis_link_close(link);
    }
    link->is_cut = link->is_refused = 0;
    is_kept = link->context != NULL;
    if (is_kept) {
        found = ask_exists(link, key, len, deadline);
    }
    if (is_kept && found < 0 && link->is_cut) {
        cors_redis_link_close(link);
    }
    if (!link->context && connect_to(link, address, deadline)) {
        found = ask_exists(link, key, len, deadline);
    }
    if (found < 0) {
        cors_redis_link_close(link);
    }
    if (link->tls) {
        cors_redis_tls_error();
    }
    return found;
}

#else /* CORS_HIREDIS: the directive is refused, and nobody connects */

void cors_redis_link_close(cors_redis_link_t *link)
{
}

int cors_redis_link_exists(cors_redis_link_t *link, const char *address,
                           const char *key, apr_size_t len,
                           apr_time_t deadline)
{
    return -1;
}

#endif
