/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/suffix.h"

#include <string.h>

#include <libpsl.h>

#include "grammar/origin.h"

struct cors_suffixes_t {
    psl_ctx_t *psl;
};

static apr_status_t free_list(void *psl)
{
    psl_free(psl);
    return APR_SUCCESS;
}

const cors_suffixes_t *cors_suffixes_read(const char *path, apr_pool_t *p)
{
    psl_ctx_t *psl = path ? psl_load_file(path) : psl_latest(NULL);
    cors_suffixes_t *suffixes;

    if (!psl || psl_suffix_count(psl) == 0) {
        psl_free(psl);
        return NULL;
    }
    suffixes = apr_palloc(p, sizeof(*suffixes));
    suffixes->psl = psl;
    apr_pool_cleanup_register(p, psl, free_list, apr_pool_cleanup_null);
    return suffixes;
}

cors_suffix_e cors_suffix_is(const cors_suffixes_t *suffixes, const char *host,
                             apr_size_t len)
{
    /* Under the default rule every unknown top-level domain is a suffix, the
     * internal ones of companies too. */
    const int type = PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE;
    char name[CORS_HOST_MAX + 1];

    if (!suffixes || len > CORS_HOST_MAX) {
        return CORS_SUFFIX_UNKNOWN;
    }
    /* Under a rule such as *.ck, ck itself is a suffix too. */
    memcpy(name, host, len);
    name[len] = '\0';
    return psl_is_public_suffix2(suffixes->psl, name, type) ? CORS_SUFFIX_YES
                                                            : CORS_SUFFIX_NO;
}
