/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "grammar/advice.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

const char *cors_advice_byte(char byte, apr_pool_t *p)
{
    unsigned char c = (unsigned char)byte;

    return c > ' ' && c < 0x7f ? apr_psprintf(p, "'%c'", c)
                               : apr_psprintf(p, "0x%02x", c);
}

const char *cors_advice_separate(const char *sentence, const char *text,
                                 cors_mend_fn *mend_word, int kind,
                                 apr_pool_t *p)
{
    char *spaced = apr_pstrdup(p, text);
    const char *words = "";
    char *state;
    char *word;

    for (word = apr_strtok(spaced, ",; \t", &state); word;
         word = apr_strtok(NULL, ",; \t", &state)) {
        const char *mended = apr_cstr_casecmp(word, "inherit") == 0
                                 ? word
                                 : mend_word(word, kind, p);

        if (!mended) {
            return sentence;
        }
        words = apr_pstrcat(p, words, *words ? " " : "", mended, NULL);
    }
    return *words ? apr_pstrcat(p, sentence, ": write ", words, NULL)
                  : sentence;
}

const char *cors_advice_commas(const char *text, cors_mend_fn *mend_word,
                               int kind, apr_pool_t *p)
{
    return cors_advice_separate(
        strchr(text, ',')
            ? "arguments are separated by spaces, not commas"
            : "arguments are separated by spaces, not semicolons",
        text, mend_word, kind, p);
}
