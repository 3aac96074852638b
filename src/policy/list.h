/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The list of one list directive: its words in the order written, tables to
 * find them by, and the header value they make.
 *
 * Each section that names a list has one of its own, a leaf.  Where a section
 * inherits, merging hangs a copy of its leaf before the enclosing section's
 * list; the words and tables behind both stay where they are:
 *
 *     CorsAllowOrigin inherit https://b.example     in <Location /api>
 *     CorsAllowOrigin https://a.example             in the virtual host
 *
 *     { "https://b.example" } --outer--> { "https://a.example" }
 *
 * So every list is a chain of leaves, and one loop walks it, from the nearest
 * section to the outermost:
 *
 *     for (leaf = list; leaf; leaf = leaf->outer)
 *
 * A list is changed while its section is read, and constant from then on.
 */

#ifndef CORS_LIST_H
#define CORS_LIST_H

#include <stddef.h>

#include <apr_pools.h>
#include <apr_tables.h>

#include "policy/joined.h"

/* The line of the configuration that a value comes from.  Opaque here: the
 * server's side knows what it is (module/line.h). */
typedef struct cors_line_t cors_line_t;

/* cors_word_t.flags */
#define CORS_WORD_KEYWORD   0x01 /* "*", "none" or "inherit" */
#define CORS_WORD_NULL      0x02 /* the opaque origin "null" */
#define CORS_WORD_INSECURE  0x04 /* http, and not loopback */
#define CORS_WORD_SUBDOMAIN 0x08 /* a pattern that begins with "*." */
#define CORS_WORD_ANY       0x10 /* "*" */
#define CORS_WORD_SUFFIX    0x20 /* all hosts below a public suffix */
#define CORS_WORD_UNKNOWN   0x40 /* perhaps so: there is no list of them */
#define CORS_WORD_INHERIT   0x80 /* "inherit" */

/* The flags that make a word a risk in some policies (policy/risk.h). */
#define CORS_WORD_RISKS                                                     \
    (CORS_WORD_NULL | CORS_WORD_INSECURE | CORS_WORD_ANY | CORS_WORD_SUFFIX \
     | CORS_WORD_UNKNOWN)

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
    unsigned char flags;
};

typedef struct cors_table_t {
    cors_word_t **buckets; /* NULL while empty */
    unsigned int mask;     /* number of buckets, a power of 2, less 1 */
    unsigned int count;
    unsigned int kinds;   /* of patterns: CORS_TABLE_ */
    apr_uint64_t lengths; /* of patterns with subdomains: the lengths of
                           * their hosts modulo 64, a bit each */
} cors_table_t;

/* What patterns a table has. */
#define CORS_TABLE_BELOW     0x01 /* subdomains, one port */
#define CORS_TABLE_BELOW_ANY 0x02 /* subdomains, any port */
#define CORS_TABLE_HOST_ANY  0x04 /* the host itself, any port */

typedef struct cors_list_t cors_list_t;
struct cors_list_t {
    const cors_list_t *outer; /* the enclosing section's list, inherited */

    /* Of this leaf alone. */
    cors_table_t words;    /* found by their bytes */
    cors_table_t patterns; /* origins: found by the end of a host */
    cors_word_t *first;
    cors_word_t *last;
    cors_joined_t joined; /* names only: the header value they make */

    /* Of this leaf and all that it inherits. */
    const cors_word_t *any;       /* the word "*", NULL if there is none */
    const cors_word_t *only;      /* the one origin there is, if there is one
                                   * and it is no pattern, else NULL */
    unsigned int count;           /* how many origins and patterns */
    apr_size_t length;            /* of the header value, at most */
    unsigned int flags;           /* those of all the words */
    unsigned int none:1;          /* "none" was written */
    unsigned int open:1;          /* "inherit" was written, and nothing is
                                   * there to be inherited yet */
    unsigned int authorization:1; /* Authorization is listed: "*" does
                                   * not cover it */
};

/* What is wrong with "*" or "none" beside another word. */
#define CORS_LIST_ALONE \
    "* and none stand alone: leave either it or the others out"

/* Takes arg where it is "*", "none" or "inherit" (in any case).  Returns 0
 * if it is none of these, and the caller has to parse it.  Otherwise returns
 * 1; *message is then NULL, or CORS_LIST_ALONE if arg can't stand beside what
 * the list already has. */
int cors_list_keyword(cors_list_t *list, const char *arg,
                      const cors_line_t *at, apr_pool_t *p,
                      const char **message);

/* Makes a word of text and puts it last in the list; no table has it yet.
 * text must live as long as p and hold at most CORS_NAME_MAX bytes. */
cors_word_t *cors_list_append(cors_list_t *list, const char *text,
                              apr_size_t len, const cors_line_t *at,
                              apr_pool_t *p);

/* Puts the word into the table under hash.  The table grows from p. */
void cors_table_insert(cors_table_t *table, cors_word_t *word,
                       unsigned int hash, apr_pool_t *p);

/* Returns the leaves of the list, the outermost first, as const cors_list_t *
 * in an array made in p. */
const apr_array_header_t *cors_list_leaves(const cors_list_t *list,
                                           apr_pool_t *p);

/* Calls each(data, word) for every word of the list, inherited ones first, in
 * the order written, until one call returns something else than 0.  Returns
 * what the last call returned.  ptemp is for the walk alone. */
int cors_list_each(const cors_list_t *list,
                   int (*each)(void *data, const cors_word_t *word),
                   void *data, apr_pool_t *ptemp);

/* Lays the list of a nearer section over that of an enclosing one; either may
 * be NULL.  Returns one of the two or, if add inherits, a chain of both made
 * in p.  Takes as long as add has leaves, whatever these hold: httpd merges
 * one section at a time, so that is one, but for the <Location> and <If>
 * sections, which it merges with each other first.  Associative. */
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
