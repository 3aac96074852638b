/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Two responses to one request, as a browser sees them: the one that is sent
 * today, and the one that a policy would make of it.
 */

#ifndef CORS_COMPARE_H
#define CORS_COMPARE_H

#include <apr_tables.h>

#include "protocol/judge.h"

/* X(value, name): what can differ.  All but the status are headers. */
#define CORS_DIFFERENCES(X)                                         \
    X(CORS_DIFFERS_ORIGIN, "Access-Control-Allow-Origin")           \
    X(CORS_DIFFERS_CREDENTIALS, "Access-Control-Allow-Credentials") \
    X(CORS_DIFFERS_STATUS, "status")                                \
    X(CORS_DIFFERS_METHODS, "Access-Control-Allow-Methods")         \
    X(CORS_DIFFERS_HEADERS, "Access-Control-Allow-Headers")         \
    X(CORS_DIFFERS_EXPOSE, "Access-Control-Expose-Headers")         \
    X(CORS_DIFFERS_VARY, "Vary")

#define CORS_DIFFERENCE_NUMBER(value, name) value##_NUMBER,
#define CORS_DIFFERENCE_BIT(value, name)    value = 1 << value##_NUMBER,
enum {
    CORS_DIFFERENCES(CORS_DIFFERENCE_NUMBER) CORS_DIFFERENCE_COUNT
};
typedef enum {
    CORS_DIFFERENCES(CORS_DIFFERENCE_BIT)
} cors_difference_e;
#undef CORS_DIFFERENCE_NUMBER
#undef CORS_DIFFERENCE_BIT

/* Indexed by number. */
extern const char *const cors_difference_names[CORS_DIFFERENCE_COUNT];

typedef struct cors_response_t {
    int status;
    const apr_table_t *headers; /* all of them */
    const char *origin;         /* Access-Control-Allow-Origin, lines of one
                                 * name joined by ", "; NULL: none */
    const char *credentials;    /* and so on */
    const char *methods;
    const char *names; /* Access-Control-Allow-Headers */
    const char *expose;
    const char *vary;
} cors_response_t;

/* Fills in the values from response->headers.  Made in p. */
void cors_response_read(cors_response_t *response, apr_pool_t *p);

/* Returns the bits of what differs for a browser that has sent the request
 * with these facts, with credentials or without: whether it lets the page read
 * the response, or go on after a preflight, and the headers that the page can
 * read.  The facts must have an origin.  Vary differs if a cache would be told
 * less today.  What no browser notices is no difference, such as other names
 * in a list that was not asked for them. */
unsigned int cors_compare(const cors_facts_t *facts,
                          const cors_response_t *today,
                          const cors_response_t *then);

/* Returns the value of the header with this number, NULL if there is none. */
const char *cors_response_value(const cors_response_t *response, int number);

#endif
