/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* One argument of a directive: one of several words, or a time. */

#ifndef CORS_ARGUMENT_H
#define CORS_ARGUMENT_H

#include "config/codes.h"
#include "module/module.h"

/* An error in an argument.  The sentence says what is wrong and what to
 * write.  The sentence is NULL if nothing is wrong. */
typedef struct cors_wrong_t {
    cors_code_e code;
    const char *sentence;
} cors_wrong_t;

static inline cors_wrong_t cors_wrong(cors_code_e code, const char *sentence)
{
    cors_wrong_t wrong = { code, sentence };

    return wrong;
}

static inline cors_wrong_t cors_right(void)
{
    return cors_wrong((cors_code_e)0, NULL);
}

/* Returns the sentence with one more of the words that can be written: "write
 * A, B or C".  place is 0 for the first.  Made in p. */
const char *cors_argument_append(const char *sentence, const char *word,
                                 int place, int is_last, apr_pool_t *p);

/* Finds arg among the words, which end with NULL, and puts its place into
 * *value, which is written only where there is nothing wrong. */
cors_wrong_t cors_argument_choose(cmd_parms *cmd, const char *arg,
                                  const char *const *words, int *value);

/* Reads the argument of CorsMaxAge.  Puts the value of the header into *value,
 * made in cmd->pool, or NULL for none. */
cors_wrong_t cors_argument_read_age(cmd_parms *cmd, const char *arg,
                                    const char **value);

#endif
