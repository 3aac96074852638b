/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Hosts of all lengths, and the longest origins, in lists and in images: both
 * walk over the ends of a host (policy/ends.h). */

#include "lists.h"
#include "snapshots.h"

/* Bytes of an image: 126 patterns of the longest hosts. */
#define SIZE 65536

/* As found() does in a list: looks for the pattern, and reads it. */
static const char *find_in_image(const char *words, const char *text,
                                 apr_pool_t *p)
{
    const cors_image_t *image = image_of(words, SIZE, p);
    char row[CORS_IMAGE_PATTERN_MAX];
    cors_origin_t origin;

    if (cors_image_find_exact(image, image->used, text, strlen(text))) {
        return text;
    }
    if (cors_origin_parse(text, strlen(text), &origin) != CORS_ORIGIN_OK
        || !cors_image_find_pattern(image, image->used, &origin)) {
        return NULL;
    }
    assert_true(cors_image_read_pattern(image, image->used, &origin, row)
                != 0);
    return apr_pstrdup(p, row);
}

/* word is NULL if none allows the text. */
static void check_both(const char *words, const char *text, const char *word,
                       const char *reason, apr_pool_t *p)
{
    check_text(text, found(origins(words, p), text), word, reason);
    check_text(text, find_in_image(words, text, p), word, reason);
}

/* A host of len bytes, of labels of one byte; the first has two where len is
 * even. */
static char *make_host(size_t len, apr_pool_t *p)
{
    char *host = apr_pcalloc(p, len + 1);
    size_t i;

    for (i = 0; i < len; i++) {
        host[len - 1 - i] = i % 2 && i + 1 < len ? '.' : 'a';
    }
    return host;
}

/* Patterns of all lengths, at hosts as long as any can be: lengths that are
 * equal modulo 64 must not be taken for each other. */
static void finds_at_every_length(void **state)
{
    size_t len;

    for (len = 1; len + 2 <= CORS_HOST_MAX; len += 2) {
        char *host = make_host(CORS_HOST_MAX, *state);
        const char *end = apr_pstrdup(*state, host + CORS_HOST_MAX - len);
        const char *word = apr_pstrcat(*state, "https://*.", end, NULL);

        check_both(word, apr_pstrcat(*state, "https://", host, NULL), word,
                   "below it", *state);
        check_both(word, apr_pstrcat(*state, "https://", end, NULL), NULL,
                   "not below itself", *state);
        host[CORS_HOST_MAX - 1] = 'b';
        check_both(word, apr_pstrcat(*state, "https://", host, NULL), NULL,
                   "another end", *state);
    }
}

/* Hosts of all lengths, with a pattern of each of their ends. */
static void finds_in_every_host(void **state)
{
    size_t len, end;

    for (len = 3; len <= CORS_HOST_MAX; len++) {
        apr_pool_t *p;
        const char *host, *text;

        apr_pool_create(&p, *state);
        host = make_host(len, p);
        text = apr_pstrcat(p, "app://", host, NULL);
        for (end = 1; end + 2 <= len; end += 2) {
            const char *word = apr_pstrcat(p, "app://*.", host + len - end,
                                           NULL);

            check_both(word, text, word, "below it", p);
        }
        apr_pool_destroy(p);
    }
}

/* Where a pattern ends at each of 126 dots, the longest is found. */
static void finds_the_longest_of_many(void **state)
{
    const char *host = make_host(CORS_HOST_MAX, *state);
    const char *words = "";
    size_t end;

    for (end = 1; end + 2 <= CORS_HOST_MAX; end += 2) {
        words = apr_pstrcat(*state, words, " https://*.",
                            host + CORS_HOST_MAX - end, NULL);
    }
    for (end = CORS_HOST_MAX; end >= 3; end -= 2) {
        const char *text = apr_pstrcat(*state, "https://",
                                       host + CORS_HOST_MAX - end, NULL);

        check_both(words, text,
                   apr_pstrcat(*state, "https://*.",
                               host + CORS_HOST_MAX - end + 2, NULL),
                   "the longest pattern", *state);
    }
}

/* The longest origin there is: 326 bytes, of which 64 are the scheme.  All
 * patterns that it can match, of which the longest has as many. */
static void finds_the_longest_origin(void **state)
{
    const char *host = make_host(CORS_HOST_MAX, *state);
    char *scheme = apr_pcalloc(*state, CORS_SCHEME_MAX + 1);
    const char *ports[] = { ":65535", ":*" };
    const char *text;
    size_t end, i;

    memset(scheme, 's', CORS_SCHEME_MAX);
    text = apr_pstrcat(*state, scheme, "://", host, ":65535", NULL);
    assert_int_equal(strlen(text), CORS_ORIGIN_MAX);
    check_both(text, text, text, "itself", *state);
    check_both(text, apr_pstrcat(*state, text, "5", NULL), NULL, "a byte more",
               *state);
    for (i = 0; i < COUNT(ports); i++) {
        for (end = 1; end + 2 <= CORS_HOST_MAX; end += 2) {
            const char *word = apr_pstrcat(*state, scheme, "://*.",
                                           host + CORS_HOST_MAX - end,
                                           ports[i], NULL);

            check_both(word, text, word, "below it", *state);
        }
    }
    check_both(apr_pstrcat(*state, scheme, "://", host, ":*", NULL), text,
               apr_pstrcat(*state, scheme, "://", host, ":*", NULL),
               "any port", *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_at_every_length),
        TEST(finds_in_every_host),
        TEST(finds_the_longest_of_many),
        TEST(finds_the_longest_origin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
