/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/regex.h"

#include <string.h>

#include <apr_strings.h>

#include "grammar/bytes.h"
#include "grammar/pattern.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A piece of an expression and its equivalent in a pattern.  If one piece is
 * the beginning of another, the longer piece stands first. */
typedef struct piece_t {
    const char *regex;
    const char *pattern;
} piece_t;

/* An expression for both schemes becomes https: that is narrower, and safe. */
static const piece_t schemes[] = {
    { "https?://", "https://" },       { "http(s)?://", "https://" },
    { "http(s)://", "https://" },      { "(http|https)://", "https://" },
    { "(https|http)://", "https://" }, { "https://", "https://" },
    { "http://", "http://" },
};

/* "?" stands for the host itself and its subdomains.  A class such as
 * [a-z]+ is missing: it matches one label, and "*." any number. */
static const piece_t hosts[] = {
    { "(.*\\.)?", "?" },   { "(.+\\.)?", "?" }, { "(?:.*\\.)?", "?" },
    { "(?:.+\\.)?", "?" }, { "(.*)\\.", "*." }, { "(.+)\\.", "*." },
    { "(.*\\.)", "*." },   { "(.+\\.)", "*." }, { ".*\\.", "*." },
    { ".+\\.", "*." },     { ".*.", "*." },     { ".+.", "*." },
};

static const piece_t ports[] = {
    { "(:[0-9]+)?", ":*" },   { "(:[0-9]*)?", ":*" }, { "(:\\d+)?", ":*" },
    { "(?::[0-9]+)?", ":*" }, { "(?::\\d+)?", ":*" },
};

/* Returns what the piece at *text is in a pattern, and moves *text behind the
 * piece.  Returns NULL if no row has the piece. */
static const char *read_piece(const char **text, const piece_t *rows,
                              size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        size_t len = strlen(rows[i].regex);

        if (strncmp(*text, rows[i].regex, len) == 0) {
            *text += len;
            return rows[i].pattern;
        }
    }
    return NULL;
}

/* Returns a copy without the escapes of slashes, the slashes around the
 * expression, and the anchors.  *anchored: whether it began with "^". */
static char *strip(const char *text, int *anchored, apr_pool_t *p)
{
    char *copy = apr_palloc(p, strlen(text) + 1);
    char *end = copy;
    const char *s;

    for (s = text; *s; s++) {
        if (s[0] != '\\' || s[1] != '/') {
            *end++ = *s;
        }
    }
    *end = '\0';
    if (*copy == '/') {
        copy++;
        end -= end - copy >= 2 && end[-1] == 'i' && end[-2] == '/';
        end -= end > copy && end[-1] == '/';
        *end = '\0';
    }
    *anchored = *copy == '^';
    copy += *anchored;
    if (end > copy && end[-1] == '$') {
        end[-1] = '\0';
    }
    return copy;
}

/* Returns the literal host at *text in lower case, and moves *text behind the
 * host. */
static const char *read_literal(const char **text, apr_pool_t *p)
{
    char *literal = apr_palloc(p, strlen(*text) + 1);
    char *end = literal;
    const char *s = *text;

    for (;; s++) {
        const char *byte = s + (s[0] == '\\' && (s[1] == '.' || s[1] == '-'));

        if (CORS_IS(*byte, CORS_BYTE_UPPER)) {
            *end++ = (char)(*byte + ('a' - 'A'));
        }
        else if (CORS_IS(*byte, CORS_BYTE_HOST)) {
            *end++ = *byte;
        }
        else {
            break;
        }
        s = byte;
    }
    *end = '\0';
    *text = s;
    return literal;
}

/* Returns the port at text, "" if there is none, or NULL if it is no port. */
static const char *read_port(const char *text)
{
    const char *port;

    if (*text == ':' && cors_origin_port(text + 1, strlen(text + 1))) {
        return text;
    }
    port = read_piece(&text, ports, COUNT(ports));
    return *text ? NULL : port ? port : "";
}

/* Reads the scheme, and what stands for subdomains after it.  Returns NULL if
 * either can't be told. */
static const char *read_begin(const char **text, int anchored,
                              const char **wild)
{
    const char *scheme = read_piece(text, schemes, COUNT(schemes));

    *wild = read_piece(text, hosts, COUNT(hosts));
    if (!scheme && !anchored && !*wild && strncmp(*text, "\\.", 2) == 0) {
        *text += 2;
        *wild = "*.";
    }
    if (scheme) {
        *wild = *wild ? *wild : "";
        return scheme;
    }
    return *wild && (!anchored || **wild == '*') ? "https://" : NULL;
}

const char *cors_regex_mend(const char *text, apr_pool_t *p)
{
    int anchored;
    const char *rest = strip(text, &anchored, p);
    const char *scheme, *wild, *host, *port;
    const char *mended;
    cors_pattern_t ignored;

    if (strcmp(rest, ".*") == 0 || strcmp(rest, ".+") == 0
        || strcmp(rest, "(.*)") == 0 || strcmp(rest, "(.+)") == 0) {
        return "*";
    }
    scheme = read_begin(&rest, anchored, &wild);
    host = read_literal(&rest, p);
    port = read_port(rest);
    if (!scheme || !port) {
        return NULL;
    }
    mended = apr_pstrcat(p, scheme, *wild == '*' ? wild : "", host, port,
                         NULL);
    if (cors_pattern_parse(mended, &ignored) != CORS_PATTERN_OK) {
        return NULL;
    }
    return *wild == '?'
               ? apr_pstrcat(p, mended, " ", scheme, "*.", host, port, NULL)
               : mended;
}
