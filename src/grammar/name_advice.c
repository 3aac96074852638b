/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/name_advice.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "grammar/advice.h"
#include "grammar/bytes.h"
#include "grammar/token.h"

static const char *upper_case(const char *arg, apr_pool_t *p)
{
    char *upper = apr_pstrdup(p, arg);
    char *s;

    for (s = upper; *s; s++) {
        *s = (char)(CORS_IS(*s, CORS_BYTE_LOWER) ? *s - ('a' - 'A') : *s);
    }
    return upper;
}

/* Returns what to write for one name among others, or NULL if nobody can tell.
 * "*" and "none" stand alone, so neither can be one of several. */
static const char *mend_name(const char *arg, int kind, apr_pool_t *p)
{
    if (strcmp(arg, "*") == 0 || apr_cstr_casecmp(arg, "none") == 0) {
        return NULL;
    }
    switch (cors_name_check(arg, (cors_name_kind_e)kind)) {
    case CORS_NAME_OK:
        return arg;
    case CORS_NAME_CASE:
        return upper_case(arg, p);
    default:
        return NULL;
    }
}

/* Names the first byte that no token has.  If this byte is the last, as in
 * "X-Name:", the name before it is what was meant. */
static const char *explain_byte(const char *arg, cors_name_kind_e kind,
                                const char *what, apr_pool_t *p)
{
    const char *s = arg;
    const char *name;

    while (cors_token_lower[(unsigned char)*s]) {
        s++;
    }
    name = s[1] ? NULL
                : mend_name(apr_pstrmemdup(p, arg, (apr_size_t)(s - arg)),
                            (int)kind, p);
    return apr_psprintf(p, "a %s name has no %s: %s%s", what,
                        cors_advice_byte(*s, p), name ? "write " : "",
                        name ? name : "leave it out");
}

const char *cors_advice_name(const char *name, cors_name_kind_e kind,
                             cors_name_e error, apr_pool_t *p)
{
    const char *what = kind == CORS_NAMES_METHODS ? "method" : "header";

    switch (error) {
    case CORS_NAME_EMPTY:
        return apr_psprintf(p, "a %s name is missing: leave the argument out",
                            what);
    case CORS_NAME_LONG:
        return apr_psprintf(p, "a %s name has at most %d bytes: leave it out",
                            what, CORS_NAME_MAX);
    case CORS_NAME_COMMA:
        return cors_advice_commas(name, mend_name, (int)kind, p);
    case CORS_NAME_BLANK:
        return cors_advice_separate(
            apr_psprintf(p,
                         "a %s name has no blank, and quotes make one "
                         "argument of several",
                         what),
            name, mend_name, (int)kind, p);
    case CORS_NAME_FORBIDDEN:
        return kind == CORS_NAMES_METHODS
                   ? "browsers let no script use this method: leave it out"
                   : "browsers let no script set this header: leave it out";
    case CORS_NAME_CASE:
        return apr_pstrcat(p, "browsers send it in upper case: write ",
                           upper_case(name, p), NULL);
    case CORS_NAME_ANY:
        return apr_psprintf(p, "* stands for every %s: write *", what);
    case CORS_NAME_HIDDEN:
        return "browsers show it to no script: leave it out";
    case CORS_NAME_RESPONSE:
        return "it is a header of CORS itself, which mod_cors sends: leave "
               "it out";
    case CORS_NAME_BYTE:
    case CORS_NAME_OK:
        break;
    }
    return explain_byte(name, kind, what, p);
}
