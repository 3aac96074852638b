/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* An index of sections by the server and the path they stand in, so that a
 * section is compared with its neighbours alone and never with all others. */

#ifndef CORS_PATHS_H
#define CORS_PATHS_H

#include "config/sections.h"

typedef struct cors_paths_t cors_paths_t;

/* Indexes the sections, an array of cors_section_t *, that stand in <Location>
 * and the like.  Sections of whole servers are left out.  The index is made
 * in p. */
cors_paths_t *cors_paths_make(const apr_array_header_t *sections,
                              apr_pool_t *p);

/* Calls each(data, section, order) for every section of the server, or of any
 * server if `server` is NULL, that meets the container for certain
 * (CORS_MEET_ALWAYS), until a call returns anything but 0.  order is the
 * section's place in the array.  The container must not be a whole server.
 * Returns the result of the last call. */
int cors_paths_each(const cors_paths_t *paths, const server_rec *server,
                    const ap_directive_t *container,
                    int (*each)(void *data, const cors_section_t *section,
                                int order),
                    void *data);

/* Whether the server, or any server if it is NULL, has a section. */
int cors_paths_any(const cors_paths_t *paths, const server_rec *server);

/* Whether any section of the server, or of any server if it is NULL, can meet
 * the container, perhaps included (CORS_MEET_PERHAPS). */
int cors_paths_meet(const cors_paths_t *paths, const server_rec *server,
                    const ap_directive_t *container);

#endif
