/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Lines that limit access: by address, which "*" undermines, and by
 * certificate, which no preflight has. */

#ifndef CORS_ACCESS_LINES_H
#define CORS_ACCESS_LINES_H

#include "config/walk.h"

/* Checks Require and Allow, whatever they are combined in. */
void cors_access_lines_check(cors_walk_t *walk, const ap_directive_t *node);

/* Checks SSLVerifyClient. */
void cors_access_lines_check_certificate(cors_walk_t *walk,
                                         const ap_directive_t *node);

#endif
