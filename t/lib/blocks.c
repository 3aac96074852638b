/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Preloaded into a watched httpd (tools/watch): gives each allocation from a
 * pool a block of the heap of its own.
 *
 * APR cuts allocations out of blocks of 8 KiB, which it keeps when a pool
 * goes: ASan and memcheck see neither where an allocation ends nor that it is
 * used after its pool.  APR's own pool debugging would show both, but it is
 * chosen when APR is built, and distributions don't.
 *
 * The blocks of a pool are freed by the first cleanup that is registered on
 * it, which is the last to run: everybody else's may still use them.
 *
 * With CORS_BLOCKS=FOLDER each process keeps the number of bytes that its
 * pools hold in FOLDER/PID, as eight bytes of its own order.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <apr_pools.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>

#if defined(__GNUC__) && !defined(__clang__)
/* gcc 12's analyser loses sight of what an owner holds. */
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

typedef struct owner_t {
    struct owner_t *next;
    const apr_pool_t *pool;
    void **blocks;
    apr_size_t count, room;
} owner_t;

#define BUCKETS 1024

static owner_t *owners[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Above 0: memory comes from the pool itself, and goes when all cleanups have
 * run. */
static __thread int direct;

static uint64_t uncounted;
static uint64_t *held = &uncounted;

/* Goes on counting in a file of this process's own. */
static void count_here(void)
{
    char path[4096];
    uint64_t *here;
    int fd;

    (void)snprintf(path, sizeof(path), "%s/%d", getenv("CORS_BLOCKS"),
                   (int)getpid());
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof(*here)) != 0) {
        abort();
    }
    here = mmap(NULL, sizeof(*here), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                0);
    if (here == MAP_FAILED) {
        abort();
    }
    close(fd);
    *here = *held;
    held = here;
}

__attribute__((constructor)) static void begin(void)
{
    if (getenv("CORS_BLOCKS")) {
        count_here();
        pthread_atfork(NULL, NULL, count_here);
    }
}

static owner_t **bucket(const apr_pool_t *p)
{
    return &owners[((uintptr_t)p >> 6) % BUCKETS];
}

static owner_t *find(const apr_pool_t *p)
{
    owner_t *owner;

    pthread_mutex_lock(&lock);
    owner = *bucket(p);
    while (owner && owner->pool != p) {
        owner = owner->next;
    }
    pthread_mutex_unlock(&lock);
    return owner;
}

static apr_status_t release(void *data)
{
    owner_t *owner = data;
    owner_t **at;

    pthread_mutex_lock(&lock);
    at = bucket(owner->pool);
    while (*at != owner) {
        at = &(*at)->next;
    }
    *at = owner->next;
    pthread_mutex_unlock(&lock);
    while (owner->count > 0) {
        void *block = owner->blocks[--owner->count];

        __atomic_sub_fetch(held, malloc_usable_size(block), __ATOMIC_RELAXED);
        free(block);
    }
    free(owner->blocks);
    free(owner);
    return APR_SUCCESS;
}

static void *or_abort(void *p)
{
    if (!p) {
        abort();
    }
    return p;
}

static owner_t *make(apr_pool_t *p)
{
    owner_t *owner = or_abort(calloc(1, sizeof(*owner)));

    owner->pool = p;
    pthread_mutex_lock(&lock);
    owner->next = *bucket(p);
    *bucket(p) = owner;
    pthread_mutex_unlock(&lock);
    direct++;
    apr_pool_cleanup_register(p, owner, release, apr_pool_cleanup_null);
    direct--;
    return owner;
}

void *apr_palloc(apr_pool_t *p, apr_size_t size)
{
    static void *(*next)(apr_pool_t *, apr_size_t);
    owner_t *owner;
    void *block;

    if (direct) {
        if (!next) {
            *(void **)&next = or_abort(dlsym(RTLD_NEXT, "apr_palloc"));
        }
        return next(p, size);
    }
    owner = find(p);
    if (!owner) {
        owner = make(p);
    }
    if (owner->count == owner->room) {
        owner->room = owner->room ? 2 * owner->room : 8;
        owner->blocks = or_abort(
            realloc(owner->blocks, owner->room * sizeof(void *)));
    }
    block = or_abort(malloc(size));
    __atomic_add_fetch(held, malloc_usable_size(block), __ATOMIC_RELAXED);
    owner->blocks[owner->count++] = block;
    return block;
}

/* Writes into the pool's own block, without apr_palloc(). */
char *apr_pvsprintf(apr_pool_t *p, const char *format, va_list args)
{
    static char *(*next)(apr_pool_t *, const char *, va_list);

    if (!next) {
        *(void **)&next = or_abort(dlsym(RTLD_NEXT, "apr_pvsprintf"));
    }
    return apr_pstrdup(p, next(p, format, args));
}

/* A pool waits for its processes after the last cleanup. */
void apr_pool_note_subprocess(apr_pool_t *p, apr_proc_t *proc,
                              apr_kill_conditions_e how)
{
    static void (*next)(apr_pool_t *, apr_proc_t *, apr_kill_conditions_e);

    if (!next) {
        *(void **)&next = or_abort(
            dlsym(RTLD_NEXT, "apr_pool_note_subprocess"));
    }
    direct++;
    next(p, apr_pmemdup(p, proc, sizeof(*proc)), how);
    direct--;
}
