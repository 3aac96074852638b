/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Sources: where the origins of a set come from.  Each kind of source is one
 * file and one row of the table in sources.c.
 *
 * A kind either has read(): its whole list is read every `refresh`, by one
 * process of the server, and kept as a snapshot that all processes look up.
 * Or it has find(): it is asked about one origin while a request waits.
 *
 * What calls a kind, and when:
 *
 *     open()         the directive is read; as root, in the parent
 *     check()        check_config: the whole configuration is read; as root
 *     start_child()  child_init; as the server's User
 *     read()         every refresh, in a thread of mod_watchdog, by one
 *                    process at a time; is_local kinds also in check_config
 *                    and at start, in the parent, as root
 *     find()         a request waits, in any thread
 */

#ifndef CORS_SOURCE_H
#define CORS_SOURCE_H

#include <apr_time.h>

#include "module/module.h"
#include "policy/set.h"
#include "sources/memory.h"
#include "sources/rows.h"
#include "sources/shared.h"

/* A fault, with a sentence that says what is wrong and what to write. */
typedef struct cors_source_wrong_t {
    cors_source_fault_e fault;
    const char *sentence; /* NULL: nothing is wrong */
} cors_source_wrong_t;

static inline cors_source_wrong_t cors_source_wrong(cors_source_fault_e fault,
                                                    const char *sentence)
{
    cors_source_wrong_t wrong = { fault, sentence };

    return wrong;
}

/* The options of CorsOriginSet, each a bit. */
#define CORS_OPTION_REFRESH  0x01
#define CORS_OPTION_STALE    0x02
#define CORS_OPTION_SIZE     0x04
#define CORS_OPTION_TIMEOUT  0x08
#define CORS_OPTION_VERSION  0x10
#define CORS_OPTION_PASSWORD 0x20
#define CORS_OPTION_CA       0x40

/* The result of read(). */
typedef enum {
    CORS_READ_NEW,   /* the rows added are the whole list */
    CORS_READ_SAME,  /* nothing has changed: the list goes on, as fresh as if
                      * it had been read again */
    CORS_READ_LATER, /* it is being changed: the list goes on, and gets no
                      * fresher; not a failure */
    CORS_READ_FAILED /* cors_rows_fail() has said why; the list goes on until
                      * `stale` is over */
} cors_read_e;

typedef struct cors_source_kind_t {
    const char *prefix;          /* "file", "dbd", "redis" */
    unsigned int options;        /* CORS_OPTION_ bits that it takes */
    apr_interval_time_t refresh; /* the default of refresh= */
    unsigned int is_local:1;     /* read by configtest, and at start */
    unsigned int has_thread:1;   /* a thread of mod_watchdog for each set,
                                  * because read() may take long */
    unsigned int doubts_empty:1; /* a list without rows, where the last had
                                  * some, is believed the second time in a
                                  * row only */
    /* Reads what follows the prefix and the colon; may set source->own, made
     * in cmd->pool, and must open nothing: httpd reads the configuration
     * twice, and configtest goes no further.  source->from is what messages
     * show: open() takes a password out of it.  The options are read before
     * the call. */
    cors_source_wrong_t (*open)(cors_source_t *source, const char *rest,
                                cmd_parms *cmd);
    /* NULL, or looks at the rest of the configuration (ap_conftree, the
     * modules that are loaded).  p lives as long as the check. */
    cors_source_wrong_t (*check)(cors_source_t *source, apr_pool_t *p);
    /* NULL, or makes what a process needs, such as mutexes and tables, and
     * keeps it in source->child.  Opens no connection: that could hang. */
    apr_status_t (*start_child)(cors_source_t *source, apr_pool_t *pchild);
    /* NULL, or reads the list: cors_rows_add() for each row.  p is destroyed
     * after the call, and with it what read() has opened.  May take long, but
     * not for ever.  May be called by another process the next time: what has
     * to be known then is rows->stamp. */
    cors_read_e (*read)(cors_source_t *source, cors_rows_t *rows,
                        apr_pool_t *p);
    /* NULL, or says whether the origin is listed.  It is well-formed, not
     * null, of at most CORS_ORIGIN_MAX bytes.  May wait for `timeout` at most.
     * Thread-safe.  Counts by cors_shared_count(), and says what fails by
     * cors_told_failure(), from any process. */
    cors_found_e (*find)(cors_source_t *source, const char *origin,
                         apr_size_t len);
} cors_source_kind_t;

/* The kinds, up to NULL. */
extern const cors_source_kind_t *const cors_source_kinds[];

/* One CorsOriginSet.  Lives in pconf; nobody writes to it once requests come,
 * but for child, by start_child(). */
struct cors_source_t {
    const cors_source_kind_t *kind;
    cors_set_t *set;             /* which has its name and its line */
    const server_rec *server;    /* the main server */
    apr_interval_time_t refresh; /* between two readings; of find(): how long
                                  * an answer is kept */
    apr_interval_time_t stale;   /* how long the last list or answer holds
                                  * while the source fails; CORS_STALE_FOREVER
                                  * for ever */
    apr_interval_time_t timeout; /* of find() */
    apr_size_t size;             /* bytes of a snapshot at most */
    const char *version;         /* version=, NULL: not given */
    const char *password;        /* password=, a file; NULL: not given */
    const char *ca;              /* ca=, a file; NULL: not given */
    void *own;                   /* of the kind, by open() */
    void *child;                 /* of the kind, by start_child() */
    apr_uint32_t config;         /* the number of the configuration that this
                                  * belongs to, which grows */
    cors_shared_t *shared;       /* what all processes know of the set */
    cors_memory_t *memory;       /* which has it, and the snapshot */
};

#define CORS_STALE_FOREVER ((apr_interval_time_t)-1)

/* The kinds' files, each a row of cors_source_kinds. */
extern const cors_source_kind_t cors_source_file;
extern const cors_source_kind_t cors_source_dbd;
extern const cors_source_kind_t cors_source_redis;
extern const cors_source_kind_t cors_source_rediss;

#endif
