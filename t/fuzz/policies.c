/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policies.h"

#include <string.h>

#include <apr_strings.h>
#include <apr_tables.h>

#include "fuzz.h"

static int collect(void *texts, const cors_word_t *word)
{
    APR_ARRAY_PUSH((apr_array_header_t *)texts, const char *) = word->text;
    return 0;
}

const char *policies_words(const cors_list_t *list, apr_pool_t *p)
{
    apr_array_header_t *texts = apr_array_make(p, 16, sizeof(const char *));

    if (list) {
        cors_list_each(list, collect, texts, texts->pool);
    }
    return apr_array_pstrcat(p, texts, ' ');
}

static const char *describe(const cors_list_t *list, apr_pool_t *p)
{
    return list ? apr_psprintf(p, "%d%d%d %x %s", list->any != NULL, list->open,
                               list->authorization, list->flags,
                               policies_words(list, p))
                : "unnamed";
}

void policies_check_same(const cors_policy_t *x, const cors_policy_t *y,
                         apr_pool_t *p)
{
    FUZZ_CHECK(x->named == y->named && x->unsafe == y->unsafe
                   && memcmp(x->unsafe_at, y->unsafe_at, sizeof(x->unsafe_at))
                          == 0,
               "%x %x", x->unsafe, y->unsafe);
#define X(kind, type, name, directive, words, help)                 \
    FUZZ_CHECK(x->name == y->name && x->name##_set == y->name##_set \
                   && x->name##_at == y->name##_at,                 \
               directive);
    CORS_SCALARS(X)
#undef X
#define X(name, directive, help)                                        \
    FUZZ_CHECK(strcmp(describe(x->name, p), describe(y->name, p)) == 0, \
               directive " %s, %s", describe(x->name, p),               \
               describe(y->name, p));
    CORS_LISTS(X)
#undef X
}
