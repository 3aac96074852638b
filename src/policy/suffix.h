/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Public suffixes: domains such as com or github.io, below which anyone can
 * have a host (https://publicsuffix.org/).  libpsl reads the system's list.
 */

#ifndef CORS_SUFFIX_H
#define CORS_SUFFIX_H

#include <apr_pools.h>

typedef struct cors_suffixes_t cors_suffixes_t;

typedef enum {
    CORS_SUFFIX_NO = 0,
    CORS_SUFFIX_YES,
    CORS_SUFFIX_UNKNOWN
} cors_suffix_e;

/* Reads the list in path, or the system's newest list if path is NULL.  The
 * result lives as long as p.  Returns NULL if the list can't be read. */
const cors_suffixes_t *cors_suffixes_read(const char *path, apr_pool_t *p);

/* Whether anyone can have a host below the len bytes at host, in lower case:
 * host is a public suffix, or all its subdomains are.  A name that no rule
 * covers, such as localhost or corp.internal, is none.  Returns
 * CORS_SUFFIX_UNKNOWN if suffixes is NULL, or if the name is longer than any
 * host.  Allocates nothing, because risk.c asks for single requests too. */
cors_suffix_e cors_suffix_is(const cors_suffixes_t *suffixes, const char *host,
                             apr_size_t len);

#endif
