/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/slip.h"

#include <string.h>

#include <apr_cstr.h>

#include "grammar/bytes.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Colons of an IPv6 address that is written out. */
#define IPV6_COLONS 7

/* Words that stand for a policy in other software. */
static const struct {
    const char *word;
    cors_pattern_e slip;
} words[] = {
    { "all", CORS_PATTERN_ANY_WORD },
    { "any", CORS_PATTERN_ANY_WORD },
    { "anyone", CORS_PATTERN_ANY_WORD },
    { "anybody", CORS_PATTERN_ANY_WORD },
    { "anything", CORS_PATTERN_ANY_WORD },
    { "everyone", CORS_PATTERN_ANY_WORD },
    { "everybody", CORS_PATTERN_ANY_WORD },
    { "everything", CORS_PATTERN_ANY_WORD },
    { "**", CORS_PATTERN_ANY_WORD },
    { "'*'", CORS_PATTERN_ANY_WORD },
    { "\"*\"", CORS_PATTERN_ANY_WORD },
    { "*.*", CORS_PATTERN_ANY_WORD },
    { "*:*", CORS_PATTERN_ANY_WORD },
    { "*://*", CORS_PATTERN_ANY_WORD },
    { "*://*:*", CORS_PATTERN_ANY_WORD },
    { "self", CORS_PATTERN_SELF_WORD },
    { "'self'", CORS_PATTERN_SELF_WORD },
    { "same-origin", CORS_PATTERN_SELF_WORD },
};

/* Schemes of URLs whose origin is another one, or none. */
static const struct {
    const char *scheme;
    cors_pattern_e slip;
} schemes[] = {
    { "file", CORS_PATTERN_FILE },       { "data", CORS_PATTERN_DATA },
    { "javascript", CORS_PATTERN_DATA }, { "about", CORS_PATTERN_ABOUT },
    { "blob", CORS_PATTERN_BLOB },       { "ws", CORS_PATTERN_SOCKET },
    { "wss", CORS_PATTERN_SOCKET },      { "ftp", CORS_PATTERN_FTP },
    { "ftps", CORS_PATTERN_FTP },        { "sftp", CORS_PATTERN_FTP },
};

cors_pattern_e cors_slip_scheme(const char *scheme, size_t len)
{
    size_t i;

    for (i = 0; i < COUNT(schemes); i++) {
        if (strlen(schemes[i].scheme) == len
            && apr_cstr_casecmpn(scheme, schemes[i].scheme, len) == 0) {
            return schemes[i].slip;
        }
    }
    return CORS_PATTERN_OK;
}

size_t cors_slip_web_scheme(const char *text)
{
    if (apr_cstr_casecmpn(text, "http", 4) != 0) {
        return 0;
    }
    return text[4] == 's' || text[4] == 'S' ? 5 : 4;
}

/* How many bytes both texts begin with; how many they end with. */
static size_t same_at_start(const char *a, const char *b, size_t max)
{
    size_t n = 0;

    while (n < max && a[n] == b[n]) {
        n++;
    }
    return n;
}

static size_t same_at_end(const char *a_end, const char *b_end, size_t max)
{
    size_t n = 0;

    while (n < max && a_end[-1 - (ptrdiff_t)n] == b_end[-1 - (ptrdiff_t)n]) {
        n++;
    }
    return n;
}

int cors_slip_is_one_away(const char *a, size_t a_len, const char *b,
                          size_t b_len)
{
    size_t shorter = a_len < b_len ? a_len : b_len;
    size_t longer = a_len < b_len ? b_len : a_len;
    size_t start = same_at_start(a, b, shorter);
    size_t end = same_at_end(a + a_len, b + b_len, shorter - start);
    size_t left = longer - start - end;

    return left == 1
           || (left == 2 && a_len == b_len && a[start] == b[start + 1]
               && a[start + 1] == b[start]);
}

const char *cors_slip_meant_scheme(const char *scheme, size_t len)
{
    if (len == cors_slip_web_scheme(scheme)) {
        return NULL;
    }
    return cors_slip_is_one_away(scheme, len, "https", 5)  ? "https"
           : cors_slip_is_one_away(scheme, len, "http", 4) ? "http"
                                                           : NULL;
}

size_t cors_slip_separator(const char *text)
{
    size_t colons = strspn(text, ":;");

    if (strncmp(text, ".//", 3) == 0 || strncmp(text, ",//", 3) == 0) {
        colons = 1;
    }
    return colons + strspn(text + colons, "/\\");
}

/* A semicolon of "https;//" separates no words.  Nearly all texts have neither
 * sign, which two calls of strchr() see in a third of what the rest takes. */
int cors_slip_is_list(const char *text)
{
    const char *rest;

    if (!strchr(text, ',') && !strchr(text, ';')) {
        return 0;
    }
    rest = text + cors_slip_web_scheme(text);
    return strpbrk(rest + cors_slip_separator(rest), ",;") != NULL;
}

/* Whether a separator of len bytes has a slash: then a host follows, and not a
 * port. */
static int has_slash(const char *separator, size_t len)
{
    return len && strchr("/\\", separator[len - 1]) != NULL;
}

int cors_slip_is_twice(const char *text)
{
    size_t scheme = cors_slip_web_scheme(text);

    return scheme
           && has_slash(text + scheme, cors_slip_separator(text + scheme));
}

/* Where the host begins: after "://", whose slashes a regular expression may
 * escape, or at once. */
static const char *find_host(const char *text)
{
    const char *plain = strstr(text, "://");
    const char *escaped = strstr(text, ":\\/\\/");

    if (escaped && (!plain || escaped < plain)) {
        return escaped + 5;
    }
    return plain ? plain + 3 : text + strspn(text, "/");
}

int cors_slip_is_bare_ipv6(const char *text)
{
    const char *first = strchr(text, ':');
    const char *last = strrchr(text, ':');
    const char *s;
    int colons = 0;

    if (!first || first == last
        || text + strspn(text, "0123456789abcdefABCDEF:") < last) {
        return 0;
    }
    for (s = first; *s; s++) {
        colons += *s == ':';
    }
    return strstr(text, "::") || colons >= IPV6_COLONS
           || first[strspn(first, "0123456789*:")];
}

/* Whether the host is one that somebody could mean: a name with a dot, the
 * machine itself, or an IPv6 address, in brackets or without. */
static int is_likely_host(const char *host)
{
    size_t len = strcspn(host, "/?#\\:");

    return host[0] == '[' || (len && memchr(host, '.', len - 1))
           || cors_slip_is_bare_ipv6(host)
           || (len == 9 && apr_cstr_casecmpn(host, "localhost", len) == 0);
}

int cors_slip_has_likely_host(const char *text)
{
    return is_likely_host(find_host(text));
}

/* Returns where "http" or "https" begins that ends at end, and has something
 * before it, or NULL. */
static const char *web_scheme_before(const char *text, const char *end)
{
    size_t len;

    for (len = 5; len >= 4; len--) {
        if ((size_t)(end - text) > len
            && cors_slip_web_scheme(end - len) == len) {
            return end - len;
        }
    }
    return NULL;
}

/* Whether the bytes make a scheme, in any case. */
static int is_scheme(const char *text, const char *end)
{
    if (!CORS_IS(*text, CORS_BYTE_LOWER | CORS_BYTE_UPPER)) {
        return 0;
    }
    while (text < end && CORS_IS(*text, CORS_BYTE_SCHEME | CORS_BYTE_UPPER)) {
        text++;
    }
    return text == end;
}

const char *cors_slip_late_scheme(const char *text)
{
    const char *end = strstr(text, "://");
    const char *found = end ? web_scheme_before(text, end) : NULL;

    return found && !cors_slip_web_scheme(text) && !is_scheme(text, end)
                   && !CORS_IS(found[-1], CORS_BYTE_LOWER | CORS_BYTE_UPPER)
               ? found
               : NULL;
}

int cors_slip_may_drop(const char *text)
{
    const char *scheme = cors_slip_late_scheme(text);
    const char *s = text;

    if (scheme == text + 1) {
        return !strchr("-!^~", *text);
    }
    while (*s == '-' || CORS_IS(*s, CORS_BYTE_LOWER | CORS_BYTE_UPPER)) {
        s++;
    }
    return *s == ':' && scheme == s + 1 && !is_likely_host(text);
}

const char *cors_slip_second(const char *text)
{
    const char *host = find_host(text);
    const char *path = host + strcspn(host, "/?#\\");
    const char *end = path;

    while (end > host && strchr(":;", end[-1])) {
        end--;
    }
    if (host == text || strspn(path, "/\\") < (end < path ? 1u : 2u)) {
        return NULL;
    }
    return web_scheme_before(host, end);
}

int cors_slip_has_url_path(const char *text)
{
    const char *host = find_host(text);
    const char *path = host + strcspn(host, "/?#\\");

    return (path > host && strncmp(path - 1, "://", 3) == 0)
           || cors_slip_is_twice(path + strspn(path, "/"));
}

static cors_pattern_e find_word(const char *text)
{
    size_t i;

    for (i = 0; i < COUNT(words); i++) {
        if (apr_cstr_casecmp(text, words[i].word) == 0) {
            return words[i].slip;
        }
    }
    return CORS_PATTERN_OK;
}

/* A variable of httpd, nginx or a shell, before any path. */
static cors_pattern_e find_variable(const char *text)
{
    const char *host = find_host(text);
    const char *end = host + strcspn(host, "/");
    const char *s;

    for (s = text; s < end; s++) {
        if ((s[0] == '%' && s[1] == '{')
            || (s[0] == '$'
                && (s[1] == '{' || s[1] == '_'
                    || CORS_IS(s[1], CORS_BYTE_DIGIT | CORS_BYTE_LOWER
                                         | CORS_BYTE_UPPER)))) {
            return CORS_PATTERN_VARIABLE;
        }
    }
    return CORS_PATTERN_OK;
}

/* Whether the host has a sign that only a regular expression has there. */
static int is_regex_host(const char *host)
{
    static const char *const signs[] = { "\\.", "(",   "|",  ".+",
                                         "[^",  "]+",  "]*", "\\d",
                                         "-z]", "-Z]", "-9]" };
    const char *end = host + strcspn(host, "/#");
    size_t i;

    for (i = 0; i < COUNT(signs); i++) {
        const char *found = strstr(host, signs[i]);

        if (found && found < end) {
            return 1;
        }
    }
    return strncmp(host, ".*", 2) == 0;
}

static cors_pattern_e find_regex(const char *text)
{
    size_t len = strlen(text);
    int is_regex = (text[0] && strchr("^(~", text[0]))
                   || (len && text[len - 1] == '$')
                   || (text[0] == '/' && strpbrk(text, "^$*+("))
                   || apr_cstr_casecmpn(text, "https?:", 7) == 0
                   || apr_cstr_casecmpn(text, "http(s)?:", 9) == 0
                   || apr_cstr_casecmpn(text, "http(s):", 8) == 0
                   || is_regex_host(find_host(text));

    return is_regex ? CORS_PATTERN_REGEX : CORS_PATTERN_OK;
}

/* Whether the address before it is followed by a length of prefix or a mask,
 * as in 10.0.0.0/8, 10.0.0.0/255.0.0.0 or 2001:db8::/32.  A port may follow.
 */
static int is_mask(const char *slash)
{
    size_t len = *slash == '/' ? strspn(slash + 1, "0123456789.") : 0;

    return len && (!slash[1 + len] || slash[1 + len] == ':');
}

/* Whether the host, which begins with len digits and dots, stands for several
 * addresses: 10.0.0.*, 10.0.x.x, 10.0.0.1-10.0.0.9, or the beginning 10.0. */
static int is_open_ipv4(const char *host, size_t len)
{
    int is_x = len && host[len - 1] == '.' && (host[len] | 0x20) == 'x';
    size_t wild = strspn(host, is_x ? "0123456789.*-xX" : "0123456789.*-");
    size_t i, dots = 0;

    if (!memchr(host, '.', len) || (host[wild] && !strchr(":/", host[wild]))) {
        return 0;
    }
    for (i = 0; i < len; i++) {
        dots += host[i] == '.';
    }
    return wild > len || (host[0] != '.' && host[len - 1] == '.' && dots < 4);
}

int cors_slip_is_range(const char *text)
{
    const char *host = find_host(text);
    size_t ipv4 = strspn(host, "0123456789.");
    size_t ipv6 = strspn(host, "0123456789abcdefABCDEF:");
    const char *end = host + (ipv4 > ipv6 ? ipv4 : ipv6);

    return is_open_ipv4(host, ipv4)
           || (end > host && is_mask(end)
               && (end[-1] == ':' || memchr(host, '.', ipv4)));
}

static cors_pattern_e find_range(const char *text)
{
    return cors_slip_is_range(text) ? CORS_PATTERN_RANGE : CORS_PATTERN_OK;
}

static cors_pattern_e find_scheme(const char *text)
{
    const char *colon = strchr(text, ':');

    return colon ? cors_slip_scheme(text, (size_t)(colon - text))
                 : CORS_PATTERN_OK;
}

static cors_pattern_e find_before(const char *text)
{
    return cors_slip_late_scheme(text) ? CORS_PATTERN_BEFORE : CORS_PATTERN_OK;
}

static cors_pattern_e find_second(const char *text)
{
    return cors_slip_second(text) ? CORS_PATTERN_JOINED : CORS_PATTERN_OK;
}

/* Another scheme with a single slash, as in app:/host. */
static int has_one_slash(const char *text)
{
    const char *slash = strchr(text, '/');

    return slash && slash > text && slash[-1] == ':' && slash[1] != '/';
}

/* "http" or "https", and then not just "://". */
static cors_pattern_e find_slashes(const char *text)
{
    size_t scheme = cors_slip_web_scheme(text);
    const char *separator = text + scheme;
    size_t len = cors_slip_separator(separator);
    const char *host = separator + len;
    int is_slip = !*host || has_slash(separator, len)
                  || (len
                      && (*host == '*' || is_likely_host(host)
                          || cors_slip_is_twice(host)));

    if (!scheme) {
        is_slip = has_one_slash(text);
    }
    else if (len == 3 && memcmp(separator, "://", 3) == 0) {
        is_slip = cors_slip_is_twice(host);
    }
    return is_slip ? CORS_PATTERN_SLASHES : CORS_PATTERN_OK;
}

cors_pattern_e cors_slip_find(const char *text, cors_pattern_e error)
{
    static cors_pattern_e (*const finders[])(const char *text) = {
        find_word,   find_variable, find_regex,  find_range,
        find_scheme, find_before,   find_second, find_slashes,
    };
    size_t i;

    for (i = 0; i < COUNT(finders); i++) {
        cors_pattern_e slip = finders[i](text);

        if (slip != CORS_PATTERN_OK) {
            return slip;
        }
    }
    return error == CORS_PATTERN_NO_SCHEME && !is_likely_host(find_host(text))
               ? CORS_PATTERN_NO_DOT
               : error;
}
