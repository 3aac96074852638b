/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/rights.h"

#include <pwd.h>
#include <stddef.h>

int cors_rights_trust_group(uid_t owner, gid_t group)
{
    char buffer[4096];
    struct passwd pw, *found = NULL;

    return group == 0
           || (getpwuid_r(owner, &pw, buffer, sizeof(buffer), &found) == 0
               && found && found->pw_gid == group);
}
