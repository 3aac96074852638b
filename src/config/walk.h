/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The walk through the configuration as it was written.  Every check of
 * another module's line asks the walk about that line's policy.
 */

#ifndef CORS_WALK_H
#define CORS_WALK_H

#include <util_cfgtree.h>

#include "config/finding.h"
#include "module/line.h"

/* Whether conditions hold for a request, as far as their text tells. */
typedef enum {
    CORS_HOLDS_NOT = 0,
    CORS_HOLDS_PERHAPS,
    CORS_HOLDS
} cors_holds_e;

/* The requests that the RewriteCond lines before the next RewriteRule let
 * through. */
typedef struct cors_conditions_t {
    int options_only;   /* nothing but OPTIONS */
    int preflights;     /* preflights, and not all other requests */
    int never;          /* no preflight */
    int is_or;          /* the last line is one side of an OR */
    cors_holds_e group; /* whether one of the lines of this OR holds for
                         * preflights */
} cors_conditions_t;

/* State of the walk through the configuration tree. */
typedef struct cors_walk_t {
    cors_check_t *check;
    const apr_array_header_t *servers; /* virtual hosts, by their lines */
    const server_rec *server;          /* the one that the lines belong to */
    int partly;   /* the policy that was returned last holds for a part of the
                   * container only */
    int rewrites; /* RewriteEngine is On in the main server */
    cors_conditions_t conditions;
    apr_hash_t *variables; /* what is known of each by its name; NULL: not
                            * looked at yet */
} cors_walk_t;

/* The policies that a line is compared with. */
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

/* What stands between words: blanks and quotes, and the bracket that ends a
 * section's line. */
#define CORS_WALK_BETWEEN " \t\"'>"

/* Whether the arguments begin with the word, in any case. */
int cors_walk_begins_with(const char *args, const char *word);

/* Returns what follows the first word. */
const char *cors_walk_skip_word(const char *args);

/* Whether the word is one of the arguments, in any case. */
int cors_walk_has_word(const char *args, const char *word);

/* Returns a policy that holds for all or for a part of what the container
 * covers, or NULL.  Sets walk->partly.  Lines of the main server count for
 * virtual hosts too. */
const cors_policy_t *cors_walk_policy(cors_walk_t *walk,
                                      const ap_directive_t *container,
                                      cors_policy_kind_e kind);

/* Like cors_walk_policy(), but for lines that no virtual host takes over. */
const cors_policy_t *cors_walk_own_policy(cors_walk_t *walk,
                                          const ap_directive_t *container,
                                          cors_policy_kind_e kind);

/* Whether preflights are answered there, and not forwarded. */
int cors_walk_has_answers(cors_walk_t *walk, const ap_directive_t *container);

/* Returns the section around the line, across <Limit>, <LimitExcept>,
 * <RequireAll> and <RequireAny>, or NULL for the main server. */
const ap_directive_t *cors_walk_section(const ap_directive_t *node);

/* Whether the line stands in a server or virtual host itself. */
int cors_walk_is_in_server(const ap_directive_t *node);

/* Returns "leave it out", with a condition where the policy that was returned
 * last holds for a part of the container only. */
const char *cors_walk_leave_out(const cors_walk_t *walk);

#endif
