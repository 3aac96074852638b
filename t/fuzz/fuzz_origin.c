/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The origin parser, against the grammar written as regular expressions.  The
 * input is the Origin field. */

#include "fuzz.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <apr_strings.h>

#include "grammar/origin.h"

/* Whether the bytes in the brackets are an address is inet_pton()'s. */
#define GRAMMAR                                          \
    "^([a-z][a-z0-9+.-]*)://"                            \
    "(([a-z0-9_-]+\\.)*[a-z0-9_-]+|\\[([0-9a-f:.]+)\\])" \
    "(:([1-9][0-9]{0,4}))?$"

enum {
    WHOLE,
    SCHEME,
    HOST,
    LABEL,
    ADDRESS,
    COLON,
    PORT,
    PARTS
};

static int match(const char *text, regmatch_t part[PARTS])
{
    static regex_t grammar;
    static int compiled;

    if (!compiled) {
        FUZZ_CHECK(regcomp(&grammar, GRAMMAR, REG_EXTENDED) == 0, "%s",
                   GRAMMAR);
        compiled = 1;
    }
    return regexec(&grammar, text, PARTS, part, 0) == 0;
}

static size_t part_len(const regmatch_t *part)
{
    return (size_t)(part->rm_eo - part->rm_so);
}

static int is_address(const char *text, size_t len, apr_pool_t *p)
{
    unsigned char ignored[16];

    return inet_pton(AF_INET6, apr_pstrmemdup(p, text, len), ignored) == 1;
}

static int is_well_formed(const char *text, size_t len, apr_pool_t *p)
{
    regmatch_t part[PARTS];

    if (strlen(text) != len || len > 326) {
        return 0;
    }
    return strcmp(text, "null") == 0
           || (match(text, part) && part_len(&part[SCHEME]) <= 64
               && part_len(&part[HOST]) <= 253
               && (part[ADDRESS].rm_so < 0
                   || is_address(text + part[ADDRESS].rm_so,
                                 part_len(&part[ADDRESS]), p))
               && (part[PORT].rm_so < 0
                   || atoi(text + part[PORT].rm_so) <= 65535));
}

static const char *print(const cors_origin_t *o, apr_pool_t *p)
{
    const char *port = o->port ? apr_psprintf(p, ":%d", o->port) : "";

    return !o->host ? "null"
                    : apr_psprintf(p, "%.*s://%.*s%s", (int)o->scheme_len,
                                   o->scheme, (int)o->host_len, o->host, port);
}

/* As the server has it: NUL-terminated, not read beyond what an origin can
 * be long. */
static void check_length(const char *copy)
{
    size_t len = cors_origin_length(copy);
    size_t real = strlen(copy);

    FUZZ_CHECK(len == (real <= CORS_ORIGIN_MAX ? real : CORS_ORIGIN_MAX + 1),
               "%zu for %zu bytes", len, real);
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    static const cors_origin_t before = { "-", "-", 1, 1, 77 };
    const char *copy = apr_pstrmemdup(p, text, len);
    cors_origin_t origin;
    int ok;

    /* Not by assignment: what lies between the members is compared too. */
    memcpy(&origin, &before, sizeof(before));
    ok = cors_origin_parse(text, len, &origin) == CORS_ORIGIN_OK;
    FUZZ_CHECK(ok == is_well_formed(copy, len, p), "'%s' is taken: %d", copy,
               ok);
    if (ok) {
        FUZZ_CHECK(strcmp(print(&origin, p), copy) == 0, "'%s' from '%s'",
                   print(&origin, p), copy);
    }
    else {
        FUZZ_CHECK(memcmp(&origin, &before, sizeof(before)) == 0,
                   "written for '%s'", copy);
    }
    check_length(copy);
}
