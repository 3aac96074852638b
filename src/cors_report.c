/* Licensed under the Apache License, Version 2.0; see LICENSE. */
#include "cors_private.h"
void cors_report_register_hooks(apr_pool_t *p)
{
}
