/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Regular expressions for origins, as recipes for other software have them. */

#ifndef CORS_REGEX_H
#define CORS_REGEX_H

#include <apr_pools.h>

/* Returns the patterns, one or two with a space between them, that a simple
 * regular expression was written for, or NULL if they can't be told.  The
 * patterns never allow more than the expression matches.  Made in p. */
const char *cors_regex_mend(const char *text, apr_pool_t *p);

#endif
