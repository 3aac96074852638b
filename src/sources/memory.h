/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The memory of a set, which all processes of the server share, and the lock
 * that says which of them reads the source.
 *
 * Both live as long as the server, over graceful restarts, so that old and new
 * processes go on with one snapshot.  The memory is anonymous: a file that the
 * server's user may write could be forged or cut by any CGI of that user.  The
 * lock is that of an unlinked file: the kernel frees it when a process dies,
 * and nobody else can open that file, because any close would free the lock.
 */

#ifndef CORS_MEMORY_H
#define CORS_MEMORY_H

#include "module/module.h"
#include "sources/shared.h"

typedef struct cors_memory_t cors_memory_t;

/* What the system refuses. */
typedef struct cors_memory_fault_t {
    apr_status_t rv;
    const char *folder; /* where the file of the lock can't be made; NULL: it
                         * is the memory that is lacking */
} cors_memory_fault_t;

/* Returns the memory for the key, which tells a set from all others: that of
 * the last configuration if that had one, else new memory with a snapshot of
 * halves of size bytes, which may be 0.  The first call after
 * cors_memory_begin() for a key keeps the memory.  Returns NULL and *fault if
 * the system gives none.  In the parent only. */
cors_memory_t *cors_memory_get(const server_rec *s, const char *key,
                               apr_size_t size, cors_memory_fault_t *fault);

/* Forget the sets that the last configuration had and this one lacks: memory
 * that is asked for between the two calls is kept. */
void cors_memory_begin(const server_rec *s);
void cors_memory_end(const server_rec *s);

cors_shared_t *cors_memory_shared(const cors_memory_t *memory);
cors_halves_t cors_memory_snapshot(const cors_memory_t *memory);

/* Takes the lock if nobody has it.  Returns whether this process has it now.
 * Threads of one process don't keep each other out. */
int cors_memory_lock(const cors_memory_t *memory);
void cors_memory_unlock(const cors_memory_t *memory);

#endif
