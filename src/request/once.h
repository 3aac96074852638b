/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What each child logs once: two lines of the configuration that conflict. */

#ifndef CORS_ONCE_H
#define CORS_ONCE_H

#include "module/line.h"

/* Whether this child has not been asked about the two lines before; other may
 * be NULL.  Once 256 pairs are known it says no to every new one, so that a
 * child logs no more than that.  Safe in threads, takes no lock. */
int cors_once(const cors_line_t *line, const cors_line_t *other);

#endif
