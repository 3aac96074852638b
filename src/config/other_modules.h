/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Warnings of other modules' lines beside a policy. */

#ifndef CORS_OTHER_MODULES_H
#define CORS_OTHER_MODULES_H

#include "config/finding.h"

/* Walks through the configuration as it was written, line by line, and adds
 * warnings about directives of other modules that a policy makes useless or
 * dangerous. */
void cors_other_modules_check(cors_check_t *check);

#endif
