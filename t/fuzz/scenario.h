/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* An input that is a policy in several sections and a request:
 *
 *     CorsAllowOrigin https://a.example http://localhost:*
 *     CorsAllowCredentials On
 *     --                                   a section inside it
 *     CorsAllowOrigin inherit https://b.example
 *     Origin: https://b.example
 *     Access-Control-Request-Method: PUT
 *     Access-Control-Request-Headers: x-a, x-b
 *     > X-Own: 1                           what a back end has answered
 *
 * Lines that mean nothing, and words that a list refuses, are left out.  Each
 * section is there as the code under test has it, and as it was written.
 */

#ifndef SCENARIO_H
#define SCENARIO_H

#include <apr_tables.h>

#include "policy/suffix.h"
#include "protocol/judge.h"

/* In the order of CORS_LISTS. */
typedef enum {
    LIST_ORIGINS,
    LIST_METHODS,
    LIST_HEADERS,
    LIST_EXPOSE,
    LISTS
} list_e;

typedef struct section_t {
    cors_policy_t policy;
    cors_list_t *lists[LISTS];        /* where policy points to */
    apr_array_header_t *words[LISTS]; /* const char *: what each has taken;
                                       * NULL where it is not named */
} section_t;

typedef struct scenario_t {
    apr_array_header_t *sections; /* section_t, the outermost first */
    cors_facts_t facts;
    apr_table_t *answer;
} scenario_t;

/* Reads suffixes.txt, once. */
const cors_suffixes_t *scenario_suffixes(void);

/* Reads the input; it keeps what cors_facts_t says. */
scenario_t *scenario_read(const char *bytes, size_t len, apr_pool_t *p);

/* All sections merged, from the outermost on, by the code under test. */
const cors_policy_t *scenario_policy(const scenario_t *scenario,
                                     apr_pool_t *p);

/* What the sections say together of one list, as written, keywords too:
 * const char *.  NULL if no section names it. */
const apr_array_header_t *scenario_words(const scenario_t *scenario,
                                         list_e list, apr_pool_t *p);

#endif
