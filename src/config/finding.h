/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What the checks of a configuration have found.
 */

#ifndef CORS_FINDING_H
#define CORS_FINDING_H

#include <apr_hash.h>

#include "config/codes.h"
#include "config/places.h"

typedef struct cors_finding_t {
    cors_code_e code;
    int refused;               /* the server must not start, else a warning */
    int logged;                /* when it was found: no need to log it again */
    const cors_place_t *place; /* where it comes up, NULL: wherever the line
                                * holds */
    const cors_line_t *at;     /* the line that it is about */
    const char *text;          /* which lines, what is wrong, what to write */
} cors_finding_t;

/* What is being looked at, and what has been found. */
typedef struct cors_check_t {
    const server_rec *main_server;
    const cors_places_t *places;
    apr_array_header_t *findings; /* cors_finding_t */
    apr_hash_t *known;            /* the lines of refusals, as text */
    apr_pool_t *p;
} cors_check_t;

/* Adds what has been found; its text must live as long as check->p. */
void cors_finding_add(cors_check_t *check, const cors_finding_t *finding);

/* Adds a warning about the line at. */
void cors_finding_warn(cors_check_t *check, cors_code_e code,
                       const cors_line_t *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Returns the finding as people read it, made in p: its text, then the code
 * in brackets. */
const char *cors_finding_message(const cors_finding_t *finding, apr_pool_t *p);

#endif
