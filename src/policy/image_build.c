/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/image_build.h"

#include <string.h>

#include <apr_general.h>

#include "grammar/hash.h"
#include "policy/pages.h"

/* How often a table is built anew.  One more than once means that the system
 * gives no random numbers. */
#define SEEDS_MAX 8

/* A text in the image: its offset, its risks, and in place of CORS_IMAGE_FOUND
 * whether it is a pattern with subdomains or any port. */
#define IS_PATTERN CORS_IMAGE_FOUND

struct cors_image_builder_t {
    cors_image_t *image;
    apr_uint32_t *texts;    /* of the order added */
    apr_uint32_t count;     /* of texts */
    apr_uint32_t counts[2]; /* of exact origins, of patterns */
    apr_uint32_t size;
    apr_uint32_t texts_max;
    apr_uint64_t lengths;
};

cors_image_builder_t *cors_image_builder_make(apr_uint64_t size, apr_pool_t *p)
{
    cors_image_builder_t *builder = apr_pcalloc(p, sizeof(*builder));

    builder->size = (apr_uint32_t)size & ~(CORS_IMAGE_ALIGN - 1u);
    /* The shortest text, "a://b", takes one unit of the image. */
    builder->texts_max = builder->size / CORS_IMAGE_ALIGN;
    builder->image = cors_pages_take(builder->size, p);
    builder->texts = cors_pages_take(
        builder->texts_max * sizeof(*builder->texts), p);
    if (!builder->image || !builder->texts) {
        return NULL;
    }
    builder->image->used = sizeof(cors_image_t);
    return builder;
}

static void note_pattern(cors_image_builder_t *builder,
                         const cors_pattern_t *pattern)
{
    const cors_origin_t *o = &pattern->origin;

    if (!pattern->subdomains) {
        builder->image->kinds |= CORS_IMAGE_HOST_ANY;
        return;
    }
    builder->lengths |= APR_UINT64_C(1) << (o->host_len & 63);
    builder->image->kinds |= o->port == CORS_PORT_ANY ? CORS_IMAGE_BELOW_ANY
                                                      : CORS_IMAGE_BELOW;
}

static int is_wide(const cors_pattern_t *pattern)
{
    return pattern->subdomains || pattern->origin.port == CORS_PORT_ANY;
}

int cors_image_builder_add(cors_image_builder_t *builder, const char *text,
                           size_t len, const cors_pattern_t *pattern,
                           unsigned int risks)
{
    cors_image_t *image = builder->image;
    size_t room = (len / CORS_IMAGE_ALIGN + 1) * CORS_IMAGE_ALIGN;
    apr_uint32_t at = image->used;

    if (builder->size - at < room || builder->count == builder->texts_max) {
        return 0;
    }
    memcpy((char *)image + at, text, len);
    image->used += (apr_uint32_t)room;
    builder->texts[builder->count++] = at | risks
                                       | (is_wide(pattern) ? IS_PATTERN : 0);
    builder->counts[is_wide(pattern)]++;
    if (is_wide(pattern)) {
        note_pattern(builder, pattern);
    }
    return 1;
}

apr_uint32_t cors_image_builder_count(const cors_image_builder_t *builder)
{
    return builder->count;
}

static const char *text_at(const cors_image_t *image, apr_uint32_t at)
{
    return (const char *)image + (at & ~7u);
}

static cors_slot_t *slots_of(cors_image_t *image,
                             const cors_image_table_t *table)
{
    return (void *)((char *)image + table->at);
}

/* Puts the slot into the table.  One that is further from its home takes the
 * place of one that is nearer to its own, which moves on: so no slot gets far
 * from its home.  Returns 0 if one has got too far. */
static int insert(cors_image_t *image, cors_image_table_t *table,
                  cors_slot_t slot)
{
    cors_slot_t *slots = slots_of(image, table);
    apr_uint32_t mask = ((apr_uint32_t)1 << table->bits) - 1;
    apr_uint32_t steps = 0;

    while (steps < CORS_IMAGE_PROBES) {
        apr_uint32_t place = (cors_image_home(slot.tag, table->bits) + steps)
                             & mask;
        cors_slot_t *there = &slots[place];
        apr_uint32_t its_steps;

        if (!there->at) {
            *there = slot;
            table->count++;
            return 1;
        }
        if (there->tag == slot.tag
            && strcmp(text_at(image, there->at), text_at(image, slot.at))
                   == 0) {
            return 1;
        }
        its_steps = (place - cors_image_home(there->tag, table->bits)) & mask;
        if (its_steps < steps) {
            cors_slot_t moved = *there;

            *there = slot;
            slot = moved;
            steps = its_steps;
        }
        steps++;
    }
    return 0;
}

static apr_uint64_t hash_text(apr_uint64_t seed, const char *text,
                              int is_pattern)
{
    cors_pattern_t pattern;
    cors_ends_t ends;

    if (!is_pattern || cors_pattern_parse(text, &pattern) != CORS_PATTERN_OK) {
        return cors_hash_keyed(seed, text, strlen(text));
    }
    cors_image_begin_ends(&ends, &pattern.origin, seed);
    cors_ends_reach(&ends, pattern.origin.host_len);
    return cors_image_hash_pattern(seed, &ends, pattern.origin.port,
                                   pattern.subdomains);
}

/* Fills both tables.  Returns 0 if a slot has got too far from its home. */
static int fill(cors_image_builder_t *builder, apr_uint64_t seed)
{
    cors_image_t *image = builder->image;
    apr_uint32_t i;

    image->seed_low = (apr_uint32_t)seed;
    image->seed_high = (apr_uint32_t)(seed >> 32);
    image->exact.count = 0;
    image->patterns.count = 0;
    for (i = 0; i < builder->count; i++) {
        apr_uint32_t text = builder->texts[i];
        int is_pattern = (text & IS_PATTERN) != 0;
        cors_slot_t slot = { 0, text | CORS_IMAGE_FOUND };

        slot.tag = cors_image_tag(
            hash_text(seed, text_at(image, text), is_pattern));
        if (!insert(image, is_pattern ? &image->patterns : &image->exact,
                    slot)) {
            return 0;
        }
    }
    return 1;
}

/* Makes room for a table of which at most half is used. */
static int place_table(cors_image_builder_t *builder,
                       cors_image_table_t *table, apr_uint32_t count)
{
    cors_image_t *image = builder->image;
    apr_uint64_t slots;

    table->bits = CORS_IMAGE_BITS_MIN;
    while (((apr_uint64_t)1 << table->bits) < 2 * (apr_uint64_t)count) {
        table->bits++;
    }
    slots = count ? (apr_uint64_t)1 << table->bits : 0;
    if (table->bits > CORS_IMAGE_BITS_MAX
        || (builder->size - image->used) / sizeof(cors_slot_t) < slots) {
        return 0;
    }
    table->at = image->used;
    image->used += (apr_uint32_t)(slots * sizeof(cors_slot_t));
    return 1;
}

const cors_image_t *cors_image_builder_finish(cors_image_builder_t *builder)
{
    cors_image_t *image = builder->image;
    apr_uint32_t tables = image->used;
    apr_uint64_t seed;
    int i;

    image->lengths_low = (apr_uint32_t)builder->lengths;
    image->lengths_high = (apr_uint32_t)(builder->lengths >> 32);
    if (!place_table(builder, &image->exact, builder->counts[0])
        || !place_table(builder, &image->patterns, builder->counts[1])) {
        return NULL;
    }
    for (i = 0; i < SEEDS_MAX; i++) {
        if (apr_generate_random_bytes((unsigned char *)&seed, sizeof(seed))
            != APR_SUCCESS) {
            return NULL;
        }
        if (fill(builder, seed)) {
            return image;
        }
        memset((char *)image + tables, 0, image->used - tables);
    }
    return NULL;
}

/* Counts the texts of one of the image's tables that the old one's lacks. */
static apr_uint32_t count_new(const cors_image_t *image,
                              const cors_image_table_t *table,
                              const cors_image_t *old, size_t size,
                              const cors_image_table_t *old_table)
{
    const cors_slot_t *slots = (const void *)((const char *)image + table->at);
    apr_uint64_t seed = (apr_uint64_t)old->seed_high << 32 | old->seed_low;
    int is_pattern = table == &image->patterns;
    apr_uint32_t i, left, count = 0;

    for (i = 0, left = table->count; left; i++) {
        if (slots[i].at) {
            const char *text = text_at(image, slots[i].at);

            count += !cors_image_has_text(old, size, old_table,
                                          hash_text(seed, text, is_pattern),
                                          text, strlen(text));
            left--;
        }
    }
    return count;
}

apr_uint32_t cors_image_count_new(const cors_image_t *image,
                                  const cors_image_t *old, size_t size)
{
    return count_new(image, &image->exact, old, size, &old->exact)
           + count_new(image, &image->patterns, old, size, &old->patterns);
}
