/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The output filters: the last to touch the CORS headers of a response. */

#ifndef CORS_FILTER_H
#define CORS_FILTER_H

#include "module/request.h"

/* Registers the filters under their names. */
void cors_filter_register(void);

/* Adds the filter that takes the CORS headers of others off the response and
 * puts ours on it.  The request must send headers. */
void cors_filter_add(request_rec *r, cors_request_t *cors);

/* Whether cors_filter_add_last() would have nothing to do. */
int cors_filter_is_settled(const request_rec *r, const cors_request_t *cors);

/* Sees that this filter is there, and that it runs after all others of its
 * type: mod_headers may have added one since. */
void cors_filter_add_last(request_rec *r, cors_request_t *cors);

/* Adds the filter that answers a preflight in the place of the response that
 * somebody else is about to send. */
void cors_filter_add_answer(request_rec *r, cors_request_t *cors);

/* Does at once what the filter does, where no other filter is there to put
 * headers on the response. */
void cors_filter_write(request_rec *r, const cors_request_t *cors);

#endif
