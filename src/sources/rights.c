/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/rights.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>

/* Where each user has a group, it has the user's name.  Other systems give all
 * people one group. */
int cors_rights_trust_group(uid_t owner, gid_t group)
{
    char of_user[4096], of_group[4096];
    struct passwd user, *found_user = NULL;
    struct group own, *found_group = NULL;

    if (group == 0) {
        return 1;
    }
    return getpwuid_r(owner, &user, of_user, sizeof(of_user), &found_user) == 0
           && found_user
           && getgrgid_r(group, &own, of_group, sizeof(of_group), &found_group)
                  == 0
           && found_group && strcmp(user.pw_name, own.gr_name) == 0;
}
