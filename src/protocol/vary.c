/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "protocol/vary.h"

#include <string.h>

#include <apr_cstr.h>

#include "grammar/token.h"
#include "policy/joined.h"

typedef struct merge_t {
    cors_joined_t names;
    int lines;
    apr_pool_t *p;
} merge_t;

/* Compares any two elements, tokens or not. */
static int is_same_element(const cors_scan_t *a, const cors_scan_t *b)
{
    return a->len == b->len
           && apr_cstr_casecmpn(a->name, b->name, a->len) == 0;
}

/* Whether the element is among the names, or "*" is. */
static int is_covered(const char *names, const cors_scan_t *element)
{
    cors_scan_t name = { names, NULL, 0, 0 };

    while (names && cors_scan_next(&name) != CORS_SCAN_END) {
        if (is_same_element(&name, element)
            || (name.len == 1 && *name.name == '*')) {
            return 1;
        }
    }
    return 0;
}

static void add_names(merge_t *merge, const char *value)
{
    cors_scan_t element = { value, NULL, 0, 0 };

    while (cors_scan_next(&element) != CORS_SCAN_END) {
        if (!is_covered(merge->names.text, &element)) {
            cors_joined_add(&merge->names, element.name, element.len,
                            merge->p);
        }
    }
}

static int add_line(void *data, const char *name, const char *value)
{
    merge_t *merge = data;

    merge->lines++;
    add_names(merge, value);
    return 1;
}

void cors_vary_merge(const char *value, apr_table_t *out, apr_table_t *err,
                     apr_pool_t *p)
{
    merge_t merge = { { 0 }, 0, p };
    apr_table_t *place = out;
    apr_size_t before;

    apr_table_do(add_line, &merge, err, "Vary", NULL);
    if (merge.lines) {
        place = err;
    }
    apr_table_do(add_line, &merge, out, "Vary", NULL);
    before = merge.names.len;
    add_names(&merge, value);
    if (merge.lines == 1 && merge.names.len == before) {
        return;
    }
    apr_table_unset(out, "Vary");
    apr_table_unset(err, "Vary");
    apr_table_addn(place, "Vary", merge.names.text);
}
