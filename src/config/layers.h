/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The order in which httpd lays sections over each other, as far as their text
 * tells: https://httpd.apache.org/docs/2.4/sections.html#merging
 */

#ifndef CORS_LAYERS_H
#define CORS_LAYERS_H

#include <httpd.h>
#include <util_cfgtree.h>

/* Sections that neither stand around the place nor are <Location> come last in
 * their layer: to learn their real order would take the request. */
typedef enum {
    CORS_LAYER_BELOW = 0, /* folders below those around the place */
    CORS_LAYER_FOLDER,    /* around the place */
    CORS_LAYER_OTHER_FOLDER,
    CORS_LAYER_LOCATION,
    CORS_LAYER_IF, /* around the place */
    CORS_LAYER_OTHER_IF,
    CORS_LAYERS /* no section */
} cors_layer_e;

/* Returns the section's layer for the requests of the place.  The place NULL
 * is the main server. */
cors_layer_e cors_layer_of(const ap_directive_t *section,
                           const ap_directive_t *place);

/* Whether the section stands around the place, or is it. */
int cors_layer_is_around(const ap_directive_t *section,
                         const ap_directive_t *place);

int cors_layer_is_location(const ap_directive_t *section);

/* Whether all requests that the place has are in the section. */
int cors_layer_covers(const ap_directive_t *section,
                      const ap_directive_t *place);

/* Whether a request may have both. */
int cors_layer_may_meet(const ap_directive_t *section,
                        const ap_directive_t *place);

#endif
