/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/rows.h"

#include <stdarg.h>
#include <string.h>

#include <apr_strings.h>

#include "grammar/pattern_advice.h"

/* Bytes of a text that is parsed.  No pattern is longer. */
#define TEXT_MAX 1024

/* Bytes of a text that is shown. */
#define SHOWN_MAX 200

cors_rows_t *cors_rows_make(apr_uint64_t size, const cors_suffixes_t *suffixes,
                            const char *last_stamp, apr_pool_t *p)
{
    cors_rows_t *rows = apr_pcalloc(p, sizeof(*rows));

    rows->builder = cors_image_builder_make(size, p);
    rows->suffixes = suffixes;
    rows->bad = apr_array_make(p, 4, sizeof(cors_bad_row_t));
    rows->last_stamp = last_stamp;
    rows->size = size;
    rows->p = p;
    return rows->builder ? rows : NULL;
}

int cors_rows_are_same(const cors_rows_t *rows)
{
    return !rows->is_first && strcmp(rows->stamp, rows->last_stamp) == 0;
}

void cors_rows_fail(cors_rows_t *rows, const char *format, ...)
{
    va_list arguments;

    if (rows->cause) {
        return;
    }
    va_start(arguments, format);
    rows->cause = apr_pvsprintf(rows->p, format, arguments);
    va_end(arguments);
    if (rows->fault == CORS_SOURCE_OK) {
        rows->fault = CORS_SOURCE_UNREADABLE;
    }
}

void cors_rows_fail_size(cors_rows_t *rows)
{
    rows->fault = CORS_SOURCE_TOO_LARGE;
    cors_rows_fail(rows,
                   "it takes more than the %" APR_UINT64_T_FMT
                   " bytes that a list may take: write a larger size=",
                   rows->size);
}

static void add_bad(cors_rows_t *rows, const char *text, apr_uint64_t number,
                    const char *sentence)
{
    rows->skipped++;
    if (rows->bad->nelts < CORS_ROWS_BAD_MAX) {
        cors_bad_row_t *bad = apr_array_push(rows->bad);

        bad->number = number;
        bad->text = apr_pstrndup(rows->p, text, SHOWN_MAX);
        bad->sentence = sentence;
    }
}

/* Returns what is wrong with a word that only a list of the configuration may
 * have, or NULL. */
static const char *refuse_word(const char *text)
{
    if (strcmp(text, "*") == 0) {
        return "a set can't stand for every page: write CorsAllowOrigin * "
               "instead of it";
    }
    if (strcmp(text, "null") == 0) {
        return "any page can obtain the origin null in a sandboxed frame: "
               "leave it out";
    }
    if (strpbrk(text, " \t")) {
        return "a row holds one origin and no comment: write each in a row "
               "of its own";
    }
    if (*text == '@') {
        return "a set can't name another: write the origins of that one, or "
               "both into CorsAllowOrigin";
    }
    return NULL;
}

static unsigned int find_risks(const cors_rows_t *rows,
                               const cors_pattern_t *pattern)
{
    const cors_origin_t *o = &pattern->origin;

    return (pattern->insecure ? CORS_IMAGE_INSECURE : 0)
           | (pattern->subdomains
                      && cors_suffix_is(rows->suffixes, o->host, o->host_len)
                             != CORS_SUFFIX_NO
                  ? CORS_IMAGE_SUFFIX
                  : 0);
}

/* Returns what is wrong with the text, or NULL and the pattern. */
static const char *parse(cors_rows_t *rows, const char *text, apr_size_t len,
                         cors_pattern_t *pattern)
{
    const char *sentence = refuse_word(text);
    cors_pattern_e error;

    if (strlen(text) != len) {
        return len > TEXT_MAX
                   ? "no origin is that long: write one on each line"
                   : "there is a NUL byte in it: write one origin "
                     "on each line";
    }
    if (sentence) {
        return sentence;
    }
    error = cors_pattern_parse(text, pattern);
    if (error == CORS_PATTERN_OK) {
        return NULL;
    }
    /* A million sentences would take memory. */
    return rows->bad->nelts < CORS_ROWS_BAD_MAX
               ? cors_advice_origin(text, error, rows->p)
               : "";
}

int cors_rows_add(cors_rows_t *rows, const char *text, apr_size_t len,
                  apr_uint64_t number)
{
    char copy[TEXT_MAX + 1];
    apr_size_t copied = len < TEXT_MAX ? len : TEXT_MAX;
    cors_pattern_t pattern;
    const char *sentence;

    memcpy(copy, text, copied);
    copy[copied] = '\0';
    sentence = parse(rows, copy, len, &pattern);
    if (sentence) {
        add_bad(rows, copy, number, sentence);
        return 1;
    }
    if (!cors_image_builder_add(rows->builder, copy, len, &pattern,
                                find_risks(rows, &pattern))) {
        cors_rows_fail_size(rows);
        return 0;
    }
    return 1;
}
