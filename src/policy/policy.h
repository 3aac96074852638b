/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What holds for one request, and how one section's part of it is laid over
 * another's.
 */

#ifndef CORS_POLICY_H
#define CORS_POLICY_H

#include <apr_pools.h>

#include "policy/list.h"

/* Whatever is not named is 0, and 0 is always the default. */
typedef enum {
    CORS_ENGINE_ON = 0,
    CORS_ENGINE_OFF,
    CORS_ENGINE_DETECTION_ONLY
} cors_engine_e;

typedef enum {
    CORS_PREFLIGHT_ANSWER = 0,
    CORS_PREFLIGHT_FORWARD
} cors_preflight_e;

typedef enum {
    CORS_STATUS_204 = 0,
    CORS_STATUS_200
} cors_status_e;

typedef enum {
    CORS_BACKEND_REPLACE = 0,
    CORS_BACKEND_KEEP
} cors_backend_e;

/* cors_policy_t.unsafe */
#define CORS_UNSAFE_INSECURE_ORIGINS 0x01
#define CORS_UNSAFE_PUBLIC_SUFFIXES  0x02
#define CORS_UNSAFE_NULL_ORIGIN      0x04
#define CORS_UNSAFE_COUNT            3

/* X(type, name, directive): the directives with one value.  max_age is the
 * header value, NULL for none. */
#define CORS_SCALARS(X)                                       \
    X(cors_engine_e, engine, "CorsEngine")                    \
    X(int, credentials, "CorsAllowCredentials")               \
    X(const char *, max_age, "CorsMaxAge")                    \
    X(cors_preflight_e, preflight, "CorsPreflight")           \
    X(cors_status_e, preflight_status, "CorsPreflightStatus") \
    X(cors_backend_e, backend_headers, "CorsBackendHeaders")  \
    X(int, private_network, "CorsAllowPrivateNetwork")        \
    X(int, timing_allow_origin, "CorsTimingAllowOrigin")

/* X(name, directive): the directives with a list, NULL where it is not named.
 */
#define CORS_LISTS(X)              \
    X(origins, "CorsAllowOrigin")  \
    X(methods, "CorsAllowMethods") \
    X(headers, "CorsAllowHeaders") \
    X(expose, "CorsExposeHeaders")

typedef struct cors_policy_t {
    unsigned int named;  /* whether this or an enclosing section has
                          * any directive at all */
    unsigned int unsafe; /* CORS_UNSAFE_ values granted */
    const void *unsafe_at[CORS_UNSAFE_COUNT]; /* the directives that grant
                                               * them, by the value's bit */
#define X(name, directive) const cors_list_t *name;
    CORS_LISTS(X)
#undef X
#define X(type, name, directive) type name;
    CORS_SCALARS(X)
#undef X
#define X(type, name, directive) unsigned int name##_set:1;
    CORS_SCALARS(X)
#undef X
    /* The directives that named the scalars, opaque here. */
#define X(type, name, directive) const void *name##_at;
    CORS_SCALARS(X)
#undef X
} cors_policy_t;

/* Lays add, the nearer section's part, over base.  Writes all of *merged,
 * which may be neither; links of lists are made in p.  Walks nothing: httpd
 * merges sections for every request.  Associative. */
void cors_policy_merge(apr_pool_t *p, const cors_policy_t *base,
                       const cors_policy_t *add, cors_policy_t *merged);

/* Whether there is a policy at all: allowed origins are named, even if none,
 * and the engine is not off. */
static inline int cors_policy_holds(const cors_policy_t *policy)
{
    return policy->origins && policy->engine != CORS_ENGINE_OFF;
}

#endif
