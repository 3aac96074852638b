/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Snapshots: one writer, many readers, and what each of them sees. */

#include "unit.h"

#include <pthread.h>
#include <stdlib.h>

#include "policy/image_build.h"
#include "policy/halves.h"

#define SIZE 8192

static cors_halves_t *make_snapshot(apr_pool_t *p)
{
    cors_halves_t *snapshot = apr_pcalloc(p, sizeof(*snapshot));

    snapshot->generations = apr_pcalloc(p, sizeof(cors_generations_t));
    snapshot->halves = apr_pcalloc(p, 2 * SIZE);
    snapshot->size = SIZE;
    return snapshot;
}

/* An image of one origin, and of one that is in all. */
static const cors_image_t *image_of(const char *text, apr_pool_t *p)
{
    cors_image_builder_t *builder = cors_image_builder_make(SIZE, p);
    static const char always[] = "https://*.always.example";
    cors_pattern_t pattern;

    assert_int_equal(cors_pattern_parse(text, &pattern), 0);
    assert_true(cors_image_builder_add(builder, text, strlen(text), &pattern,
                                       CORS_IMAGE_INSECURE));
    assert_int_equal(cors_pattern_parse(always, &pattern), 0);
    assert_true(
        cors_image_builder_add(builder, always, strlen(always), &pattern, 0));
    return cors_image_builder_finish(builder);
}

static cors_found_e find(const cors_halves_t *snapshot, apr_uint32_t now,
                         const char *text)
{
    cors_seen_t seen = { 0, 0 };

    return cors_halves_find_exact(snapshot, now, text, strlen(text), &seen);
}

static cors_found_e find_below(const cors_halves_t *snapshot, const char *text)
{
    cors_seen_t seen = { 0, 0 };
    cors_origin_t origin;

    assert_int_equal(cors_origin_parse(text, strlen(text), &origin), 0);
    return cors_halves_find_pattern(snapshot, 1, &origin, &seen);
}

static void replaces_images(void **state)
{
    cors_halves_t *snapshot = make_snapshot(*state);
    const cors_image_t *a = image_of("http://a.example", *state);
    const cors_image_t *b = image_of("http://b.example", *state);
    cors_seen_t seen = { 0, 0 };
    int i;

    cors_halves_set_good_until(snapshot, 10);
    assert_int_equal(find(snapshot, 1, "http://a.example"),
                     CORS_FOUND_UNKNOWN);
    for (i = 0; i < 5; i++) {
        cors_halves_publish(snapshot, i % 2 ? b : a);
        cors_halves_set_good_until(snapshot, 10);
        assert_int_equal(find(snapshot, 1, "http://a.example"),
                         i % 2 ? CORS_FOUND_NO : CORS_FOUND_YES);
        assert_int_equal(find(snapshot, 1, "http://b.example"),
                         i % 2 ? CORS_FOUND_YES : CORS_FOUND_NO);
    }
    assert_int_equal(
        cors_halves_find_exact(snapshot, 1, "http://a.example", 16, &seen),
        CORS_FOUND_YES);
    assert_int_equal(seen.risks, CORS_IMAGE_INSECURE);
    assert_int_equal(find_below(snapshot, "https://x.always.example"),
                     CORS_FOUND_YES);
    assert_int_equal(find_below(snapshot, "https://always.example"),
                     CORS_FOUND_NO);
}

static void ends_on_time(void **state)
{
    cors_halves_t *snapshot = make_snapshot(*state);
    const char *text = "http://a.example";

    cors_halves_publish(snapshot, image_of(text, *state));
    cors_halves_set_good_until(snapshot, 10);
    assert_int_equal(find(snapshot, 10, text), CORS_FOUND_YES);
    assert_int_equal(find(snapshot, 11, text), CORS_FOUND_UNKNOWN);
    cors_halves_set_good_until(snapshot, CORS_HALVES_FOREVER);
    assert_int_equal(find(snapshot, 0xffffffffu, text), CORS_FOUND_YES);
}

/* A reader that is stopped while it looks: one new generation is in the other
 * half, the second is where the reader looks. */
static void looks_again(void **state)
{
    cors_halves_t *snapshot = make_snapshot(*state);
    const cors_image_t *image = image_of("http://a.example", *state);
    cors_view_t view;

    cors_halves_publish(snapshot, image);
    cors_halves_set_good_until(snapshot, 10);
    assert_true(cors_halves_begin(snapshot, 1, &view));
    assert_true(cors_halves_is_whole(snapshot, &view));
    cors_halves_publish(snapshot, image);
    assert_true(cors_halves_is_whole(snapshot, &view));
    /* As soon as the second is begun. */
    snapshot->generations->begun++;
    assert_false(cors_halves_is_whole(snapshot, &view));
    cors_halves_publish(snapshot, image);
    assert_false(cors_halves_is_whole(snapshot, &view));
    /* Also where the numbers begin anew. */
    snapshot->generations->gen = snapshot->generations->begun = 0xffffffffu;
    cors_halves_publish(snapshot, image);
    assert_int_equal(find(snapshot, 1, "http://a.example"), CORS_FOUND_YES);
    assert_true(snapshot->generations->gen != 0);
}

/* A writer that is killed while it copies: begun is one more than gen, and the
 * half that nobody reads is spoilt. */
static void survives_writers(void **state)
{
    cors_halves_t *snapshot = make_snapshot(*state);
    const cors_image_t *b = image_of("http://b.example", *state);

    cors_halves_publish(snapshot, image_of("http://a.example", *state));
    cors_halves_set_good_until(snapshot, 10);
    snapshot->generations->begun++;
    memset(snapshot->halves, 0xff, SIZE);
    assert_int_equal(find(snapshot, 1, "http://a.example"), CORS_FOUND_YES);
    cors_halves_publish(snapshot, b);
    assert_int_equal(snapshot->generations->gen, 2);
    assert_int_equal(snapshot->generations->begun, 2);
    assert_int_equal(find(snapshot, 1, "http://b.example"), CORS_FOUND_YES);
}

#define GENERATIONS 3000
#define READERS     3

typedef struct race_t {
    cors_halves_t *snapshot;
    unsigned int done;
    unsigned long wrong, looked;
} race_t;

/* No assertion: cmocka's are for one thread. */
static void *read_on(void *data)
{
    race_t *race = data;
    unsigned long wrong = 0, looked = 0;
    cors_seen_t seen = { 0, 0 };
    cors_origin_t origin;

    cors_origin_parse("https://x.always.example", 24, &origin);
    while (!__atomic_load_n(&race->done, __ATOMIC_ACQUIRE)) {
        wrong += cors_halves_find_pattern(race->snapshot, 1, &origin, &seen)
                 == CORS_FOUND_NO;
        wrong += find(race->snapshot, 1, "http://never.example")
                 == CORS_FOUND_YES;
        looked++;
    }
    __atomic_fetch_add(&race->wrong, wrong, __ATOMIC_RELAXED);
    __atomic_fetch_add(&race->looked, looked, __ATOMIC_RELAXED);
    return NULL;
}

/* Under SANITIZE=thread this looks for races as well. */
static void reads_while_it_is_written(void **state)
{
    race_t race = { make_snapshot(*state), 0, 0, 0 };
    const cors_image_t *images[2] = { image_of("http://a.example", *state),
                                      image_of("http://b.example", *state) };
    pthread_t readers[READERS];
    int i;

    cors_halves_publish(race.snapshot, images[0]);
    cors_halves_set_good_until(race.snapshot, 10);
    for (i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, &race), 0);
    }
    for (i = 0; i < GENERATIONS; i++) {
        cors_halves_publish(race.snapshot, images[i % 2]);
    }
    __atomic_store_n(&race.done, 1, __ATOMIC_RELEASE);
    for (i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
    }
    assert_int_equal(race.wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(replaces_images),
        TEST(ends_on_time),
        TEST(looks_again),
        TEST(survives_writers),
        TEST(reads_while_it_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
