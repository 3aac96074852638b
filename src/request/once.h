/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Messages that each child logs once: two lines of the configuration that
 * conflict. */

#ifndef CORS_ONCE_H
#define CORS_ONCE_H

#include "module/line.h"

/* Bounds of one child: pairs of files, and pairs of lines in each of them.
 * One file with hundreds of conflicts therefore does not keep those of another
 * file out of the log. */
#define CORS_ONCE_FILES 128
#define CORS_ONCE_LINES 128

/* Returns 1 if this child has not been asked about the two lines before and
 * their files are within the bounds, else 0.  other may be NULL.  Safe in
 * threads, takes no lock. */
int cors_once(const cors_line_t *line, const cors_line_t *other);

#endif
