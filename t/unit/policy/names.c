/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

static void states_each_name_once(void **state)
{
    static const struct {
        cors_name_kind_e kind;
        const char *outer;
        const char *inner;
        const char *value;
    } rows[] = {
        { CORS_NAMES_ALLOW_HEADERS, "X-A", "x-a X-B", "x-a, X-B" },
        { CORS_NAMES_ALLOW_HEADERS, "X-A", "X-B x-b", "X-B" },
        { CORS_NAMES_ALLOW_HEADERS, "X-A", "inherit x-a X-B x-b", "X-A, X-B" },
        { CORS_NAMES_ALLOW_HEADERS, "X-A x-a", "inherit X-B", "X-A, X-B" },
        { CORS_NAMES_METHODS, "PUT", "inherit GET PUT GET", "PUT, GET" },
        { CORS_NAMES_METHODS, "inherit PUT PUT", "inherit GET",
          "GET, HEAD, POST, PUT" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_list_t *outer = names(rows[i].kind, rows[i].outer, *state);
        const cors_list_t *inner = names(rows[i].kind, rows[i].inner, *state);
        const cors_list_t *list = cors_list_merge(*state, outer, inner);

        assert_string_equal(cors_names_value(list, rows[i].kind, *state),
                            rows[i].value);
    }
}

static const cors_list_t *methods(const char *words, apr_pool_t *p)
{
    return words ? names(CORS_NAMES_METHODS, words, p) : NULL;
}

/* The look-up is the yardstick. */
static void tells_at_once_what_get_gets(void **state)
{
    static const char *const lists[] = {
        NULL,          "GET",         "POST GET", "POST", "GETS",
        "inherit PUT", "inherit GET", "inherit",  "*",    "HEAD PUT"
    };
    int allowed = 0;
    size_t i, j;

    for (i = 0; i < COUNT(lists); i++) {
        for (j = 0; j < COUNT(lists); j++) {
            const cors_list_t *list = cors_list_merge(
                *state, methods(lists[i], *state), methods(lists[j], *state));

            assert_int_equal(cors_names_allow_get(list),
                             cors_names_allow_method(list, "GET", 3));
            allowed += cors_names_allow_get(list);
        }
    }
    assert_in_range(allowed, 1, COUNT(lists) * COUNT(lists) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(states_each_name_once),
                                        TEST(tells_at_once_what_get_gets) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
