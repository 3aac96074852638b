/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What C99 and APR have no word for: the one place that names the builtins of
 * gcc and clang.
 *
 * APR's own atomics are functions of a shared library with a full barrier in
 * each.  A look-up in a set reads ten words and more, and a count adds to one:
 * here each is a single instruction, without a barrier. */

#ifndef CORS_COMPILER_H
#define CORS_COMPILER_H

#include <apr.h>

#if !defined(__GNUC__) && !defined(__clang__)
#error "This compiler is not gcc or clang: say here how it spells these."
#endif

/* Words that others read and write meanwhile, in no order. */
#define CORS_LOAD(word) __atomic_load_n(&(word), __ATOMIC_RELAXED)
#define CORS_STORE(word, value) \
    __atomic_store_n(&(word), value, __ATOMIC_RELAXED)
#define CORS_ADD(word, value) \
    __atomic_fetch_add(&(word), value, __ATOMIC_RELAXED)

/* Stores the value if the word still is what was read; otherwise sets `read`
 * to what it is. */
#define CORS_REPLACE(word, read, value)                                       \
    __atomic_compare_exchange_n(&(word), &(read), value, 0, __ATOMIC_RELAXED, \
                                __ATOMIC_RELAXED)

/* What follows an acquire sees all that came before the release. */
#define CORS_LOAD_ACQUIRE(word) __atomic_load_n(&(word), __ATOMIC_ACQUIRE)
#define CORS_STORE_RELEASE(word, value) \
    __atomic_store_n(&(word), value, __ATOMIC_RELEASE)
#define CORS_REPLACE_ACQUIRE(word, read, value)                               \
    __atomic_compare_exchange_n(&(word), &(read), value, 0, __ATOMIC_ACQUIRE, \
                                __ATOMIC_RELAXED)
#define CORS_AND_RELEASE(word, value) \
    ((void)__atomic_fetch_and(&(word), value, __ATOMIC_RELEASE))
#define CORS_FENCE_ACQUIRE() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define CORS_FENCE_RELEASE() __atomic_thread_fence(__ATOMIC_RELEASE)

/* Returns the number of the lowest bit that is set.  One must be. */
static inline unsigned int cors_lowest_bit(apr_uint64_t bits)
{
    return (unsigned int)__builtin_ctzll(bits);
}

#endif
