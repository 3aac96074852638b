/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/joined.h"

#include <string.h>

/* Bytes: most values are a handful of names. */
#define FIRST_ROOM 64

static void make_room(cors_joined_t *joined, apr_size_t need, apr_pool_t *p)
{
    apr_size_t room = need > FIRST_ROOM ? need * 2 : FIRST_ROOM;
    char *text = apr_palloc(p, room);

    if (joined->text) {
        memcpy(text, joined->text, joined->len);
    }
    joined->text = text;
    joined->room = room;
}

void cors_joined_add(cors_joined_t *joined, const char *piece, apr_size_t len,
                     apr_pool_t *p)
{
    apr_size_t need = joined->len + 2 + len + 1;

    if (need > joined->room) {
        make_room(joined, need, p);
    }
    if (joined->len) {
        memcpy(joined->text + joined->len, ", ", 2);
        joined->len += 2;
    }
    memcpy(joined->text + joined->len, piece, len);
    joined->len += len;
    joined->text[joined->len] = '\0';
}
