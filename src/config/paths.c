/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/paths.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/meet.h"

/* A section under its server and path.  Each section is there twice, once
 * under NULL, which stands for any server. */
typedef struct entry_t {
    const server_rec *server;
    cors_path_t path;
    const cors_section_t *section;
    int order;
} entry_t;

struct cors_paths_t {
    const entry_t *entries;
    int count;
};

/* A search, for one key after the other. */
typedef struct search_t {
    const cors_paths_t *paths;
    const ap_directive_t *container;
    int (*each)(void *data, const cors_section_t *section, int order);
    void *data;
} search_t;

static int compare_bytes(const cors_path_t *a, const cors_path_t *b)
{
    int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

    return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int compare_keys(const entry_t *a, const entry_t *b)
{
    if (a->server != b->server) {
        return (uintptr_t)a->server < (uintptr_t)b->server ? -1 : 1;
    }
    if (a->path.kind != b->path.kind) {
        return a->path.kind < b->path.kind ? -1 : 1;
    }
    return compare_bytes(&a->path, &b->path);
}

static int compare_entries(const void *a, const void *b)
{
    const entry_t *one = a;
    const entry_t *other = b;
    int order = compare_keys(one, other);

    return order ? order : one->order - other->order;
}

cors_paths_t *cors_paths_make(const apr_array_header_t *sections,
                              apr_pool_t *p)
{
    cors_paths_t *paths = apr_palloc(p, sizeof(*paths));
    entry_t *entries = apr_palloc(p, (2 * (size_t)sections->nelts + 1)
                                         * sizeof(*entries));
    int count = 0;
    int i;

    for (i = 0; i < sections->nelts; i++) {
        const cors_section_t *section = APR_ARRAY_IDX(sections, i,
                                                      cors_section_t *);
        entry_t entry = { section->server, { 0 }, section, i };

        if (section->parent
            && !cors_section_is_virtual_host(section->parent)) {
            entry.path = cors_section_path(section->parent);
            entries[count++] = entry;
            entry.server = NULL;
            entries[count++] = entry;
        }
    }
    qsort(entries, (size_t)count, sizeof(*entries), compare_entries);
    paths->entries = entries;
    paths->count = count;
    return paths;
}

/* Returns the first entry that is not before the key. */
static int find_first(const cors_paths_t *paths, const entry_t *key)
{
    int low = 0;
    int high = paths->count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (compare_keys(&paths->entries[middle], key) < 0) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* Whether the entry has the key's path, or stands below it. */
static int is_at_or_below(const entry_t *entry, const entry_t *key)
{
    return entry->server == key->server && entry->path.kind == key->path.kind
           && entry->path.len >= key->path.len
           && memcmp(entry->path.text, key->path.text, key->path.len) == 0;
}

/* Visits the entries that have the key's path and, if `below`, those whose
 * path begins with it. */
static int visit(const search_t *search, const entry_t *key, int below)
{
    const cors_paths_t *paths = search->paths;
    int result = 0;
    int i;

    for (i = find_first(paths, key); i < paths->count && !result; i++) {
        const entry_t *entry = &paths->entries[i];

        if (!is_at_or_below(entry, key)
            || (!below && entry->path.len != key->path.len)) {
            break;
        }
        if (cors_sections_meet(entry->section->parent, search->container)
            == CORS_MEET_ALWAYS) {
            result = search->each(search->data, entry->section, entry->order);
        }
    }
    return result;
}

int cors_paths_each(const cors_paths_t *paths, const server_rec *server,
                    const ap_directive_t *container,
                    int (*each)(void *data, const cors_section_t *section,
                                int order),
                    void *data)
{
    search_t search = { paths, container, each, data };
    entry_t key = { server, cors_section_path(container), NULL, 0 };
    const cors_path_t path = key.path;
    apr_size_t i;
    int result;

    if (path.kind == CORS_PATH_NONE) {
        return visit(&search, &key, 0);
    }
    for (i = 0; i < path.len; i++) {
        if (path.text[i] == '/') {
            key.path.len = i;
            result = visit(&search, &key, 0);
            if (result) {
                return result;
            }
        }
    }
    /* Also visits /ab beside /a, which never meets it: a path has no more
     * such beginnings than it has bytes. */
    key.path = path;
    return visit(&search, &key, 1);
}

/* Whether the server has any entry of this kind. */
static int has_kind(const cors_paths_t *paths, const server_rec *server,
                    cors_path_e kind)
{
    entry_t key = { server, { kind, "", 0 }, NULL, 0 };
    int i = find_first(paths, &key);

    return i < paths->count && paths->entries[i].server == server
           && paths->entries[i].path.kind == kind;
}

int cors_paths_any(const cors_paths_t *paths, const server_rec *server)
{
    int kind;

    for (kind = 0; kind < CORS_PATH_KINDS; kind++) {
        if (has_kind(paths, server, (cors_path_e)kind)) {
            return 1;
        }
    }
    return 0;
}

static int stop(void *data, const cors_section_t *section, int order)
{
    return 1;
}

int cors_paths_meet(const cors_paths_t *paths, const server_rec *server,
                    const ap_directive_t *container)
{
    cors_path_e own = cors_section_path(container).kind;
    int kind;

    for (kind = 0; kind < CORS_PATH_KINDS; kind++) {
        if ((kind != (int)own || own == CORS_PATH_NONE)
            && has_kind(paths, server, (cors_path_e)kind)) {
            return 1;
        }
    }
    return cors_paths_each(paths, server, container, stop, NULL);
}
