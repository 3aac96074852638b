/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What can be said of a configuration once all of it is read. */

#ifndef CORS_CHECK_H
#define CORS_CHECK_H

#include "cors_place.h"

typedef struct cors_finding_t {
    int refused;              /* the server must not start, else a warning */
    const ap_directive_t *at; /* the line that it is about */
    const char *text;         /* which lines, what is wrong, what to write */
} cors_finding_t;

/* What is being looked at, and what has been found. */
typedef struct cors_check_t {
    const server_rec *main_server;
    const apr_array_header_t *places; /* cors_place_t */
    apr_array_header_t *findings;     /* cors_finding_t */
    apr_pool_t *p;
} cors_check_t;

/* Looks through the configuration.  Made in p. */
cors_check_t *cors_check_all(const server_rec *main_server, apr_pool_t *p);

/* Adds a warning about the line at. */
void cors_check_warn(cors_check_t *check, const ap_directive_t *at,
                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds warnings about other modules' directives that a policy makes useless
 * or dangerous (cors_tree.c). */
void cors_tree_check(cors_check_t *check);

#endif
