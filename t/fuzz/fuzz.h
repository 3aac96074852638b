/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What the fuzz targets have in common.  Each fuzz_<name>.c defines fuzz_one()
 * and is built twice: for libFuzzer (make fuzz), and with replay.c for the
 * inputs that are kept (make check).
 */

#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include <apr_pools.h>

/* Judges one input: len bytes at text, a block of the heap that ends there.
 * p is destroyed afterwards; what is allocated from it, or from a pool in it,
 * is a block of the heap of its own, so that AddressSanitizer sees a byte too
 * far as it can't inside a pool. */
void fuzz_one(const char *text, size_t len, apr_pool_t *p);

/* Clears a pool in it: whoever still looks at what was in the pool makes a
 * finding. */
void fuzz_clear(apr_pool_t *p);

/* What libFuzzer calls, and replay.c. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What replay.c does. */
int fuzz_replay(int argc, char **argv);

/* Ends the process with a finding unless what must hold does.  The format and
 * its arguments show what it was about. */
#define FUZZ_CHECK(what, ...)                                  \
    do {                                                       \
        if (!(what)) {                                         \
            fuzz_fail(__FILE__, __LINE__, #what, __VA_ARGS__); \
        }                                                      \
    } while (0)

void fuzz_fail(const char *file, int line, const char *what,
               const char *format, ...)
    __attribute__((format(printf, 4, 5), noreturn));

#endif
