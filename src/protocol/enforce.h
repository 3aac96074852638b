/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Enforcement: whether the server acts on a request at all.
 *
 * CORS keeps pages of other origins from reading responses.  Enforcement keeps
 * the server from acting on what such pages send: forged forms, WebSockets
 * opened in a user's name, and, under All, resources taken into foreign pages.
 * A browser says where a request comes from, in Sec-Fetch-Site (Fetch
 * metadata, https://w3c.github.io/webappsec-fetch-metadata/) and in Origin; a
 * program says nothing and passes.
 */

#ifndef CORS_ENFORCE_H
#define CORS_ENFORCE_H

#include "protocol/judge.h"

/* The facts that enforcement needs beside a request's origin: header values as
 * received, NULL where there is no such header. */
typedef struct cors_sender_t {
    const char *method; /* of the request itself */
    const char *site;   /* Sec-Fetch-Site */
    const char *mode;   /* Sec-Fetch-Mode */
    const char *dest;   /* Sec-Fetch-Dest */
    /* Read if there is an origin, and no Sec-Fetch-Site: */
    const char *host;    /* the host and port that the request is for, as
                          * received */
    const char *scheme;  /* "https" if the server believes to serve https,
                          * else "http" */
    int opens_websocket; /* cors_enforce_opens_websocket() */
} cors_sender_t;

/* Whether the request opens a WebSocket.  upgrade is the value of Upgrade,
 * which browsers let no script set, or NULL. */
int cors_enforce_opens_websocket(const char *method, const char *upgrade);

/* Whether enforcement looks at a request with this method and this value of
 * Upgrade, which may be NULL.  The policy must enforce
 * (cors_policy_enforces()).  Upgrade can only add a request to those that
 * enforcement looks at, and never takes one away. */
int cors_enforce_looks_at(const cors_policy_t *policy, const char *method,
                          const char *upgrade);

/* Whether a request without an origin, which enforcement looks at, passes.
 * Such a request keeps its decision. */
int cors_enforce_without_origin(const cors_policy_t *policy,
                                const cors_sender_t *sender);

/* Whether the request, which enforcement looks at, passes.  *decision is what
 * cors_judge() has made of the same facts; a refusal puts its reason and the
 * offending value there, and a request of the site's own page with an origin
 * the verdict CORS_SAME_ORIGIN.  The headers that the decision stands for stay
 * as they are.  Allocates nothing; takes time linear in the length of the
 * facts.
 *
 * "*" and null list nobody: the configuration refuses them beside
 * enforcement, and where they meet only for a request, they let nobody in. */
int cors_enforce(const cors_policy_t *policy, const cors_facts_t *facts,
                 const cors_sender_t *sender, cors_decision_t *decision);

#endif
