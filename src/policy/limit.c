/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/limit.h"

#include <string.h>

#include <apr_strings.h>

#include "grammar/pattern.h"

cors_limit_t *cors_limit_make(const cors_limit_t *outer, apr_pool_t *p)
{
    cors_limit_t *limit = apr_pcalloc(p, sizeof(*limit));

    limit->outer = outer;
    limit->list = apr_pcalloc(p, sizeof(*limit->list));
    return limit;
}

int cors_limit_takes(const char *arg)
{
    return !cors_list_keyword_flags(arg) && strcmp(arg, "null") != 0;
}

const char *cors_limit_add(cors_limit_t *limit, const char *arg,
                           const cors_line_t *at,
                           const cors_suffixes_t *suffixes, apr_pool_t *p,
                           apr_pool_t *ptemp)
{
    cors_list_t *list = limit->list;
    const char *sentence = cors_origins_add(list, arg, at, suffixes, p, ptemp);
    const cors_word_t *word = list->first;

    limit->below = list->count == 1 && (word->flags & CORS_WORD_SUBDOMAIN)
                           && word->port != CORS_PORT_ANY
                       ? word
                       : NULL;
    return sentence;
}

cors_list_t *cors_limit_list_for_set(cors_limit_t *limit)
{
    limit->below = NULL;
    return limit->list;
}

const cors_limit_t *cors_limit_merge(apr_pool_t *p, const cors_limit_t *base,
                                     const cors_limit_t *add)
{
    const cors_limit_t *merged = NULL;
    const cors_limit_t **outer = &merged;

    if (!base) {
        return add;
    }
    for (; add; add = add->outer) {
        cors_limit_t *copy = apr_pmemdup(p, add, sizeof(*add));

        *outer = copy;
        outer = &copy->outer;
    }
    *outer = base;
    return merged;
}

/* The bytes of "https://", which most patterns begin with: a comparison of
 * constant length takes no call. */
#define HTTPS 8

/* Whether the origin stands below the pattern: both are written in one way, so
 * that equal bytes before and behind "*" are an equal scheme and port, and the
 * end of the host. */
static inline int is_below(const cors_word_t *word, const char *text,
                           size_t len)
{
    size_t before = word->host - sizeof("*.") + 1;
    size_t behind = word->len - before - 1;

    return len > before + behind
           && (before == HTTPS ? memcmp(text, word->text, HTTPS) == 0
                               : memcmp(text, word->text, before) == 0)
           && memcmp(text + len - behind, word->text + before + 1, behind)
                  == 0;
}

static int is_listed(const cors_list_t *list, const char *text, size_t len)
{
    cors_origin_t origin;

    return cors_origins_find_exact(list, text, len)
           || (cors_origin_parse(text, len, &origin) == CORS_ORIGIN_OK
               && cors_origins_find_pattern(list, &origin));
}

const cors_limit_t *cors_limit_find_outside(const cors_limit_t *limits,
                                            const char *text, size_t len)
{
    while (limits
           && (limits->below ? is_below(limits->below, text, len)
                             : is_listed(limits->list, text, len))) {
        limits = limits->outer;
    }
    return limits;
}

const cors_limit_t *cors_limit_find_outside_sets(const cors_limit_t *limits,
                                                 apr_uint32_t now,
                                                 cors_ask_fn *ask,
                                                 const char *text, size_t len,
                                                 const cors_set_t **unknown)
{
    const cors_limit_t *limit = cors_limit_find_outside(limits, text, len);
    cors_set_hit_t hit = { NULL, NULL, 0 };

    while (limit && limit->list->sets
           && cors_set_has(limit->list, now, ask, text, len, &hit)) {
        limit = cors_limit_find_outside(limit->outer, text, len);
        hit.set = NULL;
    }
    *unknown = hit.set;
    return limit;
}

int cors_limit_covers(const cors_limit_t *limit, const cors_word_t *word)
{
    return cors_origins_find_other(limit->list, word) != NULL;
}
