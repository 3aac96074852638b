/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The lists of names in a policy: allowed methods, allowed request headers,
 * exposed response headers.
 */

#ifndef CORS_NAMES_H
#define CORS_NAMES_H

#include "grammar/name.h"
#include "grammar/token.h"
#include "policy/list.h"

/* What CorsAllowMethods is where it is not named: the methods that need no
 * preflight (Fetch, "CORS-safelisted method"). */
#define CORS_DEFAULT_METHODS "GET, HEAD, POST"

/* The same one by one, up to NULL. */
extern const char *const cors_default_methods[];

/* Adds one argument of a directive to a list.  arg must live as long as p.
 * Returns NULL, or what is wrong and what to write instead, made in ptemp;
 * the list is as before then. */
const char *cors_names_add(cors_list_t *list, cors_name_kind_e kind,
                           const char *arg, const cors_line_t *at,
                           apr_pool_t *p, apr_pool_t *ptemp);

/* Whether the list, which may be NULL or open, names the method.  HEAD comes
 * with GET.  "*" is not looked at. */
int cors_names_have_method(const cors_list_t *list, const char *method,
                           size_t len);

/* An earlier word of the same list, one that inherits nothing, that is the
 * same name, or NULL. */
const cors_word_t *cors_names_find_other(const cors_list_t *list,
                                         cors_name_kind_e kind,
                                         const cors_word_t *word);

/* Whether the list, which may be NULL, names the field.  hash: of the name
 * in lower case, by CORS_HASH_ADD.  "*" is not looked at. */
int cors_names_have_field(const cors_list_t *list, const char *name,
                          size_t len, unsigned int hash);

/* Goes to the first element of a field value that the list, which may be NULL,
 * does not name: CORS_SCAN_NAME, or CORS_SCAN_BAD where it is no name at all.
 * CORS_SCAN_END if there is none.  "*" is not looked at. */
cors_scan_e cors_names_scan(const cors_list_t *list, cors_scan_t *scan);

/* The value below, put together in p. */
const char *cors_names_gather(const cors_list_t *list, cors_name_kind_e kind,
                              apr_pool_t *p);

/* The header value that states the list, each name once: the enclosing
 * section's names first.  NULL if it names nothing.  Where sections inherit
 * it is put together in p, else nothing is allocated. */
static inline const char *cors_names_value(const cors_list_t *list,
                                           cors_name_kind_e kind,
                                           apr_pool_t *p)
{
    return list && !list->outer && !list->open
               ? list->joined.text
               : cors_names_gather(list, kind, p);
}

#endif
