/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Images, snapshots and sets, made of words in one text. */

#ifndef SNAPSHOTS_H
#define SNAPSHOTS_H

#include "unit.h"

#include "policy/halves.h"
#include "policy/image_build.h"
#include "policy/set.h"

/* The risks are those of the words alone: nothing is a public suffix. */
static inline const cors_image_t *image_of(const char *text, size_t size,
                                           apr_pool_t *p)
{
    cors_image_builder_t *builder = cors_image_builder_make(size, p);
    const cors_image_t *image;
    char *state;
    char *word = apr_strtok(apr_pstrdup(p, text), " ", &state);

    assert_non_null(builder);
    for (; word; word = apr_strtok(NULL, " ", &state)) {
        cors_pattern_t pattern;

        assert_int_equal(cors_pattern_parse(word, &pattern), CORS_PATTERN_OK);
        assert_true(cors_image_builder_add(
            builder, word, strlen(word), &pattern,
            pattern.insecure ? CORS_IMAGE_INSECURE : 0));
    }
    image = cors_image_builder_finish(builder);
    assert_non_null(image);
    return image;
}

/* A set whose list holds until 10; text NULL: it has no list.  An empty text
 * is a list that allows nothing. */
static inline cors_set_t *snapshot_set(const char *name, const char *text,
                                       apr_pool_t *p)
{
    cors_set_t *set = apr_pcalloc(p, sizeof(*set));
    cors_halves_t *snapshot = &set->snapshot;

    set->name = name;
    if (text) {
        snapshot->generations = apr_pcalloc(p, sizeof(cors_generations_t));
        snapshot->size = 8192;
        snapshot->halves = apr_pcalloc(p, 2 * snapshot->size);
        cors_halves_publish(snapshot, image_of(text, snapshot->size, p));
        cors_halves_set_good_until(snapshot, 10);
    }
    return set;
}

static inline cors_set_t *lookup_set(const char *name, apr_pool_t *p)
{
    cors_set_t *set = apr_pcalloc(p, sizeof(*set));

    set->name = name;
    set->is_lookup = 1;
    return set;
}

#endif
