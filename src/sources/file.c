/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* file:PATH, a text file with an origin on each line.
 *
 * Whoever changes the file may do so in any way: by a rename, by switching a
 * link, or by writing over it.  A file that is being written must not be taken
 * for a list, so a file is believed only if it has not changed while it was
 * read, if its last line has an end, and if it has any byte at all: a program
 * that opens a file for writing cuts it first. */

#include "sources/source.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <apr_strings.h>
#include <unixd.h>

#include "sources/rights.h"

/* Bytes that are read at once, which is more than a line may have. */
#define BUFFER 65536

/* A file that is written in place is left alone for so long. */
#define QUIET APR_TIME_C(1000000)

static cors_source_wrong_t open_file(cors_source_t *source, const char *rest,
                                     cmd_parms *cmd)
{
    source->own = *rest ? ap_server_root_relative(cmd->pool, rest) : NULL;
    return source->own ? cors_source_wrong(CORS_SOURCE_OK, NULL)
                       : cors_source_wrong(CORS_SOURCE_MALFORMED,
                                           "write the path of a file, as in "
                                           "file:/etc/httpd/partners.origins");
}

static int open_to_read(const char *path)
{
    /* A FIFO without a writer would be waited for. */
    return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* Returns 0 or the error of opening the file as the server's user.  The groups
 * and every folder on the way count, so a process of its own tries. */
static int try_as_user(const char *path)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        if (initgroups(ap_unixd_config.user_name, ap_unixd_config.group_id)
            || setgid(ap_unixd_config.group_id)
            || setuid(ap_unixd_config.user_id)) {
            _exit(0);
        }
        _exit(open_to_read(path) < 0 ? errno & 0x7f : 0);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

static cors_source_wrong_t check_file(cors_source_t *source, apr_pool_t *p)
{
    int error = 0;
    char text[128];

    if (getuid() == 0 && ap_unixd_config.user_name
        && ap_unixd_config.user_id != 0) {
        error = try_as_user(source->own);
    }
    /* If root can't open the file either, the reading itself will say so. */
    if (!error || access(source->own, F_OK) != 0) {
        return cors_source_wrong(CORS_SOURCE_OK, NULL);
    }
    return cors_source_wrong(
        CORS_SOURCE_UNREADABLE,
        apr_psprintf(
            p,
            "%s can't be read by the User of the server, "
            "%s: %s: give that user the right to read it",
            (const char *)source->own, ap_unixd_config.user_name,
            apr_strerror(APR_FROM_OS_ERROR(error), text, sizeof(text))));
}

static const char *error_text(int error, apr_pool_t *p)
{
    char text[128];

    return apr_pstrdup(
        p, apr_strerror(APR_FROM_OS_ERROR(error), text, sizeof(text)));
}

/* Checks who may write the file, and so could open the service to any page. */
static int check_rights(const struct stat *st, cors_rows_t *rows)
{
    const char *who = NULL;

    if (st->st_mode & S_IWOTH) {
        who = "anybody may write it: take that right away, with chmod o-w";
    }
    else if ((st->st_mode & S_IWGRP)
             && !cors_rights_trust_group(st->st_uid, st->st_gid)) {
        who = "its group may write it: take that right away, with chmod g-w";
    }
    if (who) {
        rows->fault = CORS_SOURCE_PERMISSIONS;
        cors_rows_fail(rows, "%s", who);
    }
    return !who;
}

static apr_time_t changed_at(const struct stat *st)
{
    return apr_time_from_sec(st->st_mtim.tv_sec) + st->st_mtim.tv_nsec / 1000;
}

#define HEX "%" APR_UINT64_T_HEX_FMT

/* Makes the stamp, which tells one list from another. */
static void write_stamp(const struct stat *st, char *stamp)
{
    apr_snprintf(stamp, CORS_STAMP_MAX,
                 HEX ":" HEX " " HEX " " HEX "." HEX " " HEX "." HEX,
                 (apr_uint64_t)st->st_dev, (apr_uint64_t)st->st_ino,
                 (apr_uint64_t)st->st_size, (apr_uint64_t)st->st_mtim.tv_sec,
                 (apr_uint64_t)st->st_mtim.tv_nsec,
                 (apr_uint64_t)st->st_ctim.tv_sec,
                 (apr_uint64_t)st->st_ctim.tv_nsec);
}

/* Whether the stamps are of one file, which was written in place. */
static int is_same_file(const char *a, const char *b)
{
    size_t len = strcspn(a, " ");

    return len == strcspn(b, " ") && memcmp(a, b, len) == 0;
}

/* Whether the file is just being written. */
static int is_busy(const struct stat *st, const cors_rows_t *rows)
{
    apr_time_t age = apr_time_now() - changed_at(st);

    return is_same_file(rows->stamp, rows->last_stamp) && age < QUIET
           && age > -QUIET;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Adds what stands on a line.  Returns 0 where there is no room. */
static int add_line(cors_rows_t *rows, const char *line, apr_size_t len,
                    apr_uint64_t number)
{
    while (len && is_blank(line[len - 1])) {
        len--;
    }
    while (len && is_blank(*line)) {
        line++;
        len--;
    }
    return !len || *line == '#' || cors_rows_add(rows, line, len, number);
}

/* The state of reading. */
typedef struct reader_t {
    cors_rows_t *rows;
    char *buffer;
    apr_size_t used;     /* bytes of a line that has no end yet */
    apr_uint64_t number; /* of that line */
    int is_long;         /* the line is longer than the buffer */
} reader_t;

/* Adds the lines that are whole.  Returns 0 where there is no room. */
static int add_lines(reader_t *reader)
{
    char *line = reader->buffer;
    char *end = line + reader->used;
    char *line_end;

    while ((line_end = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        if (!reader->is_long
            && !add_line(reader->rows, line, (apr_size_t)(line_end - line),
                         reader->number)) {
            return 0;
        }
        reader->is_long = 0;
        reader->number++;
        line = line_end + 1;
    }
    reader->used = (apr_size_t)(end - line);
    memmove(reader->buffer, line, reader->used);
    if (reader->used == BUFFER) {
        /* No origin: it is added as one, so that it is reported. */
        reader->used = 0;
        if (!reader->is_long) {
            reader->is_long = 1;
            return cors_rows_add(reader->rows, reader->buffer, BUFFER,
                                 reader->number);
        }
    }
    return 1;
}

/* Reads to the end of the file.  Returns 0 after cors_rows_fail(). */
static int read_lines(int file, reader_t *reader)
{
    cors_rows_t *rows = reader->rows;
    ssize_t got;

    for (;;) {
        got = read(file, reader->buffer + reader->used, BUFFER - reader->used);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        reader->used += (apr_size_t)got;
        if (!add_lines(reader)) {
            return 0;
        }
    }
    if (got < 0) {
        cors_rows_fail(rows, "reading it fails: %s: write it anew",
                       error_text(errno, rows->p));
        return 0;
    }
    if (reader->used || reader->is_long) {
        rows->fault = CORS_SOURCE_INCOMPLETE;
        cors_rows_fail(rows, "its last line has no end: write a newline "
                             "at the end of every line");
        return 0;
    }
    return 1;
}

/* Whether the file can be believed before it is read. */
static int check_state(const struct stat *st, cors_rows_t *rows)
{
    if (!S_ISREG(st->st_mode)) {
        cors_rows_fail(rows, "it is no regular file: write the path of one");
        return 0;
    }
    if (!check_rights(st, rows)) {
        return 0;
    }
    if (st->st_size == 0) {
        rows->fault = CORS_SOURCE_INCOMPLETE;
        cors_rows_fail(
            rows, "it has 0 bytes, as a file that is about to be "
                  "written: write a comment into a list that allows nothing");
        return 0;
    }
    return 1;
}

static cors_read_e read_open_file(int file, cors_rows_t *rows, apr_pool_t *p)
{
    reader_t reader = { rows, apr_palloc(p, BUFFER), 0, 1, 0 };
    char after_stamp[CORS_STAMP_MAX] = "";
    struct stat st;

    if (fstat(file, &st) != 0) {
        cors_rows_fail(rows, "%s", error_text(errno, p));
        return CORS_READ_FAILED;
    }
    if (!check_state(&st, rows)) {
        return CORS_READ_FAILED;
    }
    write_stamp(&st, rows->stamp);
    if (cors_rows_are_same(rows)) {
        return CORS_READ_SAME;
    }
    if (is_busy(&st, rows)) {
        return CORS_READ_LATER;
    }
    if (!read_lines(file, &reader)) {
        return CORS_READ_FAILED;
    }
    if (fstat(file, &st) == 0) {
        write_stamp(&st, after_stamp);
    }
    if (strcmp(rows->stamp, after_stamp) != 0) {
        cors_rows_fail(rows,
                       "it was changed while it was read: write a new file, "
                       "and rename it");
        return CORS_READ_FAILED;
    }
    return CORS_READ_NEW;
}

static cors_read_e read_file(cors_source_t *source, cors_rows_t *rows,
                             apr_pool_t *p)
{
    int file = open_to_read(source->own);
    cors_read_e status;

    if (file < 0) {
        cors_rows_fail(rows,
                       "it can't be opened: %s: put a list there that the "
                       "server's User may read",
                       error_text(errno, p));
        return CORS_READ_FAILED;
    }
    status = read_open_file(file, rows, p);
    close(file);
    return status;
}

const cors_source_kind_t cors_source_file = {
    .prefix = "file",
    .options = CORS_OPTION_REFRESH | CORS_OPTION_STALE | CORS_OPTION_SIZE,
    .refresh = APR_TIME_C(5000000),
    .is_local = 1,
    .open = open_file,
    .check = check_file,
    .read = read_file,
};
