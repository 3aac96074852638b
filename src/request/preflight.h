/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Ending a preflight (Fetch, "CORS-preflight fetch":
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).
 */

#ifndef CORS_PREFLIGHT_H
#define CORS_PREFLIGHT_H

#include "module/request.h"

/* Whether the request is a preflight that this server answers itself. */
int cors_preflight_ends_here(const cors_request_t *cors);

/* Returns the status that the preflight is answered with.  Where every browser
 * will see from the lists that the preflight is refused, the status is that of
 * an allowed one, so that the browser's console speaks of the lists instead of
 * the status. */
int cors_preflight_status(const cors_request_t *cors);

/* Ends the preflight: returns what header_parser has to return. */
int cors_preflight_end(request_rec *r, cors_request_t *cors);

/* Whether no browser can go on after this status, which has ended a preflight
 * before header_parser: no browser follows a redirect, and the success of a
 * leftover such as RewriteRule .* - [R=204] names no methods. */
int cors_preflight_is_useless(int status);

/* Takes back the response that the answer replaces. */
void cors_preflight_take_back(request_rec *r);

#endif
