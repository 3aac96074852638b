/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The numbers at one moment, from which every report of them is made. */

#ifndef CORS_OBSERVE_SNAPSHOT_H
#define CORS_OBSERVE_SNAPSHOT_H

#include "observe/top.h"

typedef struct cors_host_numbers_t {
    const char *name; /* cors_store_name(), as UTF-8 */
    cors_counts_t counts;
} cors_host_numbers_t;

typedef struct cors_snapshot_t {
    apr_time_t since;                  /* when counting began */
    cors_counts_t whole;               /* of hosts that are gone, too */
    const apr_array_header_t *hosts;   /* cors_host_numbers_t: those that have
                                        * counted something */
    const apr_array_header_t *refused; /* cors_refused_t: the most refused
                                        * origins of all hosts */
} cors_snapshot_t;

#endif
