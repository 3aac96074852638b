/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The parts of an enumeration of places.  For places.c, first.c and
 * visit.c alone. */

#ifndef CORS_PLACES_PARTS_H
#define CORS_PLACES_PARTS_H

#include <apr_hash.h>

#include "config/paths.h"
#include "config/places.h"

/* A virtual host with directives of its own: a part of the sections. */
typedef struct cors_host_t {
    const server_rec *server;
    int first;  /* index of its first section in the order read */
    int count;  /* httpd reads the sections of a host one after the other */
    int whole;  /* index of the section of the host as a whole, or -1 */
    int is_new; /* no earlier host is like it, as a whole */
} cors_host_t;

/* A section of the main server that core lays over every virtual host. */
typedef struct cors_common_t {
    const cors_section_t *section;
    const cors_policy_t *own; /* as it merges below the server */
    int order;                /* in the order read */
} cors_common_t;

struct cors_places_t {
    const server_rec *main_server;
    const apr_array_header_t *all; /* cors_section_t *, in the order read */
    int main_whole;             /* as cors_host_t.whole, of the main server */
    apr_array_header_t *common; /* cors_common_t */
    apr_array_header_t *kinds;  /* cors_common_t: the first of each kind, told
                                 * by traits */
    apr_array_header_t *hosts;  /* cors_host_t */
    apr_hash_t *by_server;      /* cors_host_t * by server_rec * */
    cors_paths_t *paths;        /* all sections */
    cors_paths_t *with_origins; /* those that name origins */
    apr_hash_t *whole_origins;  /* servers that name origins as a whole */
    apr_pool_t *scratch;        /* holds one merged policy at a time */
};

/* Whether the section is a server or virtual host as a whole. */
static inline int cors_section_is_whole(const cors_section_t *section)
{
    return !section->parent || cors_section_is_virtual_host(section->parent);
}

#endif
