/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The page of CorsInfo when the configuration is read: the line that turns the
 * page on registers its hooks, and a check requires that access to the page is
 * limited. */

#ifndef CORS_CONFIG_INFO_H
#define CORS_CONFIG_INFO_H

#include "config/finding.h"

typedef void cors_info_begin_fn(void);

/* Says who registers the hooks of the page.  The function is called while the
 * configuration is read, at the first line that turns the page on. */
void cors_info_on_use(cors_info_begin_fn *begin);

/* Calls that function, once for the configuration that lives in pconf. */
void cors_info_use(apr_pool_t *pconf);

/* Refuses the page where no Require limits who may read it.  The Require may
 * stand around the place, or in a <Location> that covers it.  Any section that
 * may hold for the page and lets in everybody opens the page. */
void cors_info_check(cors_check_t *check);

#endif
