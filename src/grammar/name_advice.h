/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What to write instead of a name that a policy refuses. */

#ifndef CORS_NAME_ADVICE_H
#define CORS_NAME_ADVICE_H

#include <apr_pools.h>

#include "grammar/name.h"

/* Says what is wrong with the name and, where that can be computed, what to
 * write.  error is what cors_name_check() made of it, and not CORS_NAME_OK.
 * The sentence is made in p. */
const char *cors_advice_name(const char *name, cors_name_kind_e kind,
                             cors_name_e error, apr_pool_t *p);

#endif
