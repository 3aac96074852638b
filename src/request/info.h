/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The page of CorsInfo as a request sees it: who may read the page, and which
 * headers its responses carry.  report/info_page.h has the content.
 *
 * Only pages of its own origin and programs can read the page.  No policy
 * holds for it, and no line of another module opens it.
 */

#ifndef CORS_REQUEST_INFO_H
#define CORS_REQUEST_INFO_H

#include "module/module.h"

/* Answers a GET or a HEAD as a handler does.  Sets status and content type;
 * the other header fields are added later. */
typedef int cors_info_answer_fn(request_rec *r);

/* Registers the hooks of the page.  style is the source of the page's style
 * for Content-Security-Policy, such as 'sha256-...', and lives on.  Call it
 * only where there is a page: the hooks cost each request some steps. */
void cors_info_register(cors_info_answer_fn *answer, const char *style);

#endif
