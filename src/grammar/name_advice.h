/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Sentences about refused names. */

#ifndef CORS_NAME_ADVICE_H
#define CORS_NAME_ADVICE_H

#include <apr_pools.h>

#include "grammar/name.h"

/* Returns a sentence that says what is wrong with the NUL-terminated name and
 * what to do: what to write where that can be computed, otherwise to leave the
 * name out.  error is the result of cors_name_check(), and not CORS_NAME_OK.
 * The sentence is made in p, or is a constant. */
const char *cors_advice_name(const char *name, cors_name_kind_e kind,
                             cors_name_e error, apr_pool_t *p);

#endif
