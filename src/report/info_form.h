/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The form on the page of CorsInfo. */

#ifndef CORS_INFO_FORM_H
#define CORS_INFO_FORM_H

#include "report/info_ask.h"

/* Writes the form, filled with what was asked.  wrong is what is wrong with
 * that, a sentence, or NULL. */
void cors_info_form_print(request_rec *r, const cors_info_ask_t *ask,
                          const char *wrong);

#endif
