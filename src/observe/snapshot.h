/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The numbers at one moment, from which every report of them is made. */

#ifndef CORS_OBSERVE_SNAPSHOT_H
#define CORS_OBSERVE_SNAPSHOT_H

#include <limits.h>

#include "observe/top.h"

typedef struct cors_host_numbers_t {
    const char *name; /* cors_store_name(), as UTF-8 */
    cors_counts_t counts;
} cors_host_numbers_t;

/* The numbers of a set.  Times are seconds since 1970. */
typedef struct cors_set_numbers_t {
    const char *name;
    int is_lookup; /* its source is asked for single origins: there is no
                    * list */
    unsigned long refreshes, failures;
    unsigned long kept, asked, refused; /* of a look-up */
    unsigned long failing;              /* the last one failed: 1 or 0 */
    /* Of a list: */
    unsigned long origins, skipped;
    unsigned long refresh;    /* seconds between two readings */
    unsigned long read_at;    /* when it was last found current, 0: never */
    unsigned long good_until; /* CORS_SET_FOREVER: it has no end */
} cors_set_numbers_t;

#define CORS_SET_FOREVER ULONG_MAX

typedef struct cors_snapshot_t {
    apr_time_t since;                  /* when counting began */
    cors_counts_t whole;               /* of hosts that are gone, too */
    const apr_array_header_t *hosts;   /* cors_host_numbers_t: those that have
                                        * counted something */
    const apr_array_header_t *refused; /* cors_refused_t: the most refused
                                        * origins of all hosts */
    const apr_array_header_t *sets;    /* cors_set_numbers_t */
} cors_snapshot_t;

#endif
