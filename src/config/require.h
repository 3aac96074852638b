/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Whom a single Require lets in, as far as its text tells. */

#ifndef CORS_REQUIRE_H
#define CORS_REQUIRE_H

#include "config/access.h"

/* Returns what the arguments of a Require come to. */
cors_access_e cors_require_access(const char *args);

/* Whether the expression of an <If> plainly holds for few requests: it is
 * nothing but -R 'range', or false. */
int cors_require_is_for_few(const char *expr);

/* Whether one of the methods stands for GET. */
int cors_require_has_get(const char *methods);

#endif
