/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/set.h"

#include <string.h>

int cors_set_is_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

    return len > 0 && !name[len] && len <= CORS_SET_NAME_MAX;
}
