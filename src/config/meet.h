/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Whether two sections can hold for one request. */

#ifndef CORS_MEET_H
#define CORS_MEET_H

#include "module/module.h"

typedef enum {
    CORS_MEET_NEVER = 0,
    CORS_MEET_ALWAYS, /* for some requests, whatever these are */
    CORS_MEET_PERHAPS /* only a request can tell */
} cors_meet_e;

/* Sections of two different kinds may always meet, and so may two of
 * CORS_PATH_NONE. */
typedef enum {
    CORS_PATH_NONE = 0, /* an expression, a wildcard, <Files> and so on */
    CORS_PATH_LOCATION,
    CORS_PATH_DIRECTORY,
    CORS_PATH_KINDS
} cors_path_e;

/* The requests that a section holds for, as far as its text tells. */
typedef struct cors_path_t {
    cors_path_e kind;
    const char *text; /* NUL-terminated, with more behind len: the path, or
                       * the argument as written under CORS_PATH_NONE */
    apr_size_t len;   /* without a slash at the end of a path */
} cors_path_t;

/* Returns the path of the section that stands in the server itself, around
 * this one.  The text lives as long as the configuration. */
cors_path_t cors_section_path(const ap_directive_t *section);

/* Whether two sections of one server can hold for the same request: one
 * section stands in the other, or one path stands below the other.  NULL and
 * <VirtualHost> are the whole server.  Returns CORS_MEET_PERHAPS where only a
 * request can tell. */
cors_meet_e cors_sections_meet(const ap_directive_t *a,
                               const ap_directive_t *b);

#endif
