/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The list of one list directive in one section: its words in the order
 * written, tables to find them by, and the header value they make.
 *
 * Where a list inherits, merging links it to the enclosing section's list
 * instead of copying either:
 *
 *     CorsAllowOrigin inherit https://b.example     in <Location /api>
 *     CorsAllowOrigin https://a.example             in the virtual host
 *
 *     link ---inner---> leaf "https://b.example" (open)
 *       \-----outer---> leaf "https://a.example"
 *
 * A leaf has words and no outer list; a link has two lists and no words.
 * A list is changed while its section is read and constant from then on.
 */

#ifndef CORS_LIST_H
#define CORS_LIST_H

#include <stddef.h>

#include <apr_pools.h>

#include "policy/joined.h"

/* cors_word_t.flags */
#define CORS_WORD_KEYWORD   0x01 /* "*", "none" or "inherit" */
#define CORS_WORD_NULL      0x02 /* the opaque origin "null" */
#define CORS_WORD_INSECURE  0x04 /* neither https nor loopback */
#define CORS_WORD_SUBDOMAIN 0x08 /* a pattern that begins with "*." */
#define CORS_WORD_ANY       0x10 /* "*" */
#define CORS_WORD_SUFFIX    0x20 /* all hosts below a public suffix */
#define CORS_WORD_UNKNOWN   0x40 /* perhaps so: there is no list of them */

/* What needs a look at the rest of the policy (policy/risk.h). */
#define CORS_WORD_RISKS                                                     \
    (CORS_WORD_NULL | CORS_WORD_INSECURE | CORS_WORD_ANY | CORS_WORD_SUFFIX \
     | CORS_WORD_UNKNOWN)

typedef struct cors_word_t cors_word_t;
struct cors_word_t {
    cors_word_t *next;  /* in the same bucket */
    cors_word_t *later; /* written after this one */
    const char *text;   /* as written, NUL-terminated */
    const void *at;     /* the directive it stands in, opaque here */
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
} cors_table_t;

typedef struct cors_list_t cors_list_t;
struct cors_list_t {
    const cors_list_t *inner; /* a link: the nearer section's list */
    const cors_list_t *outer; /* a link: the enclosing section's list */
    cors_table_t words;       /* found by their bytes */
    cors_table_t patterns;    /* origins: found by the end of a host */
    cors_word_t *first;
    cors_word_t *last;
    cors_joined_t joined;     /* names only: the header value they make */
    unsigned int flags;  /* those of all its words, inherited ones too */
    unsigned int any:1;  /* "*" here or in an inherited list */
    unsigned int none:1; /* "none" was written */
    unsigned int open:1; /* "inherit" was written and not yet met */
    unsigned int authorization:1; /* Authorization is listed: "*" does
                                   * not cover it */
};

/* What is wrong with "*" or "none" beside another word. */
#define CORS_LIST_ALONE \
    "* and none stand alone: leave either it or the others out"

/* Takes arg where it is "*", "none" or "inherit" (in any case).  Returns 0
 * if it is none of these and the caller's to parse, else 1, with *message
 * CORS_LIST_ALONE if it can't stand beside what the list already has, and
 * NULL otherwise. */
int cors_list_keyword(cors_list_t *list, const char *arg, const void *at,
                      apr_pool_t *p, const char **message);

/* Makes a word of text, which must live as long as p and hold at most
 * CORS_NAME_MAX bytes, and puts it last in the list; no table has it yet.
 */
cors_word_t *cors_list_append(cors_list_t *list, const char *text,
                              apr_size_t len, const void *at, apr_pool_t *p);

/* Puts the word into the table under hash.  The table grows from p. */
void cors_table_insert(cors_table_t *table, cors_word_t *word,
                       unsigned int hash, apr_pool_t *p);

/* Calls each(data, word) for every word of the list, inherited ones first, in
 * the order written, until one call returns something else than 0.  Returns
 * what the last call returned. */
int cors_list_each(const cors_list_t *list,
                   int (*each)(void *data, const cors_word_t *word),
                   void *data);

/* The word "*" of a list that has one. */
const cors_word_t *cors_list_find_any(const cors_list_t *list);

/* Lays a nearer section's list over an enclosing one, either may be NULL.
 * Returns one of the two, or, if add inherits, a link made in p.  Takes the
 * same time whatever the lists hold, and is associative. */
const cors_list_t *cors_list_merge(apr_pool_t *p, const cors_list_t *base,
                                   const cors_list_t *add);

/* The first word of the bucket that hash belongs to, or NULL. */
static inline const cors_word_t *cors_table_bucket(const cors_table_t *table,
                                                   unsigned int hash)
{
    return table->buckets ? table->buckets[hash & table->mask] : NULL;
}

#endif
