/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Who may read or write the files of a source. */

#ifndef CORS_RIGHTS_H
#define CORS_RIGHTS_H

#include <sys/types.h>

/* Whether a file's group is root's, or has the name of the file's owner, as on
 * systems where each user has a group. */
int cors_rights_trust_group(uid_t owner, gid_t group);

#endif
