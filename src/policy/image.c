/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/image.h"

#include <string.h>

#include "grammar/compiler.h"
#include "grammar/hash.h"

/* The most that is loaded at once.  A text is compared unit by unit, its NULs
 * too, so that its length needs not be kept. */
typedef unsigned long unit_t;

#define LOAD CORS_LOAD

apr_uint64_t cors_image_hash_label(apr_uint64_t hash, const char *label,
                                   size_t len)
{
    return cors_hash_keyed(hash, label, len);
}

apr_uint64_t cors_image_hash_pattern(apr_uint64_t seed, apr_uint64_t host,
                                     const char *scheme, size_t scheme_len,
                                     int port, int subdomains)
{
    apr_uint64_t rest = (apr_uint64_t)port << 1 | (subdomains ? 1 : 0);

    return cors_hash_fold(cors_hash_keyed(seed, scheme, scheme_len) ^ host,
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
        && at <= size
        && (size - at) / sizeof(cors_slot_t) >= (size_t)1 << loaded.bits) {
        loaded.slots = (const void *)((const char *)image + at);
    }
    return loaded;
}

/* Looks for the text, whose hash has the tag. */
static unsigned int find_text(const cors_image_t *image, size_t size,
                              const table_t *table, apr_uint32_t tag,
                              const char *text, size_t len)
{
    apr_uint32_t mask = ((apr_uint32_t)1 << table->bits) - 1;
    apr_uint32_t place = cors_image_home(tag, table->bits);
    int i;

    for (i = 0; i < CORS_IMAGE_PROBES; i++, place++) {
        const cors_slot_t *slot = &table->slots[place & mask];
        apr_uint32_t at = LOAD(slot->at);

        if (!at) {
            return 0;
        }
        if (LOAD(slot->tag) == tag
            && is_text(image, size, at & ~7u, text, len)) {
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

/* The walk over the labels of a host, from its end. */
typedef struct walk_t {
    const cors_image_t *image;
    size_t size;
    table_t table;
    apr_uint32_t kinds;
    apr_uint64_t lengths;
    apr_uint64_t seed;
    const cors_origin_t *origin;
    const char *host;  /* the end of the origin's host from here */
    apr_uint64_t hash; /* of its labels */
    char *text;        /* where a pattern that is found is written, or NULL */
} walk_t;

static char *put(char *to, const char *text, size_t len)
{
    memcpy(to, text, len);
    return to + len;
}

/* Writes the pattern for the labels that the walk has reached.  Returns its
 * length. */
static size_t write_pattern(const walk_t *walk, int port, int subdomains,
                            char text[CORS_IMAGE_PATTERN_MAX])
{
    const cors_origin_t *o = walk->origin;
    const char *host_end = o->host + o->host_len;
    char *end = put(text, o->scheme, o->scheme_len);

    end = put(end, "://*.", subdomains ? 5 : 3);
    end = put(end, walk->host, (size_t)(host_end - walk->host));
    if (port == CORS_PORT_ANY) {
        end = put(end, ":*", 2);
    }
    else if (port != CORS_PORT_NONE) {
        size_t digits = 1;

        for (; port >= 10; port /= 10) {
            digits++;
        }
        end = put(end, host_end, 1 + digits);
    }
    return (size_t)(end - text);
}

/* Not inlined: most tags are found nowhere. */
__attribute__((noinline)) static unsigned int find_pattern(const walk_t *walk,
                                                           apr_uint32_t tag,
                                                           int port,
                                                           int subdomains)
{
    char text[CORS_IMAGE_PATTERN_MAX];
    size_t len = write_pattern(walk, port, subdomains, text);
    unsigned int found = find_text(walk->image, walk->size, &walk->table, tag,
                                   text, len);

    if (found && walk->text) {
        *put(walk->text, text, len) = '\0';
    }
    return found;
}

/* Whether any slot that the tag may be in has it. */
static int has_tag(const table_t *table, apr_uint32_t tag)
{
    apr_uint32_t mask = ((apr_uint32_t)1 << table->bits) - 1;
    apr_uint32_t place = cors_image_home(tag, table->bits);
    int i;

    for (i = 0; i < CORS_IMAGE_PROBES; i++, place++) {
        const cors_slot_t *slot = &table->slots[place & mask];

        if (!LOAD(slot->at)) {
            return 0;
        }
        if (LOAD(slot->tag) == tag) {
            return 1;
        }
    }
    return 0;
}

static unsigned int look(const walk_t *walk, int port, int subdomains)
{
    const cors_origin_t *o = walk->origin;
    apr_uint32_t tag = cors_image_tag(cors_image_hash_pattern(
        walk->seed, walk->hash, o->scheme, o->scheme_len, port, subdomains));

    return has_tag(&walk->table, tag)
               ? find_pattern(walk, tag, port, subdomains)
               : 0;
}

/* Looks for all below the labels that the walk has reached: for the origin's
 * port before any port. */
static unsigned int look_below(const walk_t *walk)
{
    const cors_origin_t *o = walk->origin;
    size_t len = (size_t)(o->host + o->host_len - walk->host);
    unsigned int found = 0;

    if (!(walk->lengths & APR_UINT64_C(1) << (len & 63))) {
        return 0;
    }
    if (walk->kinds & CORS_IMAGE_BELOW) {
        found = look(walk, o->port, 1);
    }
    if (!found && (walk->kinds & CORS_IMAGE_BELOW_ANY)) {
        found = look(walk, CORS_PORT_ANY, 1);
    }
    return found;
}

/* Takes one more label.  Returns whether there is another before it. */
static int step(walk_t *walk)
{
    const char *first = walk->origin->host;
    const char *end = walk->host ? walk->host - 1
                                 : first + walk->origin->host_len;
    const char *label = end;

    while (label > first && label[-1] != '.') {
        label--;
    }
    walk->hash = cors_image_hash_label(walk->hash, label,
                                       (size_t)(end - label));
    walk->host = label;
    return label > first;
}

static inline unsigned int walk_labels(const cors_image_t *image, size_t size,
                                       const cors_origin_t *origin, char *text)
{
    walk_t walk = { image,
                    size,
                    load_table(image, size, &image->patterns),
                    LOAD(image->kinds),
                    0,
                    0,
                    origin,
                    NULL,
                    0,
                    NULL };
    unsigned int found = 0;
    unsigned int longer;

    walk.text = text;
    if (!walk.table.slots) {
        return 0;
    }
    walk.lengths = (apr_uint64_t)LOAD(image->lengths_high) << 32
                   | LOAD(image->lengths_low);
    walk.seed = load_seed(image);
    walk.hash = walk.seed;
    while (step(&walk)) {
        longer = look_below(&walk);
        found = longer ? longer : found;
    }
    longer = walk.kinds & CORS_IMAGE_HOST_ANY ? look(&walk, CORS_PORT_ANY, 0)
                                              : 0;
    return longer ? longer : found;
}

unsigned int cors_image_find_pattern(const cors_image_t *image, size_t size,
                                     const cors_origin_t *origin)
{
    return walk_labels(image, size, origin, NULL);
}

unsigned int cors_image_read_pattern(const cors_image_t *image, size_t size,
                                     const cors_origin_t *origin,
                                     char text[CORS_IMAGE_PATTERN_MAX])
{
    return walk_labels(image, size, origin, text);
}
