/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Log messages about sets. */

#ifndef CORS_TOLD_H
#define CORS_TOLD_H

#include "sources/source.h"

/* Logs at error that the source fails: at the first failure, and then once a
 * minute for each different cause.  cause is a clause without a password, such
 * as "connection refused".  Adds to the set's failures.  Thread-safe. */
void cors_told_failure(cors_source_t *source, const char *cause);

/* Logs at warn that the list has no rows, where the last one had some, and
 * that the last one goes on. */
void cors_told_doubt(const cors_source_t *source);

/* Logs at notice that a source which failed works again, once.  Costs one load
 * otherwise.  Thread-safe. */
void cors_told_success(cors_source_t *source);

/* Logs a new list: at info how many origins it has, and at warn the first
 * faulty rows. */
void cors_told_list(const cors_source_t *source, const cors_rows_t *rows,
                    apr_uint32_t added, apr_uint32_t removed,
                    apr_interval_time_t took);

#endif
