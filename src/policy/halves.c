/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/halves.h"

#include "grammar/compiler.h"

/* How often a reader looks.  Two writers in one look are a matter of seconds
 * to the reader: who is stopped so often gives up. */
#define LOOKS_MAX 8

/* The unit that is copied at once. */
typedef unsigned long unit_t;

#define LOAD CORS_LOAD

static char *half_of(const cors_halves_t *snapshot, apr_uint32_t gen)
{
    return snapshot->halves + (gen & 1) * snapshot->size;
}

int cors_halves_begin(const cors_halves_t *snapshot, apr_uint32_t now,
                      cors_view_t *view)
{
    const cors_generations_t *generations = snapshot->generations;

    if (!generations) {
        return 0;
    }
    view->gen = CORS_LOAD_ACQUIRE(generations->gen);
    view->image = (const void *)half_of(snapshot, view->gen);
    return view->gen && now <= LOAD(generations->good_until);
}

int cors_halves_is_whole(const cors_halves_t *snapshot,
                         const cors_view_t *view)
{
    CORS_FENCE_ACQUIRE();
    return LOAD(snapshot->generations->begun) - view->gen < 2;
}

/* Looks again until what was seen is all of one image. */
#define FIND(snapshot, now, seen, find)                        \
    do {                                                       \
        cors_view_t view;                                      \
        int looks = 0;                                         \
                                                               \
        while (looks++ < LOOKS_MAX                             \
               && cors_halves_begin(snapshot, now, &view)) {   \
            unsigned int found = find;                         \
                                                               \
            if (cors_halves_is_whole(snapshot, &view)) {       \
                (seen)->risks = found & CORS_IMAGE_RISKS;      \
                (seen)->gen = view.gen;                        \
                return found ? CORS_FOUND_YES : CORS_FOUND_NO; \
            }                                                  \
        }                                                      \
        return CORS_FOUND_UNKNOWN;                             \
    } while (0)

cors_found_e cors_halves_find_exact(const cors_halves_t *snapshot,
                                    apr_uint32_t now, const char *text,
                                    size_t len, cors_seen_t *seen)
{
    FIND(snapshot, now, seen,
         cors_image_find_exact(view.image, snapshot->size, text, len));
}

cors_found_e cors_halves_find_pattern(const cors_halves_t *snapshot,
                                      apr_uint32_t now,
                                      const cors_origin_t *origin,
                                      cors_seen_t *seen)
{
    FIND(snapshot, now, seen,
         cors_image_find_pattern(view.image, snapshot->size, origin));
}

cors_found_e cors_halves_read_pattern(const cors_halves_t *snapshot,
                                      apr_uint32_t now,
                                      const cors_origin_t *origin,
                                      cors_seen_t *seen,
                                      char text[CORS_IMAGE_PATTERN_MAX])
{
    FIND(snapshot, now, seen,
         cors_image_read_pattern(view.image, snapshot->size, origin, text));
}

void cors_halves_publish(const cors_halves_t *snapshot,
                         const cors_image_t *image)
{
    cors_generations_t *generations = snapshot->generations;
    apr_uint32_t gen = LOAD(generations->gen) + 1;
    const unit_t *from = (const void *)image;
    unit_t *to;
    size_t i;

    /* 0 says that there is none.  The half is that of an even number. */
    gen += gen ? 0 : 2;
    to = (void *)half_of(snapshot, gen);
    CORS_STORE(generations->begun, gen);
    CORS_FENCE_RELEASE();
    for (i = 0; i < image->used / sizeof(unit_t); i++) {
        CORS_STORE(to[i], from[i]);
    }
    CORS_STORE_RELEASE(generations->gen, gen);
}

void cors_halves_set_good_until(const cors_halves_t *snapshot,
                                apr_uint32_t good_until)
{
    CORS_STORE(snapshot->generations->good_until, good_until);
}
