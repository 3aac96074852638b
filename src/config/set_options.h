/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The options of CorsOriginSet: refresh=, stale= and so on. */

#ifndef CORS_SET_OPTIONS_H
#define CORS_SET_OPTIONS_H

#include "config/argument.h"
#include "sources/source.h"

/* Gives the source, whose kind is known, the default of each option. */
void cors_set_options_init(cors_source_t *source);

/* Reads one option into the source.  Returns what is wrong with arg, made in
 * p. */
cors_wrong_t cors_set_options_read(const char *arg, cors_source_t *source,
                                   apr_pool_t *p);

#endif
