/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Slots: where the numbers of each virtual host stand.
 *
 * A key stands for a virtual host, wherever its section stands, so that the
 * host keeps its numbers when the configuration is read again.  Child
 * processes of the last configuration go on adding to these numbers.  A slot
 * therefore never moves, and never gets another host: a host that is gone
 * finds its numbers when it comes back.
 *
 *     keys    | a | b | c | d | e |      one for each host there has been
 *     blocks  [ 0   1   2 ] [ 3   4 - - ]      144 bytes for each
 */

#ifndef CORS_SLOTS_H
#define CORS_SLOTS_H

#include <apr_tables.h>

#include "observe/counters.h"

typedef struct cors_block_t {
    const struct cors_block_t *next;
    cors_counts_t *counts;
    unsigned int first; /* the number of the slot that it begins with */
} cors_block_t;

typedef struct cors_slots_t {
    apr_array_header_t *keys;   /* apr_uint64_t, by number */
    const cors_block_t *blocks; /* the latest first */
    unsigned int room;          /* slots in all blocks */
} cors_slots_t;

/* Finds numbers by keys.  Made for one reading of the configuration. */
typedef struct cors_slot_index_t {
    apr_uint32_t *places; /* a number and 1, or 0 */
    apr_uint32_t mask;
} cors_slot_index_t;

/* Begins without a slot.  What is added lives in p. */
void cors_slots_init(cors_slots_t *slots, apr_pool_t *p);

/* Makes an index in p, with room for this many hosts more. */
cors_slot_index_t *cors_slot_index_make(cors_slots_t *slots, unsigned int more,
                                        apr_pool_t *p);

/* Returns the number of the slot that belongs to the key, which may be a new
 * one that no block has yet.  Two hosts with one key share a slot. */
unsigned int cors_slots_number(cors_slots_t *slots, cors_slot_index_t *index,
                               apr_uint64_t key);

/* Returns how many slots no block has. */
unsigned int cors_slots_lacking(const cors_slots_t *slots);

/* Adds a block: counts has `number` times zeros, and outlives p. */
void cors_slots_extend(cors_slots_t *slots, cors_counts_t *counts,
                       unsigned int number, apr_pool_t *p);

/* Forgets the keys whose slots no block has. */
void cors_slots_cut(cors_slots_t *slots);

/* Returns the numbers of a slot, or NULL if no block has it. */
cors_counts_t *cors_slots_at(const cors_slots_t *slots, unsigned int number);

/* Adds up the numbers of all hosts there have been. */
void cors_slots_sum(const cors_slots_t *slots, cors_counts_t *sum);

#endif
