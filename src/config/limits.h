/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The check that no policy allows what a ceiling does not cover. */

#ifndef CORS_LIMITS_H
#define CORS_LIMITS_H

#include "config/finding.h"

/* Whether a list and a ceiling can meet where add, a section of the main
 * server, is laid over base, a virtual host as a whole, that do not meet in
 * the main server: may be asked as cors_places_may_fn is. */
int cors_limits_may_meet(const cors_policy_t *base, const cors_policy_t *add);

/* Refuses what the policy, which holds at the place, allows outside of its
 * ceilings.  Takes the time of one look-up for each origin and ceiling that
 * have not met before. */
void cors_limits_check(cors_check_t *check, const cors_place_t *place,
                       const cors_policy_t *policy);

#endif
