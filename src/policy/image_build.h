/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Building an image (policy/image.h) in private memory.
 *
 * The builder takes as much address space as the image may have at most, and
 * only touches what the image needs. */

#ifndef CORS_IMAGE_BUILD_H
#define CORS_IMAGE_BUILD_H

#include <apr_pools.h>

#include "grammar/pattern.h"
#include "policy/image.h"

typedef struct cors_image_builder_t cors_image_builder_t;

/* Makes a builder for an image of size bytes at most, CORS_IMAGE_SIZE_MIN to
 * CORS_IMAGE_SIZE_MAX.  Its memory is given back with p.  Returns NULL if the
 * system has no address space. */
cors_image_builder_t *cors_image_builder_make(apr_uint64_t size,
                                              apr_pool_t *p);

/* Adds a pattern whose text is the len bytes at text.  risks: CORS_IMAGE_
 * INSECURE and _SUFFIX.  Returns 0 if there is no room for more. */
int cors_image_builder_add(cors_image_builder_t *builder, const char *text,
                           size_t len, const cors_pattern_t *pattern,
                           unsigned int risks);

/* How many patterns have been added, duplicates too. */
apr_uint32_t cors_image_builder_count(const cors_image_builder_t *builder);

/* Makes the tables.  Nothing can be added after this.  Returns the image,
 * which lives as long as the builder, or NULL if there is no room for the
 * tables.  Its size is image->used. */
const cors_image_t *cors_image_builder_finish(cors_image_builder_t *builder);

/* Returns how many texts of the image are not in the old one, which has size
 * bytes at most. */
apr_uint32_t cors_image_count_new(const cors_image_t *image,
                                  const cors_image_t *old, size_t size);

#endif
