/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The directives, whose setters check arguments and build the policies. */

#ifndef CORS_DIRECTIVES_H
#define CORS_DIRECTIVES_H

#include "module/module.h"
#include "policy/suffix.h"

extern const command_rec cors_cmds[];

/* Begins to read a configuration that lives in pconf. */
void cors_directives_begin(apr_pool_t *pconf);

/* Returns the public suffixes that the configuration was read with, or NULL if
 * there is no list. */
const cors_suffixes_t *cors_directives_suffixes(void);

void cors_directives_register_hooks(apr_pool_t *p);

#endif
