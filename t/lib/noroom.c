/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Preloaded, lets mod_cors make no file: MKOSTEMP_ERRNO is the error. */

#include <errno.h>
#include <stdlib.h>

int mkostemp(char *template, int flags)
{
    const char *error = getenv("MKOSTEMP_ERRNO");

    errno = error ? (int)strtol(error, NULL, 10) : EIO;
    return -1;
}
