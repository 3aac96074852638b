/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The list of one directive: its words in the order written, tables that find
 * them, and the header value that they make.
 *
 * Each section with the directive has a list of its own, a leaf.  If the
 * section inherits, merging puts a copy of its leaf before the enclosing
 * section's list.  The words and tables of both stay where they are:
 *
 *     CorsAllowOrigin inherit https://b.example     in <Location /api>
 *     CorsAllowOrigin https://a.example             in the virtual host
 *
 *     { "https://b.example" } --outer--> { "https://a.example" }
 *
 * Every list is a chain of leaves, so one loop walks it, from the nearest
 * section to the outermost:
 *
 *     for (leaf = list; leaf; leaf = leaf->outer)
 *
 * A list changes only while its section is read.
 */

#ifndef CORS_LIST_H
#define CORS_LIST_H

#include <stddef.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "policy/joined.h"
#include "policy/suffix.h"

/* The line of the configuration that sets a value.  The pure folders only pass
 * it on; module/line.h knows what it is. */
typedef struct cors_line_t cors_line_t;

/* cors_word_t.flags */
#define CORS_WORD_KEYWORD   0x01  /* "*", "none" or "inherit" */
#define CORS_WORD_NULL      0x02  /* the opaque origin "null" */
#define CORS_WORD_INSECURE  0x04  /* http, and not loopback */
#define CORS_WORD_SUBDOMAIN 0x08  /* a pattern that begins with "*." */
#define CORS_WORD_ANY       0x10  /* "*" */
#define CORS_WORD_SUFFIX    0x20  /* all hosts below a public suffix */
#define CORS_WORD_UNKNOWN   0x40  /* perhaps a suffix: there is no list */
#define CORS_WORD_INHERIT   0x80  /* "inherit" */
#define CORS_WORD_LATE      0x100 /* perhaps a suffix: risk.c looks it up */
#define CORS_WORD_SET       0x200 /* "@name": origins from elsewhere */
#define CORS_WORD_DOUBLE    0x400 /* an exact origin that its leaf has already \
                                   */

/* The flags that make a word a risk in some policies (policy/risk.h). */
#define CORS_WORD_RISKS                                                     \
    (CORS_WORD_NULL | CORS_WORD_INSECURE | CORS_WORD_ANY | CORS_WORD_SUFFIX \
     | CORS_WORD_UNKNOWN | CORS_WORD_LATE)

typedef struct cors_word_t cors_word_t;
struct cors_word_t {
    cors_word_t *next;  /* in the same bucket */
    cors_word_t *later; /* written after this one */
    const char *text;   /* as written, NUL-terminated */
    const cors_line_t *at;
    unsigned int hash;
    int port;                /* of a pattern, see cors_pattern_t */
    unsigned short len;      /* of text, bytes */
    unsigned short host_len; /* of a pattern: bytes to compare at the
                              * right of a host */
    unsigned char host;      /* of a pattern: where these begin in text */
    unsigned short flags;
};

typedef struct cors_table_t {
    cors_word_t **buckets; /* NULL while empty */
    unsigned int mask;     /* number of buckets, a power of 2, less 1 */
    unsigned int count;
    unsigned int kinds;   /* of patterns: CORS_TABLE_ */
    apr_uint64_t lengths; /* of patterns with subdomains: the lengths of
                           * their hosts modulo 64, a bit each */
} cors_table_t;

/* The kinds of patterns that a table has. */
#define CORS_TABLE_BELOW     0x01 /* subdomains, one port */
#define CORS_TABLE_BELOW_ANY 0x02 /* subdomains, any port */
#define CORS_TABLE_HOST_ANY  0x04 /* the host itself, any port */

/* A set that a list names (policy/set.h). */
typedef struct cors_set_use_t cors_set_use_t;

typedef struct cors_list_t cors_list_t;
struct cors_list_t {
    const cors_list_t *outer; /* the enclosing section's list, inherited */

    /* Of this leaf alone. */
    cors_set_use_t *sets;  /* origins: the sets, in the order written */
    cors_table_t words;    /* found by their bytes */
    cors_table_t patterns; /* origins: found by the end of a host */
    cors_word_t *first;
    cors_word_t *last;
    cors_joined_t joined; /* names only: the header value they make */

    /* Of this leaf and all that it inherits. */
    const cors_word_t *any;       /* the word "*", NULL if there is none */
    const cors_word_t *only;      /* the one origin there is, if there is one
                                   * and it is no pattern, else NULL */
    unsigned int count;           /* how many origins, patterns and sets */
    apr_size_t length;            /* of the header value, at most; without
                                   * the defaults that an open list gets */
    unsigned int flags;           /* those of all the words */
    const cors_suffixes_t *late;  /* where words with CORS_WORD_LATE are looked
                                   * up.  Whoever reads the leaf sets this
                                   * field before the first word.  If the field
                                   * is NULL, words are looked up as they are
                                   * added */
    unsigned int none:1;          /* "none" was written in this leaf */
    unsigned int open:1;          /* "inherit" was written, and no list
                                   * is there to inherit yet */
    unsigned int authorization:1; /* Authorization is listed: "*" does
                                   * not cover it */
    unsigned int get:1;           /* methods: GET is listed */
};

/* The message about "*" or "none" beside another word. */
#define CORS_LIST_ALONE \
    "* and none stand alone: leave either it or the others out"

/* Returns the flags of a word that is "*", or "none" or "inherit" in any case;
 * 0 for every other arg. */
unsigned int cors_list_keyword_flags(const char *arg);

/* Adds arg to the list if it is "*", or "none" or "inherit" in any case.
 * Returns 0 for every other arg, which the caller has to parse.  Returns 1 for
 * a keyword, with *message NULL, or CORS_LIST_ALONE if the keyword can't stand
 * beside the words that the list has. */
int cors_list_keyword(cors_list_t *list, const char *arg,
                      const cors_line_t *at, apr_pool_t *p,
                      const char **message);

/* Makes a word of the len bytes at text and puts it last in the list, but into
 * no table.  text must live as long as p and have at most CORS_NAME_MAX
 * bytes. */
cors_word_t *cors_list_append(cors_list_t *list, const char *text,
                              apr_size_t len, const cors_line_t *at,
                              apr_pool_t *p);

/* Puts the word into the table under hash.  The table grows from p. */
void cors_table_insert(cors_table_t *table, cors_word_t *word,
                       unsigned int hash, apr_pool_t *p);

/* Returns an array of the list's leaves, const cors_list_t *, the outermost
 * first.  The array is made in p. */
const apr_array_header_t *cors_list_leaves(const cors_list_t *list,
                                           apr_pool_t *p);

/* Calls each(data, word) for every word of the list, inherited words first, in
 * the order written, until a call returns anything but 0.  Returns the result
 * of the last call.  Uses ptemp during the walk only. */
int cors_list_each(const cors_list_t *list,
                   int (*each)(void *data, const cors_word_t *word),
                   void *data, apr_pool_t *ptemp);

/* Lays add, the list of a nearer section, over base, the list of an enclosing
 * one.  Either may be NULL.  Returns one of the two or, if add inherits, a
 * chain of both made in p.  Takes one step for each leaf of add: httpd merges
 * one section at a time, so add has one leaf, except for <Location> and <If>
 * sections, which httpd first merges with each other.  Associative. */
const cors_list_t *cors_list_merge(apr_pool_t *p, const cors_list_t *base,
                                   const cors_list_t *add);

/* Bytes.  No header is longer: browsers and proxies refuse more. */
#define CORS_VALUE_MAX 65536

/* Whether the names of the list, which may be NULL, make a longer value. */
static inline int cors_list_is_too_long(const cors_list_t *list)
{
    return list && list->length > CORS_VALUE_MAX;
}

/* The first word of the bucket that hash belongs to, or NULL. */
static inline const cors_word_t *cors_table_bucket(const cors_table_t *table,
                                                   unsigned int hash)
{
    return table->buckets ? table->buckets[hash & table->mask] : NULL;
}

#endif
