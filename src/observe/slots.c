/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "observe/slots.h"

#include <string.h>

/* Places in the smallest index. */
#define PLACES_MIN 16

void cors_slots_init(cors_slots_t *slots, apr_pool_t *p)
{
    slots->keys = apr_array_make(p, 0, sizeof(apr_uint64_t));
    slots->blocks = NULL;
    slots->room = 0;
}

static unsigned int count_keys(const cors_slots_t *slots)
{
    return (unsigned int)slots->keys->nelts;
}

static apr_uint64_t key_at(const cors_slots_t *slots, unsigned int number)
{
    return ((const apr_uint64_t *)(const void *)slots->keys->elts)[number];
}

/* Returns the place of the key, or the free place where it belongs. */
static apr_uint32_t *find_place(const cors_slots_t *slots,
                                const cors_slot_index_t *index,
                                apr_uint64_t key)
{
    apr_uint32_t i = (apr_uint32_t)(key >> 32) & index->mask;

    while (index->places[i] && key_at(slots, index->places[i] - 1) != key) {
        i = (i + 1) & index->mask;
    }
    return &index->places[i];
}

/* At least a quarter of the places stays free, so that a search is short and
 * ends.  The first hosts get room for their keys at once: an array that grows
 * leaves behind what it grew out of. */
cors_slot_index_t *cors_slot_index_make(cors_slots_t *slots, unsigned int more,
                                        apr_pool_t *p)
{
    cors_slot_index_t *index = apr_palloc(p, sizeof(*index));
    unsigned int number = count_keys(slots);
    apr_uint32_t places = PLACES_MIN;
    unsigned int i;

    if (!number) {
        slots->keys = apr_array_make(slots->keys->pool, (int)more,
                                     sizeof(apr_uint64_t));
    }
    while (places - places / 4 < number + more) {
        places *= 2;
    }
    index->mask = places - 1;
    index->places = apr_pcalloc(p, places * sizeof(*index->places));
    for (i = 0; i < number; i++) {
        *find_place(slots, index, key_at(slots, i)) = i + 1;
    }
    return index;
}

unsigned int cors_slots_number(cors_slots_t *slots, cors_slot_index_t *index,
                               apr_uint64_t key)
{
    apr_uint32_t *place = find_place(slots, index, key);

    if (!*place) {
        *(apr_uint64_t *)apr_array_push(slots->keys) = key;
        *place = count_keys(slots);
    }
    return *place - 1;
}

unsigned int cors_slots_lacking(const cors_slots_t *slots)
{
    unsigned int number = count_keys(slots);

    return number > slots->room ? number - slots->room : 0;
}

void cors_slots_extend(cors_slots_t *slots, cors_counts_t *counts,
                       unsigned int number, apr_pool_t *p)
{
    cors_block_t *block = apr_palloc(p, sizeof(*block));

    block->next = slots->blocks;
    block->counts = counts;
    block->first = slots->room;
    slots->blocks = block;
    slots->room += number;
}

void cors_slots_cut(cors_slots_t *slots)
{
    slots->keys->nelts -= (int)cors_slots_lacking(slots);
}

cors_counts_t *cors_slots_at(const cors_slots_t *slots, unsigned int number)
{
    const cors_block_t *block = slots->blocks;

    if (number >= slots->room) {
        return NULL;
    }
    while (number < block->first) {
        block = block->next;
    }
    return &block->counts[number - block->first];
}

void cors_slots_sum(const cors_slots_t *slots, cors_counts_t *sum)
{
    unsigned int number = count_keys(slots);
    unsigned int i;

    memset(sum, 0, sizeof(*sum));
    for (i = 0; i < number && i < slots->room; i++) {
        cors_counts_sum(cors_slots_at(slots, i), sum);
    }
}
