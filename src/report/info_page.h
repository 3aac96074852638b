/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The page of CorsInfo: explains requests, and shows the policies, by the
 * configuration that is running. */

#ifndef CORS_INFO_PAGE_H
#define CORS_INFO_PAGE_H

#include "module/module.h"

/* Registers the hooks of the page.  Call it while a configuration is read that
 * has the page: all requests pay for them. */
void cors_info_page_register(void);

#endif
