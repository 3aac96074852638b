/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Lines that open access for OPTIONS, or limit it for all but OPTIONS:
 * mod_cors answers preflights before httpd looks at access.
 */

#ifndef CORS_OPTIONS_LINES_H
#define CORS_OPTIONS_LINES_H

#include "config/walk.h"

/* Whether a regular expression, or a text behind "=", matches OPTIONS and
 * nothing else. */
int cors_options_is_pattern(const char *pattern);

/* Checks <Limit> and <LimitExcept>. */
void cors_options_lines_check_limit(cors_walk_t *walk,
                                    const ap_directive_t *node);

/* Checks Require, Allow and Satisfy, whatever they are combined in. */
void cors_options_lines_check(cors_walk_t *walk, const ap_directive_t *node);

#endif
