/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The policies of all places, on the page of CorsInfo: what DUMP_CORS shows.
 */

#ifndef CORS_INFO_POLICIES_H
#define CORS_INFO_POLICIES_H

#include "report/hosts.h"

/* Places that are shown.  There can be millions: a host's name selects. */
#define CORS_INFO_PLACES_MAX 500

/* Writes a section. */
void cors_info_policies_print(request_rec *r, const cors_check_t *check,
                              const cors_hosts_t *hosts);

#endif
