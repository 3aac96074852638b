/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Images.  The first line of the input is an origin, the rest is looked at in
 * two ways: as a block of memory that claims to be an image, in which a
 * look-up must stay; and as words, of which an image is built that must find
 * what a scan of the words finds, whole and with bytes changed. */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "naive.h"
#include "policy/image_build.h"

/* Bytes. */
#define SIZE 65536

/* Of the words, const char *. */
typedef struct built_t {
    const cors_image_t *image;
    const apr_array_header_t *words;
} built_t;

static unsigned int find(const cors_image_t *image, size_t size,
                         const char *text)
{
    size_t len = strlen(text);
    unsigned int found = cors_image_find_exact(image, size, text, len);
    cors_origin_t origin;

    if (!found && cors_origin_parse(text, len, &origin) == CORS_ORIGIN_OK
        && origin.host) {
        found = cors_image_find_pattern(image, size, &origin);
    }
    return found;
}

/* The block is aligned, and ends where the sanitizer sees a byte too far. */
static void look_in(const void *bytes, size_t len, const char *origin)
{
    size_t size = len / CORS_IMAGE_ALIGN * CORS_IMAGE_ALIGN;
    void *block;

    if (size >= sizeof(cors_image_t)) {
        block = malloc(size);
        memcpy(block, bytes, size);
        find(block, size, origin);
        free(block);
    }
}

static built_t build(char *text, apr_pool_t *p)
{
    apr_array_header_t *words = apr_array_make(p, 8, sizeof(char *));
    cors_image_builder_t *builder = cors_image_builder_make(SIZE, p);
    built_t built = { NULL, words };
    cors_pattern_t pattern;
    char *state;
    char *word = apr_strtok(text, " \t\r\n", &state);

    for (; word; word = apr_strtok(NULL, " \t\r\n", &state)) {
        if (cors_pattern_parse(word, &pattern) == CORS_PATTERN_OK
            && pattern.origin.host
            && cors_image_builder_add(builder, word, strlen(word), &pattern,
                                      0)) {
            APR_ARRAY_PUSH(words, const char *) = word;
        }
    }
    built.image = cors_image_builder_finish(builder);
    return built;
}

static int is_allowed(const apr_array_header_t *words, const char *origin)
{
    int i = 0;

    while (i < words->nelts
           && !naive_allows(APR_ARRAY_IDX(words, i, const char *), origin)) {
        i++;
    }
    return i < words->nelts;
}

static void check(const built_t *built, const char *origin)
{
    cors_origin_t parsed;

    if (cors_origin_parse(origin, strlen(origin), &parsed) == CORS_ORIGIN_OK
        && parsed.host) {
        FUZZ_CHECK(!find(built->image, built->image->used, origin)
                       == !is_allowed(built->words, origin),
                   "'%s'", origin);
    }
}

static void check_all(const built_t *built, apr_pool_t *p)
{
    int i, j;

    for (i = 0; i < built->words->nelts; i++) {
        const apr_array_header_t *tries = naive_candidates(
            APR_ARRAY_IDX(built->words, i, const char *), p);

        for (j = 0; j < tries->nelts; j++) {
            check(built, APR_ARRAY_IDX(tries, j, const char *));
        }
    }
}

/* Each word of the header, and some of the rest, in turn all ones. */
static void spoil(const cors_image_t *image, const char *origin, apr_pool_t *p)
{
    apr_uint32_t *words = apr_pmemdup(p, image, image->used);
    size_t count = image->used / sizeof(*words);
    size_t i;

    for (i = 0; i < count; i += 1 + i / 16) {
        apr_uint32_t kept = words[i];

        words[i] = i % 2 ? 0xffffffffu : kept + 8;
        look_in(words, image->used, origin);
        words[i] = kept;
    }
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    const char *line_end = memchr(text, '\n', len);
    size_t first = line_end ? (size_t)(line_end - text) : len;
    const char *origin = apr_pstrmemdup(p, text, first);
    const char *rest = line_end ? line_end + 1 : text + len;
    size_t rest_len = (size_t)(text + len - rest);
    built_t built;

    look_in(rest, rest_len, origin);
    built = build(apr_pstrmemdup(p, rest, rest_len), p);
    if (built.image) {
        check(&built, origin);
        check_all(&built, p);
        spoil(built.image, origin, p);
    }
}
