/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/image.h"

#include <string.h>

#include "grammar/compiler.h"
#include "grammar/hash.h"

/* The most that is loaded at once.  A text is compared unit by unit, its NULs
 * too, so that its length needs not be kept. */
typedef unsigned long unit_t;

#define LOAD CORS_LOAD

apr_uint64_t cors_image_hash_pattern(apr_uint64_t seed,
                                     const cors_ends_t *ends, int port,
                                     int subdomains)
{
    const cors_origin_t *o = ends->origin;
    apr_uint64_t rest = (apr_uint64_t)port << 1 | (subdomains ? 1 : 0);

    return cors_hash_fold(cors_hash_keyed(seed, o->scheme, o->scheme_len)
                              ^ cors_ends_hash(ends),
                          seed ^ (rest + CORS_HASH_MULTIPLIER));
}

static apr_uint64_t load_seed(const cors_image_t *image)
{
    return (apr_uint64_t)LOAD(image->seed_high) << 32 | LOAD(image->seed_low);
}

static unit_t load_unit(const char *s)
{
    unit_t unit;

    memcpy(&unit, s, sizeof(unit));
    return unit;
}

/* Returns the bytes of the text that are no whole unit, and NULs behind them.
 */
static unit_t load_rest(const char *text, size_t len)
{
    size_t rest = len % sizeof(unit_t);
    unit_t unit = 0;

    if (len < sizeof(unit)) {
        memcpy(&unit, text, len);
        return unit;
    }
    if (!rest) {
        return 0;
    }
    unit = load_unit(text + len - sizeof(unit));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return unit << 8 * (sizeof(unit) - rest);
#else
    return unit >> 8 * (sizeof(unit) - rest);
#endif
}

/* Whether the len bytes at text and a NUL stand at the offset. */
static int is_text(const cors_image_t *image, size_t size, apr_uint32_t at,
                   const char *text, size_t len)
{
    const unit_t *units = (const void *)((const char *)image + at);
    size_t count = len / sizeof(unit_t);
    size_t i;

    if (at > size || size - at < (count + 1) * sizeof(unit_t)) {
        return 0;
    }
    for (i = 0; i < count; i++) {
        if (LOAD(units[i]) != load_unit(text + i * sizeof(unit_t))) {
            return 0;
        }
    }
    return LOAD(units[count]) == load_rest(text, len);
}

/* A table as it was loaded once. */
typedef struct table_t {
    const cors_slot_t *slots; /* NULL: there are none */
    apr_uint32_t bits;
} table_t;

static table_t load_table(const cors_image_t *image, size_t size,
                          const cors_image_table_t *table)
{
    table_t loaded = { NULL, LOAD(table->bits) };
    apr_uint32_t at = LOAD(table->at);

    if (LOAD(table->count) && loaded.bits >= CORS_IMAGE_BITS_MIN
        && loaded.bits <= CORS_IMAGE_BITS_MAX && at % CORS_IMAGE_ALIGN == 0
        && at + (sizeof(cors_slot_t) * APR_UINT64_C(1) << loaded.bits)
               <= size) {
        loaded.slots = (const void *)((const char *)image + at);
    }
    return loaded;
}

/* Returns the `at` of the next slot that has the tag, or 0 after the last.
 * *steps is 0 at the first call. */
static inline apr_uint32_t next_slot(const table_t *table, apr_uint32_t tag,
                                     apr_uint32_t *steps)
{
    apr_uint32_t mask = ((apr_uint32_t)1 << table->bits) - 1;
    apr_uint32_t home = cors_image_home(tag, table->bits);

    while (*steps < CORS_IMAGE_PROBES) {
        const cors_slot_t *slot = &table->slots[(home + *steps) & mask];
        apr_uint32_t at = LOAD(slot->at);

        if (!at) {
            return 0;
        }
        ++*steps;
        if (LOAD(slot->tag) == tag) {
            return at;
        }
    }
    return 0;
}

/* Looks for the text, whose hash has the tag. */
static inline unsigned int find_text(const cors_image_t *image, size_t size,
                                     const table_t *table, apr_uint32_t tag,
                                     const char *text, size_t len)
{
    apr_uint32_t steps = 0;
    apr_uint32_t at;

    while ((at = next_slot(table, tag, &steps))) {
        if (is_text(image, size, at & ~7u, text, len)) {
            return (at & 7u) | CORS_IMAGE_FOUND;
        }
    }
    return 0;
}

int cors_image_has_text(const cors_image_t *image, size_t size,
                        const cors_image_table_t *table, apr_uint64_t hash,
                        const char *text, size_t len)
{
    table_t loaded = load_table(image, size, table);

    return loaded.slots
           && find_text(image, size, &loaded, cors_image_tag(hash), text, len);
}

unsigned int cors_image_find_exact(const cors_image_t *image, size_t size,
                                   const char *text, size_t len)
{
    table_t table = load_table(image, size, &image->exact);

    return table.slots ? find_text(
               image, size, &table,
               cors_image_tag(cors_hash_keyed(load_seed(image), text, len)),
               text, len)
                       : 0;
}

/* A look for patterns. */
typedef struct look_t {
    const cors_image_t *image;
    size_t size;
    table_t table;
    apr_uint64_t seed;
    cors_ends_t ends;
    char *text; /* where a pattern that is found is written, or NULL */
} look_t;

/* Word by word: most texts are short, and the last word may overlap the one
 * before it. */
static inline char *put(char *to, const char *text, size_t len)
{
    size_t i;

    if (len < sizeof(unit_t)) {
        for (i = 0; i < len; i++) {
            to[i] = text[i];
        }
        return to + len;
    }
    for (i = 0; i < len - sizeof(unit_t); i += sizeof(unit_t)) {
        memcpy(to + i, text + i, sizeof(unit_t));
    }
    memcpy(to + len - sizeof(unit_t), text + len - sizeof(unit_t),
           sizeof(unit_t));
    return to + len;
}

static size_t count_digits(int number)
{
    size_t digits = 1;

    for (; number >= 10; number /= 10) {
        digits++;
    }
    return digits;
}

/* Writes the pattern for the end that is reached.  Returns its length. */
static size_t write_pattern(const cors_ends_t *ends, int port, int subdomains,
                            char text[CORS_IMAGE_PATTERN_MAX])
{
    const cors_origin_t *o = ends->origin;
    char *end = put(text, o->scheme, o->scheme_len + 3); /* "://" */
    size_t port_len = port == CORS_PORT_NONE || port == CORS_PORT_ANY
                          ? 0
                          : 1 + count_digits(port);

    if (subdomains) {
        end = put(end, "*.", 2);
    }
    end = put(end, ends->host, ends->len + port_len);
    return (size_t)((port == CORS_PORT_ANY ? put(end, ":*", 2) : end) - text);
}

/* Not inlined: most tags are found nowhere. */
__attribute__((noinline)) static int is_pattern(const look_t *look,
                                                apr_uint32_t at, int port,
                                                int subdomains)
{
    char text[CORS_IMAGE_PATTERN_MAX];
    size_t len = write_pattern(&look->ends, port, subdomains, text);

    if (!is_text(look->image, look->size, at, text, len)) {
        return 0;
    }
    if (look->text) {
        *put(look->text, text, len) = '\0';
    }
    return 1;
}

/* Looks for the end that is reached. */
static unsigned int find_end(const look_t *look, int port, int subdomains)
{
    apr_uint32_t tag = cors_image_tag(
        cors_image_hash_pattern(look->seed, &look->ends, port, subdomains));
    apr_uint32_t steps = 0;
    apr_uint32_t at;

    while ((at = next_slot(&look->table, tag, &steps))) {
        if (is_pattern(look, at & ~7u, port, subdomains)) {
            return (at & 7u) | CORS_IMAGE_FOUND;
        }
    }
    return 0;
}

/* Looks for all below the end that is reached: for the origin's port before
 * any port. */
static unsigned int find_below(const look_t *look, apr_uint32_t kinds)
{
    unsigned int found = 0;

    if (kinds & CORS_IMAGE_BELOW) {
        found = find_end(look, look->ends.origin->port, 1);
    }
    if (!found && (kinds & CORS_IMAGE_BELOW_ANY)) {
        found = find_end(look, CORS_PORT_ANY, 1);
    }
    return found;
}

static apr_uint64_t load_lengths(const cors_image_t *image)
{
    return (apr_uint64_t)LOAD(image->lengths_high) << 32
           | LOAD(image->lengths_low);
}

/* The longest end wins, and the host itself over all. */
static inline unsigned int walk(const cors_image_t *image, size_t size,
                                const cors_origin_t *origin, char *text)
{
    look_t look = { image, size, load_table(image, size, &image->patterns) };
    cors_lengths_t lengths = { 0 };
    apr_uint32_t kinds = LOAD(image->kinds);
    unsigned int found = 0;
    unsigned int longer;

    if (!look.table.slots) {
        return 0;
    }
    look.seed = load_seed(image);
    look.text = text;
    cors_image_begin_ends(&look.ends, origin, look.seed);
    lengths.all = lengths.left = load_lengths(image);
    while (cors_ends_next(&look.ends, &lengths)) {
        longer = find_below(&look, kinds);
        found = longer ? longer : found;
    }
    if (kinds & CORS_IMAGE_HOST_ANY) {
        cors_ends_reach(&look.ends, origin->host_len);
        longer = find_end(&look, CORS_PORT_ANY, 0);
        found = longer ? longer : found;
    }
    return found;
}

unsigned int cors_image_find_pattern(const cors_image_t *image, size_t size,
                                     const cors_origin_t *origin)
{
    return walk(image, size, origin, NULL);
}

unsigned int cors_image_read_pattern(const cors_image_t *image, size_t size,
                                     const cors_origin_t *origin,
                                     char text[CORS_IMAGE_PATTERN_MAX])
{
    return walk(image, size, origin, text);
}
