/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/near.h"

#include <string.h>

#include "grammar/bytes.h"
#include "grammar/origin.h"
#include "grammar/slip.h"

/* Shorter labels differ from one another by what they are meant to say. */
#define LABEL_MIN 5

typedef struct search_t {
    cors_origin_t origin;
    const cors_word_t *found;
} search_t;

static int is_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}

/* Returns the length of the label that the byte at host + i is in. */
static size_t label_length(const char *host, size_t len, size_t i)
{
    size_t begin = i;
    size_t end = i;

    while (begin && host[begin - 1] != '.') {
        begin--;
    }
    while (end < len && host[end] != '.') {
        end++;
    }
    return end - begin;
}

/* Whether the hosts are one slip apart.  A digit more or less is none: it
 * numbers hosts. */
static int is_host_near(const cors_origin_t *a, const cors_origin_t *b)
{
    size_t i = 0;

    while (i < a->host_len && i < b->host_len && a->host[i] == b->host[i]) {
        i++;
    }
    return cors_slip_is_one_away(a->host, a->host_len, b->host, b->host_len)
           && label_length(a->host, a->host_len, i) >= LABEL_MIN
           && label_length(b->host, b->host_len, i) >= LABEL_MIN
           && !(i < a->host_len && CORS_IS(a->host[i], CORS_BYTE_DIGIT))
           && !(i < b->host_len && CORS_IS(b->host[i], CORS_BYTE_DIGIT));
}

static int is_near(const cors_origin_t *a, const cors_origin_t *b)
{
    return is_same(a->host, a->host_len, b->host, b->host_len)
           || (a->port == b->port
               && is_same(a->scheme, a->scheme_len, b->scheme, b->scheme_len)
               && is_host_near(a, b));
}

static int look_at(void *data, const cors_word_t *word)
{
    search_t *search = data;
    cors_origin_t origin;

    if (!word->host
        && !(word->flags
             & (CORS_WORD_KEYWORD | CORS_WORD_NULL | CORS_WORD_SET))
        && cors_origin_parse(word->text, word->len, &origin) == CORS_ORIGIN_OK
        && is_near(&search->origin, &origin)) {
        search->found = word;
    }
    return search->found != NULL;
}

const cors_word_t *cors_near_find(const cors_policy_t *policy,
                                  const char *origin, apr_pool_t *p)
{
    search_t search = { { 0 }, NULL };

    if (cors_origin_parse(origin, cors_origin_length(origin), &search.origin)
            == CORS_ORIGIN_OK
        && search.origin.host) {
        cors_list_each(policy->origins, look_at, &search, p);
    }
    return search.found;
}
