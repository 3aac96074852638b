/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Warnings of the module's own lines: useless words, and values that are
 * surely not meant. */

#ifndef CORS_OWN_LINES_H
#define CORS_OWN_LINES_H

#include "config/finding.h"

/* Checks each section by itself, and as it merges onto its server. */
void cors_own_lines_check(cors_check_t *check);

#endif
