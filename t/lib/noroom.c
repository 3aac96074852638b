/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Preloaded, lets mod_cors make no file: MKOSTEMP_ERRNO is the error. */

#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>

int mkostemp(char *path, int flags)
{
    errno = atoi(getenv("MKOSTEMP_ERRNO"));
    return -1;
}
