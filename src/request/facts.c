/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/facts.h"

#include <string.h>

#include <http_protocol.h>

#include "grammar/name.h"

/* One walk for all.  apr_table_get() tells names by their first four bytes,
 * so it would compare each of these with the others and with Accept and its
 * like: 150 instructions more, and 100 more for each further such field. */
static void gather_preflight(const request_rec *r, cors_facts_t *facts)
{
    const apr_array_header_t *fields = apr_table_elts(r->headers_in);
    const apr_table_entry_t *field = (const void *)fields->elts;
    const apr_table_entry_t *end = field + fields->nelts;

    for (; field < end; field++) {
        if (!cors_field_may_be_access(field->key)) {
            continue;
        }
        if (strcasecmp(field->key, "Access-Control-Request-Method") == 0) {
            facts->method = field->val;
        }
        else if (strcasecmp(field->key, "Access-Control-Request-Headers")
                 == 0) {
            facts->headers = field->val;
        }
        else if (strcasecmp(field->key,
                            "Access-Control-Request-Private-Network")
                 == 0) {
            facts->private_network = strcmp(field->val, "true") == 0;
        }
    }
    if (!facts->method) {
        facts->headers = NULL;
        facts->private_network = 0;
    }
}

void cors_facts_gather(const request_rec *r, const char *origin,
                       cors_facts_t *facts)
{
    memset(facts, 0, sizeof(*facts));
    facts->origin = origin;
    if (origin && r->method_number == M_OPTIONS) {
        gather_preflight(r, facts);
    }
}

/* The fields that enforcement reads, in one walk too: the names of Fetch
 * metadata begin with the same four bytes. */
typedef struct fields_t {
    const char *origin, *upgrade;
    cors_sender_t *sender; /* takes what OF_METADATA brings */
} fields_t;

/* A bit for each first letter, in any case. */
#define LETTER(letter) (1u << ((letter)&31))
/* Every request is asked for Origin and Upgrade, one that is looked at for
 * Fetch metadata too. */
#define OF_EACH     (LETTER('o') | LETTER('u'))
#define OF_METADATA LETTER('s')

/* Whether the name, whose first byte is right, is this one in lower case of
 * len bytes.  A token has no byte but a letter that 0x20 makes another letter,
 * or a hyphen.  The compiler unrolls the loop. */
static inline int is_name(const char *name, const char *lower, size_t len)
{
    size_t i = 1;

    while (i < len && (name[i] | 0x20) == lower[i]) {
        i++;
    }
    return i == len && !name[len];
}

#define IS_NAME(name, lower) is_name(name, lower, sizeof(lower) - 1)

/* Eight bytes in lower case. */
static inline apr_uint64_t lower_word(const char *s)
{
    apr_uint64_t word;

    memcpy(&word, s, sizeof(word));
    return word | 0x2020202020202020u;
}

/* The fields of Fetch metadata have names of one length, which are compared as
 * two words: byte by byte takes 15 instructions more for each. */
static inline void gather_metadata(const apr_table_entry_t *field,
                                   cors_sender_t *sender)
{
    static const char site[] = "sec-fetch-site";
    const char *name = field->key;
    const size_t len = sizeof(site) - 1;
    apr_uint64_t tail;

    if (strlen(name) != len || lower_word(name) != lower_word(site)) {
        return;
    }
    tail = lower_word(name + len - sizeof(tail));
    if (tail == lower_word("tch-site")) {
        sender->site = field->val;
    }
    else if (tail == lower_word("tch-mode")) {
        sender->mode = field->val;
    }
    else if (tail == lower_word("tch-dest")) {
        sender->dest = field->val;
    }
}

static inline void gather_field(const apr_table_entry_t *field,
                                unsigned int letters, fields_t *fields)
{
    const char *name = field->key;

    switch (name[0] | 0x20) {
    case 'o':
        if (IS_NAME(name, "origin")) {
            fields->origin = field->val;
        }
        break;
    case 'u':
        if (IS_NAME(name, "upgrade")) {
            fields->upgrade = field->val;
        }
        break;
    case 's':
        if (letters & OF_METADATA) {
            gather_metadata(field, fields->sender);
        }
        break;
    default:
        break;
    }
}

/* Gathers the fields whose names begin with one of the letters, a constant, so
 * that the walk for OF_EACH has no code for Fetch metadata.  httpd has
 * joined lines of one name; of what a module has added since, the first
 * counts, as for apr_table_get(). */
static inline void gather_sender(const request_rec *r, unsigned int letters,
                                 fields_t *fields)
{
    const apr_array_header_t *all = apr_table_elts(r->headers_in);
    const apr_table_entry_t *first = (const void *)all->elts;
    const apr_table_entry_t *field = first + all->nelts;

    while (field > first) {
        field--;
        if (LETTER(field->key[0]) & letters) {
            gather_field(field, letters, fields);
        }
    }
}

/* An absolute request line takes the place of Host (RFC 9112, section 3.2.2).
 * A part for a user would make it nobody's host. */
static const char *host_of(const request_rec *r)
{
    return r->parsed_uri.hostinfo ? r->parsed_uri.hostinfo
                                  : apr_table_get(r->headers_in, "Host");
}

const char *cors_facts_origin_upgrade(const request_rec *r,
                                      const char **upgrade)
{
    fields_t fields = { NULL, NULL, NULL };

    gather_sender(r, OF_EACH, &fields);
    *upgrade = fields.upgrade;
    return fields.origin;
}

const char *cors_facts_sender(const request_rec *r, cors_sender_t *sender)
{
    fields_t fields = { NULL, NULL, NULL };

    memset(sender, 0, sizeof(*sender));
    sender->method = r->method;
    fields.sender = sender;
    gather_sender(r, OF_EACH | OF_METADATA, &fields);
    if (fields.upgrade) {
        sender->opens_websocket = cors_enforce_opens_websocket(r->method,
                                                               fields.upgrade);
    }
    /* Only an origin is compared with the server's own, and only where the
     * browser does not say what comes of that. */
    if (fields.origin && !sender->site) {
        sender->host = host_of(r);
        sender->scheme = ap_http_scheme(r);
    }
    return fields.origin;
}
