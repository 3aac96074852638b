/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/limits.h"

#include <string.h>

#include <apr_strings.h>

#include "config/sections.h"
#include "module/line.h"

/* Whether the ceilings of a server as a whole are those of a virtual host. */
static int is_of_host(const cors_limit_t *limits)
{
    return cors_section_is_virtual_host(
        cors_section_parent(cors_line_directive(cors_limit_line(limits))));
}

int cors_limits_may_meet(const cors_policy_t *base, const cors_policy_t *add)
{
    if (!(base->limits || add->limits) || !(base->origins || add->origins)) {
        return 0;
    }
    /* The engine may be off in the main server, and nothing checked there. */
    if (base->engine_set || add->engine_set) {
        return 1;
    }
    if (add->limits && base->origins
        && (!add->origins || add->origins->open)) {
        return 1;
    }
    return base->limits && add->origins && is_of_host(base->limits);
}

/* A word and the ceiling that does not cover it. */
static void add_outside(cors_check_t *check, const cors_place_t *place,
                        const cors_word_t *word, const cors_limit_t *limit)
{
    cors_finding_t finding = { .code = CORS_CODE_OUTSIDE_LIMIT,
                               .refused = 1,
                               .at = word->at };

    finding.place = apr_pmemdup(check->p, place, sizeof(*place));
    finding.text = apr_psprintf(
        check->p,
        "CorsAllowOrigin %s (%s) with CorsLimitOrigin (%s) in %s: the ceiling "
        "does not cover it: leave it out, or write an origin that the ceiling "
        "covers",
        word->text, cors_line_name(word->at, check->p),
        cors_line_name(cors_limit_line(limit), check->p),
        cors_place_name(place, check->p));
    cors_finding_add(check, &finding);
}

/* none and inherit stand for words of other leaves.  Origins of a set, and
 * what a set of the ceiling may cover, are held against each other when a
 * request comes. */
static int is_outside(const cors_word_t *word, const cors_limit_t *limit)
{
    if (word->flags & (CORS_WORD_ANY | CORS_WORD_NULL)) {
        return 1;
    }
    return !(word->flags & (CORS_WORD_KEYWORD | CORS_WORD_SET))
           && !limit->list->sets && !cors_limit_covers(limit, word);
}

static void check_leaf(cors_check_t *check, const cors_place_t *place,
                       const cors_list_t *leaf, const cors_limit_t *limit)
{
    const cors_word_t *word = leaf->first;
    const void *pair[2] = { word, limit->list };

    /* Merging copies leaves and ceilings, and keeps what is in them. */
    if (apr_hash_get(check->limited, pair, sizeof(pair))) {
        return;
    }
    apr_hash_set(check->limited, apr_pmemdup(check->p, pair, sizeof(pair)),
                 sizeof(pair), check);
    for (; word; word = word->later) {
        if (is_outside(word, limit)) {
            add_outside(check, place, word, limit);
        }
    }
}

void cors_limits_check(cors_check_t *check, const cors_place_t *place,
                       const cors_policy_t *policy)
{
    const cors_list_t *leaf;
    const cors_limit_t *limit;

    for (leaf = policy->origins; leaf; leaf = leaf->outer) {
        for (limit = policy->limits; limit; limit = limit->outer) {
            check_leaf(check, place, leaf, limit);
        }
    }
}
