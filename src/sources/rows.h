/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The rows that a source reads: each is checked as an argument of
 * CorsAllowOrigin is, and added to the image that is being built.  A faulty
 * row is kept with its number and what is wrong with it; the other rows hold.
 */

#ifndef CORS_ROWS_H
#define CORS_ROWS_H

#include <apr_pools.h>
#include <apr_tables.h>

#include "policy/image_build.h"
#include "policy/suffix.h"

/* Faulty rows that are kept; further ones are only counted. */
#define CORS_ROWS_BAD_MAX 100

/* Bytes of a stamp, with its NUL. */
#define CORS_STAMP_MAX 256

/* The faults that keep a set from being used.  config/codes.c has the code of
 * each. */
typedef enum {
    CORS_SOURCE_OK = 0,
    CORS_SOURCE_MALFORMED,   /* what follows the prefix */
    CORS_SOURCE_MISSING,     /* a module or library is missing */
    CORS_SOURCE_NO_WATCHDOG, /* mod_watchdog is missing */
    CORS_SOURCE_BLOCKS,      /* dbd: requests would wait for a database */
    CORS_SOURCE_UNREADABLE,  /* there is nothing to read, or not for User */
    CORS_SOURCE_PERMISSIONS, /* others may write it */
    CORS_SOURCE_INCOMPLETE,  /* an empty file, or a line without an end */
    CORS_SOURCE_INVALID_ROW, /* a row that is no origin */
    CORS_SOURCE_TOO_LARGE    /* for size= */
} cors_source_fault_e;

typedef struct cors_bad_row_t {
    apr_uint64_t number;  /* 1 is the first row, or line */
    const char *text;     /* cut where it is long */
    const char *sentence; /* what is wrong, and what to write */
} cors_bad_row_t;

typedef struct cors_rows_t {
    cors_image_builder_t *builder;
    const cors_suffixes_t *suffixes;
    apr_array_header_t *bad;    /* cors_bad_row_t */
    apr_uint64_t skipped;       /* how many rows were faulty */
    const char *last_stamp;     /* of the list that is published, "": there is
                                 * none.  Whoever sets stamp can tell by it
                                 * whether anything has changed. */
    char stamp[CORS_STAMP_MAX]; /* kept with the list if it is published */
    int is_first;               /* another configuration has read the list
                                 * that is published: it may have had another
                                 * database, or other public suffixes */
    const char *cause;          /* by cors_rows_fail() */
    cors_source_fault_e fault;  /* for configtest: who calls cors_rows_fail()
                                 * may set it; CORS_SOURCE_UNREADABLE else */
    apr_uint64_t size;          /* bytes that the image may take */
    apr_pool_t *p;
} cors_rows_t;

/* Makes rows for an image of size bytes at most.  last_stamp lives as long as
 * the rows.  Made in p.  Returns NULL if the system has no memory. */
cors_rows_t *cors_rows_make(apr_uint64_t size, const cors_suffixes_t *suffixes,
                            const char *last_stamp, apr_pool_t *p);

/* Adds one row, the len bytes at text, which may be gone after the call.
 * number is what a message calls the row.  "*", null and @name are faulty
 * here.  Returns 1 to go on, or 0 where the image has no room for more: the
 * caller stops reading and returns CORS_READ_FAILED.  Says so itself by
 * cors_rows_fail(). */
int cors_rows_add(cors_rows_t *rows, const char *text, apr_size_t len,
                  apr_uint64_t number);

/* Whether rows->stamp is that of the list that is published, which needs not
 * be read again then. */
int cors_rows_are_same(const cors_rows_t *rows);

/* Keeps why the source can't be read: a clause such as "it is 0 bytes long",
 * which goes to the log behind the name of the set.  The first cause stays.
 * No password must stand in it. */
void cors_rows_fail(cors_rows_t *rows, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says that the list has more than the image has room for. */
void cors_rows_fail_size(cors_rows_t *rows);

#endif
