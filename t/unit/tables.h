/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Tables of header lines, and their text. */

#ifndef TABLES_H
#define TABLES_H

#include "unit.h"

#include <apr_tables.h>

#define AC "Access-Control-"

/* Where tables and texts are made. */
static apr_pool_t *pool;

static inline int join_line(void *joined, const char *name, const char *value)
{
    const char **text = joined;

    *text = apr_pstrcat(pool, *text, name, ": ", value, "\n", NULL);
    return 1;
}

/* The lines of the table as one text. */
static inline const char *text_of(const apr_table_t *table)
{
    const char *text = "";

    apr_table_do(join_line, &text, table, NULL);
    return text;
}

/* Makes a table of the names in text, each with the value x. */
static inline apr_table_t *table_of(const char *text)
{
    apr_table_t *table = apr_table_make(pool, 2);
    char *state;
    char *name = apr_strtok(apr_pstrdup(pool, text), " ", &state);

    for (; name; name = apr_strtok(NULL, " ", &state)) {
        apr_table_addn(table, name, "x");
    }
    return table;
}

#endif
