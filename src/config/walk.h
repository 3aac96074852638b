/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The walk through the configuration as it was written, and what every check
 * of another module's line asks of it.
 */

#ifndef CORS_WALK_H
#define CORS_WALK_H

#include <util_cfgtree.h>

#include "config/finding.h"
#include "module/line.h"

/* State of the walk through the configuration tree. */
typedef struct cors_walk_t {
    cors_check_t *check;
    const apr_array_header_t *servers; /* virtual hosts, by their lines */
    const server_rec *server;          /* the one that the lines belong to */
    int options_only; /* RewriteCond lines before the next RewriteRule
                       * let nothing but OPTIONS through */
    int either;       /* the last of them is one side of an OR */
} cors_walk_t;

/* Which policies a line is to be held against. */
typedef enum {
    CORS_POLICY_ALL,
    CORS_POLICY_ANY_ORIGIN,
    CORS_POLICY_LIST
} cors_policy_kind_e;

/* Returns "line 3 of x.conf" for the directive. */
const char *cors_walk_line(const cors_walk_t *walk, const ap_directive_t *at);

/* Takes the next word off *args.  Returns "" if there is none. */
char *cors_walk_next_word(const cors_walk_t *walk, const char **args);

/* Whether the directive has this name, in any case. */
int cors_walk_is_named(const ap_directive_t *node, const char *name);

/* Returns a policy that holds for all or for a part of what the container
 * covers, or NULL. */
const cors_policy_t *cors_walk_policy(const cors_walk_t *walk,
                                      const ap_directive_t *container,
                                      cors_policy_kind_e kind);

/* Whether preflights are answered there, and not forwarded. */
int cors_walk_has_answers(const cors_walk_t *walk,
                          const ap_directive_t *container);

#endif
