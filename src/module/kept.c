/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "module/kept.h"

void *cors_kept_get(const server_rec *s, const char *name)
{
    void *data = NULL;

    apr_pool_userdata_get(&data, name, s->process->pool);
    return data;
}

/* The pool copies the name: a restart unloads the module, and with it the name
 * that apr_pool_userdata_setn() would keep. */
void cors_kept_set(const server_rec *s, const char *name, void *data)
{
    apr_pool_userdata_set(data, name, apr_pool_cleanup_null, s->process->pool);
}
