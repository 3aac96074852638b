/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What unit tests begin with. */

#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <apr_strings.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A pool for each test. */
static int make_pool(void **state)
{
    apr_initialize();
    return apr_pool_create((apr_pool_t **)state, NULL) != APR_SUCCESS;
}

static int destroy_pool(void **state)
{
    apr_pool_destroy(*state);
    return 0;
}

/* Compares two texts, either of which may be NULL.  what and reason tell the
 * row that fails. */
static inline void check_text(const char *what, const char *have,
                              const char *want, const char *reason)
{
    if (have && want ? strcmp(have, want) != 0 : have != want) {
        fail_msg("%s: '%s' where '%s' is expected: %s", what,
                 have ? have : "(NULL)", want ? want : "(NULL)", reason);
    }
}

static inline void check_number(const char *what, unsigned long long have,
                                unsigned long long want, const char *reason)
{
    if (have != want) {
        fail_msg("%s: %llu where %llu is expected: %s", what, have, want,
                 reason);
    }
}

/* Returns a number below n.  The sequence is the same on every machine. */
static inline unsigned int pick(unsigned int n)
{
    static unsigned int seed = 1;

    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % n;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_pool, destroy_pool)

#endif
