/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A place is where a policy holds: a server, a virtual host or a section in
 * one.  Core lays the sections of the main server over every virtual host, so
 * there can be millions of places.  They are enumerated, and their policies
 * are merged one at a time: nothing is kept for a pair of host and section. */

#ifndef CORS_PLACES_H
#define CORS_PLACES_H

#include "module/module.h"
#include "policy/policy.h"

typedef struct cors_place_t {
    const server_rec *server;
    const ap_directive_t *section; /* <Location> and so on; NULL: the whole
                                    * server or virtual host */
} cors_place_t;

typedef struct cors_places_t cors_places_t;

/* Finds the servers and sections that have a directive of ours.  Made in p,
 * and as large as their number. */
cors_places_t *cors_places_find(const server_rec *main_server, apr_pool_t *p);

/* Whether there is any place. */
int cors_places_any(const cors_places_t *places);

/* Whether add, laid over base, is worth a visit.  The function may read only
 * the origins, as far as flags, "*" and "inherit" go, whether add has
 * ceilings, and unsafe, engine, credentials, private_network, enforce and
 * static_origin: it is asked once for all sections that are equal in these
 * (traits_t in places.c). */
typedef int cors_places_may_fn(const cors_policy_t *base,
                               const cors_policy_t *add);

/* A visitor gets a place and the policy as it merges there.  The policy is
 * gone after the call.  The visitor returns 0 to go on. */
typedef int cors_places_fn(void *data, const cors_place_t *place,
                           const cors_policy_t *policy);

/* Visits every place, in the order of the configuration, those of the main
 * server first.  The main server's sections come once more for each virtual
 * host that has directives of its own: if `may` is not NULL, only those that
 * it returns 1 for.  Stops when a call returns anything but 0, and returns the
 * result of the last call. */
int cors_places_each(const cors_places_t *places, cors_places_may_fn *may,
                     cors_places_fn *each, void *data);

/* Visits the places of one server.  A virtual host without directives has
 * those of the main server that reach it. */
int cors_places_each_of(const cors_places_t *places, const server_rec *server,
                        cors_places_fn *each, void *data);

/* Returns the policy of the first place that is wanted, among those of the
 * server that surely hold for some of the container's requests, or NULL.  For
 * the main server, the places of all virtual hosts count too unless `own` is
 * set.  wanted may read what a cors_places_may_fn may read.  The policy is
 * made in p. */
const cors_policy_t *cors_places_first(
    const cors_places_t *places, const server_rec *server,
    const ap_directive_t *container, int own,
    int (*wanted)(const void *data, const cors_policy_t *policy),
    const void *data, apr_pool_t *p);

/* Whether any section that may be merged with this one, a section of the
 * server, names origins. */
int cors_places_have_origins(const cors_places_t *places,
                             const server_rec *server,
                             const ap_directive_t *section);

/* Returns what merges for a line that stands in the section, or at the level
 * of the whole server if the section is NULL or <VirtualHost>.  Made in p. */
const cors_policy_t *cors_place_policy(const server_rec *server,
                                       const ap_directive_t *section,
                                       apr_pool_t *p);

/* Returns the server in words, made in p: "virtual host a.example (line 3 of
 * x.conf)". */
const char *cors_server_name(const server_rec *server, apr_pool_t *p);

/* Returns the place in words, with the lines that begin it, made in p:
 * "<Location /api> (line 3 of x.conf) in the main server". */
const char *cors_place_name(const cors_place_t *place, apr_pool_t *p);

#endif
