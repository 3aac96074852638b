/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A policy: the values that hold for one request, and how merging lays the
 * values of one section over those of another.
 *
 * Each set of words, each directive with one value and each directive with a
 * list is a table of one row each.  Enums, fields, setters, merge and reports
 * expand these tables, so that a new directive is one new row.
 */

#ifndef CORS_POLICY_H
#define CORS_POLICY_H

#include <apr_pools.h>

#include "policy/limit.h"

/* X(value, word): the words of one directive, in the order of their values.
 * The first is the default, because an unset field is 0. */
#define CORS_ENGINES(X)       \
    X(CORS_ENGINE_ON, "On")   \
    X(CORS_ENGINE_OFF, "Off") \
    X(CORS_ENGINE_DETECTION_ONLY, "DetectionOnly")

#define CORS_SWITCHES(X)      \
    X(CORS_SWITCH_OFF, "Off") \
    X(CORS_SWITCH_ON, "On")

#define CORS_PREFLIGHTS(X)             \
    X(CORS_PREFLIGHT_ANSWER, "answer") \
    X(CORS_PREFLIGHT_FORWARD, "forward")

#define CORS_STATUSES(X)      \
    X(CORS_STATUS_204, "204") \
    X(CORS_STATUS_200, "200")

#define CORS_BACKENDS(X)               \
    X(CORS_BACKEND_REPLACE, "replace") \
    X(CORS_BACKEND_KEEP, "keep")

/* A value of two words is written as two arguments. */
#define CORS_ENFORCES(X)                               \
    X(CORS_ENFORCE_OFF, "Off")                         \
    X(CORS_ENFORCE_UNSAFE, "Unsafe")                   \
    X(CORS_ENFORCE_ALL, "All")                         \
    X(CORS_ENFORCE_TRY_UNSAFE, "Unsafe DetectionOnly") \
    X(CORS_ENFORCE_TRY_ALL, "All DetectionOnly")

/* The words of CorsAllowUnsafe, each a bit. */
#define CORS_UNSAFES(X)                                 \
    X(CORS_UNSAFE_INSECURE_ORIGINS, "insecure-origins") \
    X(CORS_UNSAFE_PUBLIC_SUFFIXES, "public-suffixes")   \
    X(CORS_UNSAFE_NULL_ORIGIN, "null-origin")

#define CORS_WORD_VALUE(value, word) value,
typedef enum {
    CORS_ENGINES(CORS_WORD_VALUE)
} cors_engine_e;
typedef enum {
    CORS_SWITCHES(CORS_WORD_VALUE)
} cors_switch_e;
typedef enum {
    CORS_PREFLIGHTS(CORS_WORD_VALUE)
} cors_preflight_e;
typedef enum {
    CORS_STATUSES(CORS_WORD_VALUE)
} cors_status_e;
typedef enum {
    CORS_BACKENDS(CORS_WORD_VALUE)
} cors_backend_e;
typedef enum {
    CORS_ENFORCES(CORS_WORD_VALUE)
} cors_enforce_e;
#undef CORS_WORD_VALUE

/* The bits, and their numbers, which index arrays. */
#define CORS_WORD_NUMBER(value, word) value##_NUMBER,
#define CORS_WORD_BIT(value, word)    value = 1 << value##_NUMBER,
enum {
    CORS_UNSAFES(CORS_WORD_NUMBER) CORS_UNSAFE_COUNT
};
typedef enum {
    CORS_UNSAFES(CORS_WORD_BIT)
} cors_unsafe_e;
#undef CORS_WORD_NUMBER
#undef CORS_WORD_BIT

/* The words of CorsAllowUnsafe, indexed by number, up to NULL. */
extern const char *const cors_unsafe_words[];

/* X(kind, type, name, directive, words, help): the directives with one value.
 * kind says how the value is read: WORDS is one of the words; PHRASE is one of
 * the words too, but a value may have two; AGE is a number of seconds, kept as
 * the value of the header, NULL for none; PAGE is one of the words, and no
 * .htaccess file may have the directive. */
#define CORS_SCALARS(X)                                                       \
    X(WORDS, cors_engine_e, engine, "CorsEngine", CORS_ENGINES,               \
      "On, Off, or DetectionOnly to judge and log alone")                     \
    X(WORDS, int, credentials, "CorsAllowCredentials", CORS_SWITCHES,         \
      "On to let pages read responses to requests with cookies, or Off")      \
    X(AGE, const char *, max_age, "CorsMaxAge", ,                             \
      "how long browsers may keep a preflight's answer: up to 86400 "         \
      "seconds, or none")                                                     \
    X(WORDS, cors_preflight_e, preflight, "CorsPreflight", CORS_PREFLIGHTS,   \
      "answer preflights here, or forward them")                              \
    X(WORDS, cors_status_e, preflight_status, "CorsPreflightStatus",          \
      CORS_STATUSES, "status of a preflight answer: 204 or 200")              \
    X(WORDS, cors_backend_e, backend_headers, "CorsBackendHeaders",           \
      CORS_BACKENDS, "replace the CORS headers of a back end, or keep them")  \
    X(PHRASE, cors_enforce_e, enforce, "CorsEnforce", CORS_ENFORCES,          \
      "whether requests that no allowed page sent are refused: Off, Unsafe "  \
      "or All, with DetectionOnly to judge and log alone")                    \
    X(WORDS, int, private_network, "CorsAllowPrivateNetwork", CORS_SWITCHES,  \
      "On to grant private-network preflights, or Off")                       \
    X(WORDS, int, static_origin, "CorsStaticOrigin", CORS_SWITCHES,           \
      "On to send the one allowed origin to everybody, or Off")               \
    X(WORDS, int, timing_allow_origin, "CorsTimingAllowOrigin",               \
      CORS_SWITCHES, "On to let scripts see the timing of responses, or Off") \
    X(PAGE, int, info, "CorsInfo", CORS_SWITCHES,                             \
      "On to show policies and to explain requests here, or Off")

/* X(name, directive, help): the directives with a list.  The field of a
 * directive that is not set is NULL. */
#define CORS_LISTS(X)                                                     \
    X(origins, "CorsAllowOrigin",                                         \
      "the origins that may read responses: *, none, or origins such as " \
      "https://app.example.com")                                          \
    X(methods, "CorsAllowMethods",                                        \
      "the methods that scripts may use: *, or names")                    \
    X(headers, "CorsAllowHeaders",                                        \
      "the request headers that scripts may set: *, none, or names")      \
    X(expose, "CorsExposeHeaders",                                        \
      "the response headers that scripts may read: *, none, or names")

typedef struct cors_policy_t {
    unsigned int named;  /* whether this or an enclosing section has
                          * any directive at all */
    unsigned int unsafe; /* what CorsAllowUnsafe grants */
    const cors_line_t *unsafe_at[CORS_UNSAFE_COUNT]; /* and where */
#define X(name, directive, help) const cors_list_t *name;
    CORS_LISTS(X)
#undef X
    const cors_limit_t *limits; /* the ceilings, NULL: there is none */
#define X(kind, type, name, directive, words, help) type name;
    CORS_SCALARS(X)
#undef X
    /* Whether the directive was written, here or in an enclosing section. */
#define X(kind, type, name, directive, words, help) unsigned int name##_set:1;
    CORS_SCALARS(X)
#undef X
    /* Where it was written. */
#define X(kind, type, name, directive, words, help) \
    const cors_line_t *name##_at;
    CORS_SCALARS(X)
#undef X
} cors_policy_t;

/* Lays add, the values of the nearer section, over base.  Writes all of
 * *merged, which must be neither base nor add.  Makes the chains of lists in
 * p.  Walks no list, because httpd merges sections for every request.
 * Associative. */
void cors_policy_merge(apr_pool_t *p, const cors_policy_t *base,
                       const cors_policy_t *add, cors_policy_t *merged);

/* Returns the origin that every response but a preflight's carries, whatever
 * the request (Fetch, "CORS protocol and HTTP caches",
 * https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches), or NULL where
 * the response depends on the request.  The policy must hold. */
static inline const cors_word_t *cors_policy_static_origin(
    const cors_policy_t *policy)
{
    return policy->static_origin && !policy->origins->any
               ? policy->origins->only
               : NULL;
}

/* Whether the policy enforces, or tries to, and if so for all methods. */
static inline int cors_policy_enforces(const cors_policy_t *policy)
{
    return policy->enforce != CORS_ENFORCE_OFF;
}

static inline int cors_policy_enforces_all(const cors_policy_t *policy)
{
    return policy->enforce == CORS_ENFORCE_ALL
           || policy->enforce == CORS_ENFORCE_TRY_ALL;
}

/* Whether enforcement refuses nothing. */
static inline int cors_policy_only_tries(const cors_policy_t *policy)
{
    return policy->engine == CORS_ENGINE_DETECTION_ONLY
           || policy->enforce == CORS_ENFORCE_TRY_UNSAFE
           || policy->enforce == CORS_ENFORCE_TRY_ALL;
}

/* Whether there is a policy at all: allowed origins are named, even if none,
 * and the engine is not off. */
static inline int cors_policy_holds(const cors_policy_t *policy)
{
    return policy->origins && policy->engine != CORS_ENGINE_OFF;
}

#endif
