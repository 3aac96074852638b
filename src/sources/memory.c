/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <apr_strings.h>
#include <http_config.h>
#include <httpd.h>

#include "module/kept.h"

/* Bytes before the halves, a multiple of every page's size. */
#define PAGE 65536

struct cors_memory_t {
    cors_memory_t *next;
    const char *key;
    cors_shared_t *shared; /* PAGE bytes, and then the halves; NULL: this was
                            * forgotten */
    apr_size_t size;       /* of each half */
    int lock;              /* the file */
    int kept;              /* this configuration wants it */
};

/* Counts up whenever what is kept over a restart changes: the structures here
 * and in shared.h, halves.h and image.h, or how an image is hashed.  A
 * graceful restart may load another mod_cors than the one that has left it. */
#define LAYOUT 2

/* The list of memories that restarts keep. */
typedef struct memories_t {
    cors_memory_t *first;
} memories_t;

static memories_t *all_memories(const server_rec *s)
{
    char name[64];
    memories_t *memories;

    apr_snprintf(name, sizeof(name), "mod_cors: sets, layout %d", LAYOUT);
    memories = cors_kept_get(s, name);
    if (!memories) {
        memories = apr_pcalloc(s->process->pool, sizeof(*memories));
        cors_kept_set(s, name, memories);
    }
    return memories;
}

void cors_memory_begin(const server_rec *s)
{
    cors_memory_t *memory = all_memories(s)->first;

    for (; memory; memory = memory->next) {
        memory->kept = 0;
    }
}

static apr_size_t bytes_of(const cors_memory_t *memory)
{
    return PAGE + 2 * memory->size;
}

static void forget(cors_memory_t *memory)
{
    munmap(memory->shared, bytes_of(memory));
    close(memory->lock);
    memory->shared = NULL;
}

/* Processes that still use what is forgotten here have it mapped. */
void cors_memory_end(const server_rec *s)
{
    cors_memory_t *memory = all_memories(s)->first;

    for (; memory; memory = memory->next) {
        if (!memory->kept && memory->shared) {
            forget(memory);
        }
    }
}

static int open_lock(cors_memory_t *memory, cors_memory_fault_t *fault,
                     apr_pool_t *p)
{
    char *path = ap_runtime_dir_relative(p, "cors-set-XXXXXX");

    if (!path) {
        fault->rv = APR_EBADPATH;
        fault->folder = "DefaultRuntimeDir";
        return 0;
    }
    memory->lock = mkostemp(path, O_CLOEXEC);
    if (memory->lock < 0) {
        fault->rv = apr_get_os_error();
        fault->folder = ap_make_dirstr_parent(p, path);
        return 0;
    }
    unlink(path);
    return 1;
}

/* Only pages that are touched cost memory. */
static int map_memory(cors_memory_t *memory, cors_memory_fault_t *fault)
{
    memory->shared = mmap(NULL, bytes_of(memory), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory->shared == MAP_FAILED) {
        memory->shared = NULL;
        fault->rv = apr_get_os_error();
        fault->folder = NULL;
        return 0;
    }
    return 1;
}

static int make_memory(cors_memory_t *memory, cors_memory_fault_t *fault,
                       apr_pool_t *p)
{
    if (!map_memory(memory, fault)) {
        return 0;
    }
    if (!open_lock(memory, fault, p)) {
        munmap(memory->shared, bytes_of(memory));
        memory->shared = NULL;
        return 0;
    }
    return 1;
}

/* Returns the memory for the key, or one that was forgotten, or a new one. */
static cors_memory_t *find_memory(memories_t *memories, const char *key,
                                  apr_pool_t *p)
{
    cors_memory_t *memory = memories->first;
    cors_memory_t *forgotten = NULL;

    for (; memory; memory = memory->next) {
        if (memory->shared && strcmp(memory->key, key) == 0) {
            return memory;
        }
        forgotten = memory->shared ? forgotten : memory;
    }
    if (!forgotten) {
        forgotten = apr_pcalloc(p, sizeof(*forgotten));
        forgotten->next = memories->first;
        memories->first = forgotten;
    }
    return forgotten;
}

cors_memory_t *cors_memory_get(const server_rec *s, const char *key,
                               apr_size_t size, cors_memory_fault_t *fault)
{
    apr_pool_t *p = s->process->pool;
    cors_memory_t *memory = find_memory(all_memories(s), key, p);

    if (!memory->shared) {
        memory->key = apr_pstrdup(p, key);
        memory->size = size;
        if (!make_memory(memory, fault, p)) {
            return NULL;
        }
    }
    memory->kept = 1;
    return memory;
}

cors_shared_t *cors_memory_shared(const cors_memory_t *memory)
{
    return memory->shared;
}

cors_halves_t cors_memory_snapshot(const cors_memory_t *memory)
{
    cors_halves_t snapshot = { &memory->shared->generations,
                               (char *)memory->shared + PAGE, memory->size };

    return snapshot;
}

static int set_lock(const cors_memory_t *memory, int type)
{
    struct flock lock;

    memset(&lock, 0, sizeof(lock));
    lock.l_type = (short)type;
    lock.l_whence = SEEK_SET;
    return fcntl(memory->lock, F_SETLK, &lock) == 0;
}

int cors_memory_lock(const cors_memory_t *memory)
{
    return set_lock(memory, F_WRLCK);
}

void cors_memory_unlock(const cors_memory_t *memory)
{
    set_lock(memory, F_UNLCK);
}
