/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/sources.h"

#include <apr_hash.h>
#include <apr_strings.h>

const cors_source_kind_t *const cors_source_kinds[] = {
    &cors_source_file, &cors_source_dbd, &cors_source_redis,
    &cors_source_rediss, NULL
};

/* All of these live in pconf. */
static apr_array_header_t *sets;
static apr_hash_t *by_name;
static const cors_suffixes_t *public_suffixes;

static apr_status_t forget_sets(void *unused)
{
    sets = NULL;
    by_name = NULL;
    public_suffixes = NULL;
    return APR_SUCCESS;
}

void cors_sources_begin(apr_pool_t *pconf, const cors_suffixes_t *suffixes)
{
    sets = apr_array_make(pconf, 4, sizeof(cors_set_t *));
    by_name = apr_hash_make(pconf);
    public_suffixes = suffixes;
    apr_pool_cleanup_register(pconf, NULL, forget_sets, apr_pool_cleanup_null);
}

const cors_suffixes_t *cors_sources_suffixes(void)
{
    return public_suffixes;
}

cors_set_t *cors_sources_find(const char *name)
{
    return apr_hash_get(by_name, name, APR_HASH_KEY_STRING);
}

cors_set_t *cors_sources_name(const char *name)
{
    cors_set_t *set = cors_sources_find(name);

    if (!set) {
        set = apr_pcalloc(sets->pool, sizeof(*set));
        set->name = apr_pstrdup(sets->pool, name);
        apr_hash_set(by_name, set->name, APR_HASH_KEY_STRING, set);
        APR_ARRAY_PUSH(sets, cors_set_t *) = set;
    }
    return set;
}

const apr_array_header_t *cors_sources_all(void)
{
    return sets;
}

int cors_sources_can_tell(const cors_set_t *set)
{
    return set->snapshot.generations || (set->source && set->source->child);
}

cors_found_e cors_sources_ask(const cors_set_t *set, const char *origin,
                              size_t len)
{
    cors_source_t *source = set->source;

    return source && source->kind->find
               ? source->kind->find(source, origin, len)
               : CORS_FOUND_UNKNOWN;
}
