/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Images: what is found in them, against lists of the same words; how large
 * they get; and that no block of memory leads a look-up astray. */

#include "lists.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "grammar/hash.h"
#include "policy/image_build.h"

static cors_image_builder_t *builder;

static void add(const char *text, unsigned int risks)
{
    cors_pattern_t pattern;

    assert_int_equal(cors_pattern_parse(text, &pattern), CORS_PATTERN_OK);
    assert_true(
        cors_image_builder_add(builder, text, strlen(text), &pattern, risks));
}

static const cors_image_t *image_of(const char *text, apr_pool_t *p)
{
    char *state;
    char *word = apr_strtok(apr_pstrdup(p, text), " ", &state);

    builder = cors_image_builder_make(1 << 20, p);
    assert_non_null(builder);
    for (; word; word = apr_strtok(NULL, " ", &state)) {
        add(word, 0);
    }
    return cors_image_builder_finish(builder);
}

/* As a list answers: exact origins, then patterns. */
static unsigned int find(const cors_image_t *image, const char *text)
{
    cors_origin_t origin;
    unsigned int found = cors_image_find_exact(image, image->used, text,
                                               strlen(text));

    if (!found && cors_origin_parse(text, strlen(text), &origin) == 0
        && origin.host) {
        found = cors_image_find_pattern(image, image->used, &origin);
    }
    return found;
}

static void finds(void **state)
{
    static const struct {
        const char *words, *origin;
        int found;
    } rows[] = {
        { "https://a.example", "https://a.example", 1 },
        { "https://a.example", "https://a.exampl", 0 },
        { "https://a.example", "https://a.example0", 0 },
        { "https://a.example", "http://a.example", 0 },
        { "https://a.example", "https://a.example:8443", 0 },
        { "x://y", "x://y", 1 },
        { "x://y", "x://z", 0 },
        { "https://abcdefgh", "https://abcdefgh", 1 },
        { "https://*.a.example", "https://a.example", 0 },
        { "https://*.a.example", "https://b.a.example", 1 },
        { "https://*.a.example", "https://c.b.a.example", 1 },
        { "https://*.a.example", "https://b.a.example:8443", 0 },
        { "https://*.a.example", "https://ba.example", 0 },
        { "https://*.a.example", "http://b.a.example", 0 },
        { "https://*.a.example:8443", "https://b.a.example:8443", 1 },
        { "https://*.a.example:8443", "https://b.a.example:844", 0 },
        { "https://*.a.example:8443", "https://b.a.example", 0 },
        { "https://*.a.example:*", "https://b.a.example:1", 1 },
        { "https://*.a.example:*", "https://b.a.example", 1 },
        { "https://*.a.example:*", "https://a.example", 0 },
        { "http://localhost:*", "http://localhost", 1 },
        { "http://localhost:*", "http://localhost:65535", 1 },
        { "http://localhost:*", "http://a.localhost", 0 },
        { "http://[::1]:*", "http://[::1]:8080", 1 },
        { "https://*.com", "https://a.com", 1 },
        { "", "https://a.example", 0 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_image_t *image = image_of(rows[i].words, *state);

        check_number(rows[i].origin, find(image, rows[i].origin) != 0,
                     (unsigned long)rows[i].found, rows[i].words);
    }
}

/* The pattern that is found, as it was added: the most specific one. */
static void reads_patterns(void **state)
{
    static const char words[] = "https://*.a.example https://*.b.a.example "
                                "https://*.a.example:* http://localhost:* "
                                "https://*.c.example:8443";
    static const struct {
        const char *origin, *pattern;
    } rows[] = {
        { "https://x.a.example", "https://*.a.example" },
        { "https://y.x.a.example", "https://*.a.example" },
        { "https://x.b.a.example", "https://*.b.a.example" },
        { "https://b.a.example", "https://*.a.example" },
        { "https://x.a.example:1", "https://*.a.example:*" },
        { "https://x.b.a.example:65535", "https://*.a.example:*" },
        { "http://localhost", "http://localhost:*" },
        { "https://x.c.example:8443", "https://*.c.example:8443" },
        { "https://x.c.example", NULL },
    };
    const cors_image_t *image = image_of(words, *state);
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        char text[CORS_IMAGE_PATTERN_MAX] = "";
        cors_origin_t origin;

        assert_int_equal(
            cors_origin_parse(rows[i].origin, strlen(rows[i].origin), &origin),
            CORS_ORIGIN_OK);
        assert_int_equal(
            cors_image_read_pattern(image, image->used, &origin, text) != 0,
            rows[i].pattern != NULL);
        assert_string_equal(text, rows[i].pattern ? rows[i].pattern : "");
    }
}

/* The nearest pattern decides about risks. */
static void keeps_risks(void **state)
{
    const cors_image_t *image;

    builder = cors_image_builder_make(1 << 20, *state);
    add("https://*.github.io", CORS_IMAGE_SUFFIX);
    add("https://*.a.github.io", 0);
    add("http://b.example", CORS_IMAGE_INSECURE);
    add("http://*.com", CORS_IMAGE_INSECURE | CORS_IMAGE_SUFFIX);
    add("http://*.com:*", CORS_IMAGE_INSECURE);
    image = cors_image_builder_finish(builder);
    assert_int_equal(find(image, "https://b.github.io"),
                     CORS_IMAGE_FOUND | CORS_IMAGE_SUFFIX);
    assert_int_equal(find(image, "https://b.a.github.io"), CORS_IMAGE_FOUND);
    assert_int_equal(find(image, "http://b.example"),
                     CORS_IMAGE_FOUND | CORS_IMAGE_INSECURE);
    assert_int_equal(find(image, "http://b.com"), CORS_IMAGE_FOUND
                                                      | CORS_IMAGE_INSECURE
                                                      | CORS_IMAGE_SUFFIX);
}

static const char *random_text(int is_pattern, apr_pool_t *p)
{
    static const char *const schemes[] = { "https", "http", "app" };
    static const char *const labels[] = { "a", "b", "example", "com", "x-y" };
    char *text = apr_pstrcat(p, schemes[pick(3)], "://",
                             is_pattern && pick(2) ? "*." : "", NULL);
    unsigned int i, count = 1 + pick(4);

    for (i = 0; i < count; i++) {
        text = apr_pstrcat(p, text, i ? "." : "", labels[pick(5)], NULL);
    }
    return apr_pstrcat(
        p, text, !pick(4) ? (is_pattern && pick(2) ? ":*" : ":8443") : "",
        NULL);
}

/* A list, which has tests and an oracle of its own, has the same words. */
static void agrees_with_lists(void **state)
{
    int round, i;

    for (round = 0; round < 300; round++) {
        cors_list_t *list = apr_pcalloc(*state, sizeof(*list));
        const cors_image_t *image;
        unsigned int words = pick(40);

        builder = cors_image_builder_make(1 << 20, *state);
        while (words--) {
            const char *text = random_text(1, *state);

            add(text, 0);
            assert_null(
                cors_origins_add(list, text, NULL, NULL, *state, *state));
        }
        image = cors_image_builder_finish(builder);
        for (i = 0; i < 200; i++) {
            const char *text = random_text(0, *state);
            size_t len = strlen(text);
            cors_origin_t o;

            assert_int_equal(cors_origin_parse(text, len, &o), 0);
            check_number(text, find(image, text) != 0,
                         cors_origins_find_exact(list, text, len)
                             || cors_origins_find_pattern(list, &o),
                         "as in the list");
        }
    }
}

static void holds_many(void **state)
{
    const apr_uint32_t count = 100000;
    const cors_image_t *image;
    apr_uint32_t i;

    builder = cors_image_builder_make(16 << 20, *state);
    for (i = 0; i < count; i++) {
        add(apr_psprintf(*state, "https://t%06u.example.com", i), 0);
        add("https://again.example", 0);
    }
    assert_int_equal(cors_image_builder_count(builder), 2 * count);
    image = cors_image_builder_finish(builder);
    assert_non_null(image);
    assert_int_equal(image->exact.count, count + 1);
    for (i = 0; i < count; i++) {
        assert_true(
            find(image, apr_psprintf(*state, "https://t%06u.example.com", i)));
    }
    assert_false(find(image, "https://t100000.example.com"));
}

/* Whether count origins fit into an image of so many bytes. */
static int fits(apr_uint64_t size, apr_uint32_t count, apr_pool_t *p)
{
    apr_uint32_t i;

    builder = cors_image_builder_make(size, p);
    for (i = 0; i < count; i++) {
        const char *text = apr_psprintf(p, "https://%u.a.example", i);
        cors_pattern_t pattern;

        assert_int_equal(cors_pattern_parse(text, &pattern), 0);
        if (!cors_image_builder_add(builder, text, strlen(text), &pattern,
                                    0)) {
            return 0;
        }
    }
    return cors_image_builder_finish(builder) != NULL;
}

static void is_bounded(void **state)
{
    /* The header takes 64 bytes at most, each text 24. */
    assert_true(fits(4096, 64, *state));
    assert_false(fits(4096, 128, *state));
    assert_false(fits(4096, 4096, *state));
}

/* Anything may stand in a block: under ASan this reads no byte outside. */
static void reads_any_block(void **state)
{
    int round;
    cors_origin_t origin;
    const char *text = "https://a.b.example:8443";

    assert_int_equal(cors_origin_parse(text, strlen(text), &origin), 0);
    for (round = 0; round < 20000; round++) {
        size_t size = sizeof(cors_image_t) + 8 * pick(64);
        cors_image_t *image = malloc(size);
        size_t i;

        if (!image) {
            fail_msg("no memory");
            return;
        }
        for (i = 0; i < size; i++) {
            ((unsigned char *)image)[i] = (unsigned char)pick(256);
        }
        if (pick(2)) {
            image->exact.at = image->patterns.at = 8 * pick(80);
            image->exact.bits = image->patterns.bits = 3 + pick(3);
            image->kinds = 7;
        }
        cors_image_find_exact(image, size, text, strlen(text));
        cors_image_find_pattern(image, size, &origin);
        free(image);
    }
}

/* A block that ends where nothing may be read. */
typedef struct guarded_t {
    char *pages;
    size_t used;
    cors_image_t *image;
    size_t size;
} guarded_t;

#define PAGE 65536

static guarded_t guard(const cors_image_t *image)
{
    size_t used = (image->used + PAGE - 1) / PAGE * PAGE;
    guarded_t guarded = { NULL, used, NULL, image->used };

    guarded.pages = mmap(NULL, used + PAGE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(guarded.pages, MAP_FAILED);
    assert_int_equal(mprotect(guarded.pages + used, PAGE, PROT_NONE), 0);
    guarded.image = (void *)(guarded.pages + used - image->used);
    memcpy(guarded.image, image, image->used);
    return guarded;
}

/* Every word of a whole image in turn is what it should not be. */
static void stays_within_the_block(void **state)
{
    static const char exact[] = "https://exact.example";
    static const char below[] = "https://a.b.below.example:8443";
    guarded_t guarded = guard(image_of(
        "https://exact.example https://*.below.example:8443 http://x:*",
        *state));
    apr_uint32_t *words = (void *)guarded.image;
    size_t size = guarded.size;
    cors_origin_t origin;
    size_t i, j;

    assert_int_equal(cors_origin_parse(below, strlen(below), &origin), 0);
    for (i = 0; i < size / sizeof(*words); i++) {
        apr_uint32_t kept = words[i];
        apr_uint32_t others[] = { 0,
                                  0xffffffffu,
                                  kept ^ 0x80000000u,
                                  kept + 8,
                                  kept * 2,
                                  (apr_uint32_t)size,
                                  (apr_uint32_t)size - 8,
                                  (apr_uint32_t)size | CORS_IMAGE_FOUND,
                                  ((apr_uint32_t)size - 8) | CORS_IMAGE_FOUND,
                                  0xfffffff8u | CORS_IMAGE_FOUND };

        for (j = 0; j < COUNT(others); j++) {
            words[i] = others[j];
            cors_image_find_exact(guarded.image, size, exact, strlen(exact));
            cors_image_find_pattern(guarded.image, size, &origin);
        }
        words[i] = kept;
    }
    assert_true(
        cors_image_find_exact(guarded.image, size, exact, strlen(exact)));
    assert_true(cors_image_find_pattern(guarded.image, size, &origin));
    munmap(guarded.pages, guarded.used + PAGE);
}

/* Two texts of one hash are told apart by their bytes, up to the last. */
static void compares_texts(void **state)
{
    static const struct {
        const char *listed, *other;
    } rows[] = {
        { "https://a.example", "https://b.example" },
        { "https://a.example", "https://a.exampl" },
        { "https://a.example", "https://a.example0" },
        { "https://abcdefgh", "https://abcdefg" },
        { "https://abcdefgh", "https://abcdefghi" },
        { "https://abcdefg", "https://abcdefgh" },
        { "x://a", "x://b" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_image_t *image = apr_pmemdup(
            *state, image_of(rows[i].listed, *state), 4096);
        cors_slot_t *slots = (void *)((char *)image + image->exact.at);
        cors_slot_t slot = { 0, 0 };
        apr_uint64_t seed = (apr_uint64_t)image->seed_high << 32
                            | image->seed_low;
        size_t j;

        for (j = 0; j < (size_t)1 << image->exact.bits; j++) {
            if (slots[j].at) {
                slot = slots[j];
            }
        }
        /* The slot stands where the other would, and has its tag. */
        slot.tag = cors_image_tag(
            cors_hash_keyed(seed, rows[i].other, strlen(rows[i].other)));
        slots[cors_image_home(slot.tag, image->exact.bits)] = slot;
        check_number(rows[i].other,
                     cors_image_find_exact(image, image->used, rows[i].other,
                                           strlen(rows[i].other)),
                     0, rows[i].listed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds),           TEST(reads_patterns),
        TEST(keeps_risks),     TEST(agrees_with_lists),
        TEST(holds_many),      TEST(is_bounded),
        TEST(reads_any_block), TEST(stays_within_the_block),
        TEST(compares_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
