/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Snapshots in memory that processes share, while readers are stopped in the
 * middle of a look-up and writers are killed in the middle of a copy. */

#include "snapshots.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Images that differ in all that a look-up reads: each has a seed of its own.
 */
#define IMAGES 8
#define ALWAYS "https://*.always.example:* https://always.example"
#define NEVER  "https://never.example"

#define STOPS 300
#define KILLS 60

/* What all processes of a test share. */
typedef struct shared_t {
    cors_generations_t generations;
    unsigned int done;
    unsigned long wrong, unknown, looked;
} shared_t;

typedef struct fixture_t {
    shared_t *shared;
    cors_halves_t snapshot;
    const cors_image_t *images[IMAGES];
} fixture_t;

static void *share(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert_ptr_not_equal(memory, MAP_FAILED);
    return memory;
}

/* more: further origins of each image, which make it larger. */
static fixture_t *make_fixture(unsigned int more, apr_pool_t *p)
{
    fixture_t *f = apr_pcalloc(p, sizeof(*f));
    unsigned int i, j;

    f->shared = share(sizeof(*f->shared));
    f->snapshot.generations = &f->shared->generations;
    f->snapshot.size = 8192 + 128 * (size_t)more;
    f->snapshot.halves = share(2 * f->snapshot.size);
    for (i = 0; i < IMAGES; i++) {
        apr_array_header_t *words = apr_array_make(p, 8, sizeof(char *));

        APR_ARRAY_PUSH(words, const char *) = ALWAYS;
        for (j = 0; j < more + 3 * i; j++) {
            APR_ARRAY_PUSH(words, const char *) = apr_psprintf(
                p, "https://%u-%u.x", i, j);
        }
        f->images[i] = image_of(apr_array_pstrcat(p, words, ' '),
                                f->snapshot.size, p);
    }
    cors_halves_publish(&f->snapshot, f->images[0]);
    cors_halves_set_good_until(&f->snapshot, CORS_HALVES_FOREVER);
    return f;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the builtin writes */
static void add(unsigned long *sum, unsigned long more)
{
    __atomic_fetch_add(sum, more, __ATOMIC_RELAXED);
}

/* An origin of so many labels that a look-up takes as long as it can. */
#define LABELS \
    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.a.b.c.d.e.f.g.h.i.j."
static const char below[] = "https://" LABELS LABELS "always.example:8443";

/* Looks up what is in all images and what is in none. */
static void look(const fixture_t *f)
{
    static const char always[] = "https://always.example";
    shared_t *shared = f->shared;
    cors_seen_t seen = { 0, 0 };
    cors_found_e found[3];
    cors_origin_t origin;
    size_t i;

    cors_origin_parse(below, strlen(below), &origin);
    found[0] = cors_halves_find_pattern(&f->snapshot, 1, &origin, &seen);
    found[1] = cors_halves_find_exact(&f->snapshot, 1, always, strlen(always),
                                      &seen);
    found[2] = cors_halves_find_exact(&f->snapshot, 1, NEVER, strlen(NEVER),
                                      &seen);
    for (i = 0; i < COUNT(found); i++) {
        add(&shared->wrong,
            found[i] == (i < 2 ? CORS_FOUND_NO : CORS_FOUND_YES));
        add(&shared->unknown, found[i] == CORS_FOUND_UNKNOWN);
    }
    add(&shared->looked, 1);
}

/* No assertion in a child: cmocka's are for one process. */
static pid_t start(const fixture_t *f, void (*run)(const fixture_t *f))
{
    pid_t pid = fork();

    if (pid == 0) {
        alarm(60);
        while (!__atomic_load_n(&f->shared->done, __ATOMIC_ACQUIRE)) {
            run(f);
        }
        _exit(0);
    }
    assert_true(pid > 0);
    return pid;
}

static int wait_for(pid_t pid, int options)
{
    int status = 0;

    while (waitpid(pid, &status, options) < 0) {
        assert_int_equal(errno, EINTR);
    }
    return status;
}

static void finish(fixture_t *f, pid_t reader)
{
    __atomic_store_n(&f->shared->done, 1, __ATOMIC_RELEASE);
    check_number("the reader's end", (unsigned long)wait_for(reader, 0), 0,
                 "by itself");
    check_number("wrong answers", f->shared->wrong, 0,
                 "of what is always or never listed");
    check_number("no answers", f->shared->unknown, 0,
                 "there is always a whole image");
    assert_true(f->shared->looked > 100);
}

/* Nearly all that the reader does is look: most stops are within a look-up. */
static void survives_stopped_readers(void **state)
{
    fixture_t *f = make_fixture(0, *state);
    pid_t reader = start(f, look);
    unsigned int i, next = 0;

    for (i = 0; i < STOPS; i++) {
        unsigned int generations = 1 + i % 4;
        int status;

        usleep(pick(400));
        kill(reader, SIGSTOP);
        status = wait_for(reader, WUNTRACED);
        assert_true(WIFSTOPPED(status));
        while (generations--) {
            cors_halves_publish(&f->snapshot, f->images[++next % IMAGES]);
        }
        kill(reader, SIGCONT);
    }
    finish(f, reader);
}

static void write_all(const fixture_t *f)
{
    apr_uint32_t gen = __atomic_load_n(&f->shared->generations.gen,
                                       __ATOMIC_RELAXED);

    cors_halves_publish(&f->snapshot, f->images[gen % IMAGES]);
}

/* One that is killed has spoilt the half that nobody reads; the next one goes
 * on from there. */
static void survives_killed_writers(void **state)
{
    fixture_t *f = make_fixture(2000, *state);
    pid_t reader = start(f, look);
    unsigned int i, halfway = 0;

    for (i = 0; i < KILLS; i++) {
        pid_t writer = start(f, write_all);
        const cors_generations_t *generations = &f->shared->generations;
        int status;

        usleep(2000 + pick(5000));
        kill(writer, SIGKILL);
        status = wait_for(writer, 0);
        assert_true(WIFSIGNALED(status));
        halfway += generations->begun != generations->gen;
        assert_true(generations->begun - generations->gen <= 1);
    }
    finish(f, reader);
    assert_true(halfway > 0);
    assert_true(f->shared->generations.gen > KILLS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(survives_stopped_readers),
        TEST(survives_killed_writers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
