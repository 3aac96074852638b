/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Interim responses of a back end, such as 103 (RFC 9110, 15.2:
 * https://www.rfc-editor.org/rfc/rfc9110#section-15.2).  httpd writes them to
 * the connection, past all filters of the request.
 */

#ifndef CORS_INTERIM_H
#define CORS_INTERIM_H

#include "module/request.h"

void cors_interim_register(void);

/* Sees that the interim responses to r, which is proxied, carry no CORS header
 * of the back end. */
void cors_interim_watch(request_rec *r, const cors_request_t *cors);

#endif
