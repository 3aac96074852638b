/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The numbers as HTML, and in mod_status. */

#ifndef CORS_STATUS_H
#define CORS_STATUS_H

#include "report/snapshot.h"

/* Gives mod_status its part about CORS, where mod_status is loaded. */
void cors_status_register_hooks(apr_pool_t *p);

/* Writes the numbers and the most refused origins as tables.  snapshot is NULL
 * where nothing is counted, and the text then says so. */
void cors_status_html(request_rec *r, const cors_snapshot_t *snapshot);

#endif
