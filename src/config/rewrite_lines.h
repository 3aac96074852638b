/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Lines of mod_rewrite that a policy makes useless, or that end preflights
 * before mod_cors sees them.
 */

#ifndef CORS_REWRITE_LINES_H
#define CORS_REWRITE_LINES_H

#include "config/walk.h"

/* Looks for what virtual hosts take over from the main server. */
void cors_rewrite_lines_prepare(cors_walk_t *walk);

/* Notes what a RewriteCond says of the next RewriteRule. */
void cors_rewrite_lines_note(cors_walk_t *walk, const ap_directive_t *node);

/* Checks one RewriteRule. */
void cors_rewrite_lines_check(cors_walk_t *walk, const ap_directive_t *node);

/* Forgets what RewriteCond lines say: a section begins or ends. */
void cors_rewrite_lines_begin(cors_walk_t *walk);

#endif
