/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Ceilings against a scan of their texts.  Each line of the input is a
 * ceiling, the outermost first; the patterns of all, and origins made of them,
 * are held against each. */

#include "fuzz.h"

#include <string.h>

#include <apr_strings.h>

#include "naive.h"
#include "policy/limit.h"

#define LINES_MAX 16

typedef struct ceilings_t {
    const apr_array_header_t *texts[LINES_MAX]; /* const char *, of a line */
    const cors_limit_t *limits;
    int count;
} ceilings_t;

/* Adds a line's patterns to its ceiling; what is refused is in neither. */
static cors_limit_t *read_ceiling(char *line, apr_array_header_t *texts,
                                  apr_pool_t *p)
{
    cors_limit_t *limit = cors_limit_make(NULL, p);
    char *state;
    char *word = apr_strtok(line, " \t\r", &state);

    for (; word; word = apr_strtok(NULL, " \t\r", &state)) {
        if (cors_limit_takes(word)
            && !cors_limit_add(limit, word, NULL, NULL, p, p)) {
            APR_ARRAY_PUSH(texts, const char *) = word;
        }
    }
    return limit;
}

/* One half of the lines is merged before it is laid over the other. */
static void read_ceilings(char *text, ceilings_t *ceilings, apr_pool_t *p)
{
    const cors_limit_t *inner = NULL;
    char *state;
    char *line = apr_strtok(text, "\n", &state);

    for (; line && ceilings->count < LINES_MAX;
         line = apr_strtok(NULL, "\n", &state)) {
        apr_array_header_t *texts = apr_array_make(p, 4, sizeof(char *));
        const cors_limit_t *limit = read_ceiling(line, texts, p);

        if (!texts->nelts) {
            continue;
        }
        ceilings->texts[ceilings->count++] = texts;
        if (ceilings->count % 2) {
            ceilings->limits = cors_limit_merge(
                p, cors_limit_merge(p, ceilings->limits, inner), limit);
            inner = NULL;
        }
        else {
            inner = cors_limit_merge(p, inner, limit);
        }
    }
    ceilings->limits = cors_limit_merge(p, ceilings->limits, inner);
}

static int some_covers(const apr_array_header_t *texts, const char *word)
{
    int i = 0;

    while (i < texts->nelts
           && !naive_covers(APR_ARRAY_IDX(texts, i, const char *), word)) {
        i++;
    }
    return i < texts->nelts;
}

/* Whether each line has a pattern that allows the origin. */
static int is_within(const ceilings_t *ceilings, const char *origin)
{
    int i = 0;

    while (i < ceilings->count && some_covers(ceilings->texts[i], origin)) {
        i++;
    }
    return i == ceilings->count;
}

static void check_origin(const ceilings_t *ceilings, const char *text)
{
    cors_origin_t origin;
    size_t len = strlen(text);

    if (cors_origin_parse(text, len, &origin) == CORS_ORIGIN_OK) {
        int within = is_within(ceilings, text);

        FUZZ_CHECK(
            (cors_limit_find_outside(ceilings->limits, text, len) == NULL)
                == within,
            "'%s' is within: %d", text, within);
    }
}

/* What covers a pattern covers each of its origins. */
static void check_word(const ceilings_t *ceilings, const char *text,
                       apr_pool_t *p)
{
    cors_list_t *list = apr_pcalloc(p, sizeof(*list));
    const cors_limit_t *limit = ceilings->limits;
    int i;

    FUZZ_CHECK(!cors_origins_add(list, text, NULL, NULL, p, p), "'%s'", text);
    /* The nearest is the one that was read last. */
    for (i = ceilings->count - 1; limit; limit = limit->outer, i--) {
        int covers = some_covers(ceilings->texts[i], text);

        FUZZ_CHECK(cors_limit_covers(limit, list->first) == covers,
                   "'%s': ceiling %d covers it: %d", text, i, covers);
    }
    FUZZ_CHECK(i == -1, "%d ceilings are lost", i + 1);
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    ceilings_t ceilings = { { NULL }, NULL, 0 };
    int i, j, k;

    read_ceilings(apr_pstrmemdup(p, text, len), &ceilings, p);
    check_origin(&ceilings, "null");
    for (i = 0; i < ceilings.count; i++) {
        const apr_array_header_t *texts = ceilings.texts[i];

        for (j = 0; j < texts->nelts && j < 10; j++) {
            const char *word = APR_ARRAY_IDX(texts, j, const char *);
            const apr_array_header_t *all = naive_candidates(word, p);

            check_word(&ceilings, word, p);
            for (k = 0; k < all->nelts; k++) {
                check_origin(&ceilings, APR_ARRAY_IDX(all, k, const char *));
            }
        }
    }
}
