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

/* Whether two sections of one server can hold for the same request: one
 * stands in the other, or their paths do.  NULL and <VirtualHost> are the
 * whole server.  CORS_MEET_PERHAPS where only a request can tell. */
cors_meet_e cors_sections_meet(const ap_directive_t *a,
                               const ap_directive_t *b);

#endif
