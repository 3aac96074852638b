/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Whom the lines of a section let in, as far as their text tells:
 * https://httpd.apache.org/docs/2.4/mod/mod_authz_core.html
 */

#ifndef CORS_ACCESS_H
#define CORS_ACCESS_H

#include <httpd.h>
#include <util_cfgtree.h>

/* The answer of access lines to the question who may read. */
typedef enum {
    CORS_ACCESS_NOT_SAID = 0,
    CORS_ACCESS_OPEN, /* everybody */
    CORS_ACCESS_LIMITED
} cors_access_e;

/* Returns what the lines in the section come to, whatever encloses it. */
cors_access_e cors_access_of(const ap_directive_t *section);

/* Returns a Require in the section that limits nobody, to be told of: one that
 * lets in everybody, else the first there is, or NULL. */
const ap_directive_t *cors_access_require(const ap_directive_t *section);

/* Returns the Satisfy line that decides in the section, or NULL.  Sections
 * that have none inherit it. */
const ap_directive_t *cors_access_satisfy(const ap_directive_t *section);

/* Returns the AuthMerging line that decides in the section, or NULL. */
const ap_directive_t *cors_access_merging(const ap_directive_t *section);

/* Whether that line has the word: off, and, or. */
int cors_access_is_merged(const ap_directive_t *section, const char *word);

#endif
