/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* CorsOriginSet, and @name in lists of origins. */

#ifndef CORS_SETS_H
#define CORS_SETS_H

#include "config/argument.h"
#include "config/finding.h"
#include "policy/list.h"

/* The setter of CorsOriginSet. */
const char *cors_cmd_origin_set(cmd_parms *cmd, void *dconf, int argc,
                                char *const argv[]);

/* Adds "@name" to the list of a CorsAllowOrigin or CorsLimitOrigin.  An
 * .htaccess file can name only sets that the server's configuration has. */
cors_wrong_t cors_sets_add(cmd_parms *cmd, cors_list_t *list, const char *arg);

/* Checks all sets: each is defined, used, and can be read. */
void cors_sets_check(cors_check_t *check);

#endif
