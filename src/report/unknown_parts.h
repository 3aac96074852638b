/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Parts that the files of report/unknown.h share. */

#ifndef CORS_UNKNOWN_PARTS_H
#define CORS_UNKNOWN_PARTS_H

#include "module/module.h"

/* State of one search. */
typedef struct cors_unknown_walk_t {
    const request_rec *r;
    const apr_table_t *headers; /* that the page's script sets */
    int is_preflight;
    const char *path;   /* that the client asks for */
    const char *scheme; /* that httpd believes to serve */
    apr_pool_t *p;
} cors_unknown_walk_t;

/* Returns what the text, an expression or the arguments of a rewriting line,
 * depends on and is not known, or NULL.  is_expression: functions are
 * called. */
const char *cors_unknown_in(const cors_unknown_walk_t *walk, const char *text,
                            int is_expression);

/* Returns a sentence about the line. */
const char *cors_unknown_sentence(const cors_unknown_walk_t *walk,
                                  const ap_directive_t *at, const char *what);

/* Returns the first line of the server's own. */
const ap_directive_t *cors_unknown_lines(const server_rec *server);

/* Returns a sentence about the rewriting rules of the server, or NULL. */
const char *cors_unknown_rewriting(const cors_unknown_walk_t *unknown);

/* Returns the first of these rules that may end the request with the status,
 * or NULL. */
const ap_directive_t *cors_unknown_rewriting_end(
    const cors_unknown_walk_t *unknown, int status);

#endif
