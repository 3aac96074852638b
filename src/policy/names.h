/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The lists of names in a policy: allowed methods, allowed request headers,
 * exposed response headers.
 */

#ifndef CORS_NAMES_H
#define CORS_NAMES_H

#include "grammar/name.h"
#include "grammar/token.h"
#include "policy/list.h"

/* The default of CorsAllowMethods: the methods that need no preflight
 * (https://fetch.spec.whatwg.org/#cors-safelisted-method). */
#define CORS_DEFAULT_METHODS "GET, HEAD, POST"

/* The default methods one by one, up to NULL. */
extern const char *const cors_default_methods[];

/* Adds one argument of a directive to a list.  arg must live as long as p.
 * Returns NULL on success.  Otherwise leaves the list as it was, and returns a
 * sentence, made in ptemp, that says what is wrong and what to write
 * instead. */
const char *cors_names_add(cors_list_t *list, cors_name_kind_e kind,
                           const char *arg, const cors_line_t *at,
                           apr_pool_t *p, apr_pool_t *ptemp);

/* Whether the list, which may be NULL or open, names the method.  A list with
 * GET has HEAD too.  The caller checks for "*". */
int cors_names_have_method(const cors_list_t *list, const char *method,
                           size_t len);

/* Whether the list, which may be NULL, allows the method: by name, or by "*",
 * which allows every token that browsers do not forbid. */
static inline int cors_names_allow_method(const cors_list_t *list,
                                          const char *method, size_t len)
{
    return list && list->any ? cors_token_is(method, len)
                                   && !cors_method_is_forbidden(method, len)
                             : cors_names_have_method(list, method, len);
}

/* Returns what cors_names_allow_method() does for GET, as most requests are,
 * without a look-up: 80 instructions less. */
static inline int cors_names_allow_get(const cors_list_t *list)
{
    return !list || list->get || list->open || list->any;
}

/* Returns an earlier word of the list with the same name, or NULL.  The list
 * must be a leaf. */
const cors_word_t *cors_names_find_other(const cors_list_t *list,
                                         cors_name_kind_e kind,
                                         const cors_word_t *word);

/* Whether the list, which may be NULL, names the field.  hash is the FNV-1a of
 * the name in lower case (CORS_HASH_ADD).  The caller checks for "*". */
int cors_names_have_field(const cors_list_t *list, const char *name,
                          size_t len, unsigned int hash);

/* Moves on to the first element of a field value that the list, which may be
 * NULL, does not name.  Returns CORS_SCAN_NAME, CORS_SCAN_BAD if the element
 * is not a name, or CORS_SCAN_END if the list names all elements.  The caller
 * checks for "*". */
cors_scan_e cors_names_scan(const cors_list_t *list, cors_scan_t *scan);

/* Puts the value of cors_names_value() together in p. */
const char *cors_names_gather(const cors_list_t *list, cors_name_kind_e kind,
                              apr_pool_t *p);

/* Returns the header value that states the list, with each name once, the
 * enclosing section's names first, or NULL if the list names nothing.
 * Allocates from p only if the list inherits. */
static inline const char *cors_names_value(const cors_list_t *list,
                                           cors_name_kind_e kind,
                                           apr_pool_t *p)
{
    return list && !list->outer && !list->open
               ? list->joined.text
               : cors_names_gather(list, kind, p);
}

#endif
