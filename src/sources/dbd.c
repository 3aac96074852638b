/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* dbd: a list that a statement of SQL returns, through httpd's own mod_dbd.
 * Its connection is the one that DBDDriver and DBDParams of the main server
 * describe. */

#include "sources/source.h"

#include <string.h>

#include <apr_dbd.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <http_main.h>
#include <mod_dbd.h>
#include <util_cfgtree.h>

/* Bytes of an error that a database reports. */
#define ERROR_MAX 200

static cors_source_wrong_t open_dbd(cors_source_t *source, const char *rest,
                                    cmd_parms *cmd)
{
    while (apr_isspace(*rest)) {
        rest++;
    }
    if (!*rest) {
        return cors_source_wrong(CORS_SOURCE_MALFORMED,
                                 "it has no statement: write, for example, "
                                 "\"dbd:SELECT origin FROM cors_origin\"");
    }
    source->own = apr_pstrdup(cmd->pool, rest);
    return cors_source_wrong(CORS_SOURCE_OK, NULL);
}

/* Returns the arguments of the last such line of the main server, in or
 * outside of <IfModule> and the like, or NULL. */
static const char *find_line(const char *directive)
{
    const ap_directive_t *node;
    const char *found = NULL;

    for (node = ap_conftree; node; node = node->next) {
        if (strcasecmp(node->directive, directive) == 0) {
            found = node->args;
        }
    }
    return found;
}

/* Returns a line's only argument without its quotes, made in p, or "". */
static const char *find_word(const char *directive, apr_pool_t *p)
{
    const char *args = find_line(directive);

    return args ? ap_getword_conf(p, &args) : "";
}

/* libpq allows blanks around "=", and waits for ever if the number is 0. */
static int has_connect_timeout(const char *parameters)
{
    const char *at = strstr(parameters, "connect_timeout");

    if (!at) {
        return 0;
    }
    at += strlen("connect_timeout");
    at += strspn(at, " ");
    if (*at++ != '=') {
        return 0;
    }
    at += strspn(at, " '");
    at += strspn(at, "0");
    return *at >= '1' && *at <= '9';
}

/* A database that takes connections and never answers must not keep httpd
 * from answering.  mod_dbd opens DBDMin connections when a process begins. */
static cors_source_wrong_t check_dbd(cors_source_t *source, apr_pool_t *p)
{
    const char *driver = find_word("DBDriver", p);
    const char *minimum = find_word("DBDMin", p);

    if (!APR_RETRIEVE_OPTIONAL_FN(ap_dbd_open)) {
        return cors_source_wrong(
            CORS_SOURCE_MISSING,
            "dbd: needs mod_dbd: write LoadModule dbd_module "
            "modules/mod_dbd.so");
    }
    if (!*driver) {
        return cors_source_wrong(
            CORS_SOURCE_MISSING,
            "dbd: needs a database: write DBDriver and DBDParams in "
            "the main server");
    }
    if (!*minimum || minimum[strspn(minimum, "0")]) {
        return cors_source_wrong(
            CORS_SOURCE_BLOCKS,
            "every process would connect to the database before it "
            "answers a request, and answer none while the database "
            "hangs: write DBDMin 0 in the main server");
    }
    if (strcasecmp(find_word("DBDPersist", p), "off") == 0) {
        return cors_source_wrong(
            CORS_SOURCE_BLOCKS,
            "DBDPersist Off takes a new connection for each reading: "
            "write DBDPersist On in the main server");
    }
    if (strcmp(driver, "pgsql") == 0
        && !has_connect_timeout(find_word("DBDParams", p))) {
        return cors_source_wrong(
            CORS_SOURCE_BLOCKS,
            "connecting to a host that is gone could take minutes: "
            "add connect_timeout=2 to DBDParams");
    }
    return cors_source_wrong(CORS_SOURCE_OK, NULL);
}

static int is_connected(const ap_dbd_t *dbd, apr_pool_t *p)
{
    return apr_dbd_check_conn(dbd->driver, p, dbd->handle) == APR_SUCCESS;
}

/* Tells the first line of what the database, or the driver for it, says. */
static void fail(cors_rows_t *rows, const ap_dbd_t *dbd, int error,
                 int was_connected, apr_pool_t *p)
{
    /* Connecting again makes another text. */
    const char *text = apr_pstrdup(
        p, apr_dbd_error(dbd->driver, dbd->handle, error));
    int len = text ? (int)strcspn(text, "\r\n") : 0;

    if (len) {
        cors_rows_fail(rows, "the database says '%.*s': %s",
                       len < ERROR_MAX ? len : ERROR_MAX, text,
                       was_connected && is_connected(dbd, p)
                           ? "mend the statement, or what it reads"
                           : "see that it runs, and that DBDParams names it");
    }
    else {
        cors_rows_fail(rows, "the database does not answer the statement: "
                             "look into its log");
    }
}

/* Has the whole result sent before the first row is taken (random = 1).  The
 * driver for PostgreSQL would otherwise report a connection that dies
 * meanwhile as the end of the rows: a list that is cut, or empty, and looks
 * right. */
static int select_all(const ap_dbd_t *dbd, const char *sql,
                      apr_dbd_results_t **result, apr_pool_t *p)
{
    *result = NULL;
    return apr_dbd_select(dbd->driver, p, dbd->handle, result, sql, 1);
}

/* The connection may have died since it was last used: mod_dbd learns that
 * only from a statement that fails, and connects again when it is asked to
 * look. */
static int run(cors_rows_t *rows, const ap_dbd_t *dbd, const char *sql,
               apr_dbd_results_t **result, apr_pool_t *p)
{
    int error = select_all(dbd, sql, result, p);
    int connected = !error || is_connected(dbd, p);

    if (error && connected) {
        error = select_all(dbd, sql, result, p);
    }
    if (error || !*result) {
        fail(rows, dbd, error, connected, p);
        return 0;
    }
    return 1;
}

/* Returns 1 with the first column of the next row, 0 behind the last row, or
 * -1 with an error. */
static int next_row(const ap_dbd_t *dbd, apr_dbd_results_t *result,
                    apr_dbd_row_t **row, const char **text, apr_pool_t *p)
{
    int status = apr_dbd_get_row(dbd->driver, p, result, row, -1);

    if (status) {
        return status == -1 ? 0 : -1;
    }
    *text = apr_dbd_get_entry(dbd->driver, *row, 0);
    return 1;
}

/* Asks what version= says.  Returns CORS_READ_NEW if the rows have to be
 * read. */
static cors_read_e read_version(cors_rows_t *rows, const ap_dbd_t *dbd,
                                const char *sql, apr_pool_t *p)
{
    apr_dbd_results_t *result;
    apr_dbd_row_t *row = NULL;
    const char *text = NULL;

    if (!run(rows, dbd, sql, &result, p)) {
        return CORS_READ_FAILED;
    }
    if (next_row(dbd, result, &row, &text, p) != 1 || !text || !*text) {
        cors_rows_fail(rows,
                       "version= gives no row, or nothing in it: write a "
                       "statement that always has a row");
        return CORS_READ_FAILED;
    }
    if (strlen(text) >= sizeof(rows->stamp)) {
        cors_rows_fail(rows,
                       "version= gives more than %d bytes: write a statement "
                       "that gives a number or a time",
                       (int)sizeof(rows->stamp) - 1);
        return CORS_READ_FAILED;
    }
    apr_cpystrn(rows->stamp, text, sizeof(rows->stamp));
    return cors_rows_are_same(rows) ? CORS_READ_SAME : CORS_READ_NEW;
}

static cors_read_e read_rows(cors_rows_t *rows, const ap_dbd_t *dbd,
                             const char *sql, apr_pool_t *p)
{
    apr_dbd_results_t *result;
    apr_dbd_row_t *row = NULL;
    apr_uint64_t number = 0;
    const char *text;
    int more;

    if (!run(rows, dbd, sql, &result, p)) {
        return CORS_READ_FAILED;
    }
    while ((more = next_row(dbd, result, &row, &text, p)) == 1) {
        number++;
        /* mod_dbd gives NULL as an empty text with some databases. */
        if (text && *text
            && !cors_rows_add(rows, text, strlen(text), number)) {
            return CORS_READ_FAILED;
        }
    }
    if (more < 0) {
        cors_rows_fail(rows,
                       "the database sends no row %" APR_UINT64_T_FMT
                       ": look into its log",
                       number + 1);
        return CORS_READ_FAILED;
    }
    return CORS_READ_NEW;
}

/* The version is asked first: what changes between the two statements is read
 * now, and once more the next time. */
static cors_read_e read_dbd(cors_source_t *source, cors_rows_t *rows,
                            apr_pool_t *p)
{
    APR_OPTIONAL_FN_TYPE(ap_dbd_open) *take = APR_RETRIEVE_OPTIONAL_FN(
        ap_dbd_open);
    APR_OPTIONAL_FN_TYPE(ap_dbd_close) *give_back = APR_RETRIEVE_OPTIONAL_FN(
        ap_dbd_close);
    ap_dbd_t *dbd = take ? take(p, ap_server_conf) : NULL;
    cors_read_e status = CORS_READ_NEW;

    if (!dbd) {
        cors_rows_fail(rows,
                       "mod_dbd can't connect to the database: see that it "
                       "runs and that DBDParams is right");
        return CORS_READ_FAILED;
    }
    if (source->version) {
        status = read_version(rows, dbd, source->version, p);
    }
    if (status == CORS_READ_NEW) {
        status = read_rows(rows, dbd, source->own, p);
    }
    give_back(ap_server_conf, dbd);
    return status;
}

const cors_source_kind_t cors_source_dbd = {
    .prefix = "dbd",
    .options = CORS_OPTION_REFRESH | CORS_OPTION_STALE | CORS_OPTION_SIZE
               | CORS_OPTION_VERSION,
    .refresh = 30 * APR_USEC_PER_SEC,
    .has_thread = 1,
    .doubts_empty = 1,
    .open = open_dbd,
    .check = check_dbd,
    .read = read_dbd,
};
