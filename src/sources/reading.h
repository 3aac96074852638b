/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* One reading of a source: its rows become an image, and the image becomes the
 * list in use.  refresh.h says which process reads, and when. */

#ifndef CORS_READING_H
#define CORS_READING_H

#include "sources/source.h"

/* Reads the whole list of a source once, for configtest.  The result lives as
 * long as p; *status is what read() has come to.  Returns NULL if the system
 * has no memory. */
const cors_rows_t *cors_reading_try(cors_source_t *source, cors_read_e *status,
                                    apr_pool_t *p);

/* Reads the sets that are files into memory of this process alone, made in p,
 * for a process that only tests the configuration.  A set that can't be read
 * is left without a list. */
void cors_reading_load(apr_pool_t *p);

/* Reads the source, publishes a new list, logs what has become of the reading,
 * and says when the source is due again.  This process must have the lock of
 * source->memory.  Uses p during the call only. */
void cors_reading_refresh(cors_source_t *source, apr_pool_t *p);

/* Moves on the time until which the list in use holds: the source had this
 * list at `now`. */
void cors_reading_keep_fresh(const cors_source_t *source, apr_uint32_t now);

#endif
