/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The sets of the configuration, by name. */

#ifndef CORS_SOURCES_H
#define CORS_SOURCES_H

#include <apr_tables.h>

#include "sources/source.h"

/* Begins to read a configuration that lives in pconf.  suffixes may be NULL.
 */
void cors_sources_begin(apr_pool_t *pconf, const cors_suffixes_t *suffixes);

/* The public suffixes that rows are held against. */
const cors_suffixes_t *cors_sources_suffixes(void);

/* Returns the set, or NULL if nothing has named it.  May be called for
 * requests, too. */
cors_set_t *cors_sources_find(const char *name);

/* Returns the set, and makes it if nothing has named it: lists may name sets
 * before their CorsOriginSet.  Made in pconf; not for requests. */
cors_set_t *cors_sources_name(const char *name);

/* Returns the sets in the order in which they were named, as cors_set_t *.
 * NULL: no configuration has been read. */
const apr_array_header_t *cors_sources_all(void);

/* Whether this process has the set's list, or can ask for its origins.  A test
 * of the configuration can't, but for what cors_reading_load() has read. */
int cors_sources_can_tell(const cors_set_t *set);

/* Asks the source of a look-up set: cors_ask_fn. */
cors_found_e cors_sources_ask(const cors_set_t *set, const char *origin,
                              size_t len);

#endif
