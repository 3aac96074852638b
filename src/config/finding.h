/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Findings: errors and warnings of the checks.
 */

#ifndef CORS_FINDING_H
#define CORS_FINDING_H

#include <apr_hash.h>

#include "config/codes.h"
#include "config/places.h"

typedef struct cors_finding_t {
    cors_code_e code;
    int refused;               /* an error: httpd must not start; else a
                                * warning */
    int logged;                /* already, when httpd read the line */
    const cors_place_t *place; /* where it comes up; NULL: wherever the line
                                * holds */
    const cors_line_t *at;     /* the line concerned */
    const char *text;          /* the lines, what is wrong, what to write */
} cors_finding_t;

/* One check of the configuration, and its findings. */
typedef struct cors_check_t {
    const server_rec *main_server;
    const cors_places_t *places;
    apr_array_header_t *findings; /* cors_finding_t */
    apr_hash_t *known;            /* what is reported once, as text */
    apr_hash_t *limited;          /* lists that were held against ceilings */
    apr_pool_t *p;
} cors_check_t;

/* Adds a copy of the finding, whose text must live as long as check->p. */
void cors_finding_add(cors_check_t *check, const cors_finding_t *finding);

/* Whether the text was asked about before: 1 from the second time on. */
int cors_finding_is_known(cors_check_t *check, const char *text);

/* Adds a warning about the line at. */
void cors_finding_warn(cors_check_t *check, cors_code_e code,
                       const cors_line_t *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Returns the text with the code in brackets, made in p. */
const char *cors_finding_message(const cors_finding_t *finding, apr_pool_t *p);

#endif
