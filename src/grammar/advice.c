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

/* Cuts the blanks off both ends of the word, in place. */
static char *trim(char *word)
{
    char *end;

    word += strspn(word, " \t");
    end = word + strlen(word);
    while (end > word && strchr(" \t", end[-1])) {
        end--;
    }
    *end = '\0';
    return word;
}

const char *cors_advice_mend(const char *text, const char *separators,
                             cors_mend_fn *mend_word, int kind, apr_pool_t *p)
{
    const char *words = NULL;
    char *state;
    char *word;

    for (word = apr_strtok(apr_pstrdup(p, text), separators, &state); word;
         word = apr_strtok(NULL, separators, &state)) {
        const char *mended = trim(word);

        if (*mended && apr_cstr_casecmp(mended, "inherit") != 0) {
            mended = mend_word(mended, kind, p);
        }
        if (!mended) {
            return NULL;
        }
        if (*mended) {
            words = words ? apr_pstrcat(p, words, " ", mended, NULL) : mended;
        }
    }
    return words;
}

int cors_advice_may_be_list(const char *words, const char *beside,
                            apr_pool_t *p)
{
    int count = 0, any = 0, besides = 0, none = 0;
    char *state;
    char *word;

    for (word = apr_strtok(apr_pstrdup(p, words), " ", &state); word;
         word = apr_strtok(NULL, " ", &state)) {
        count++;
        any += strcmp(word, "*") == 0;
        none += apr_cstr_casecmp(word, "none") == 0;
        besides += beside && apr_cstr_casecmp(word, beside) == 0;
    }
    return count == 1
           || (!none && (!any || (any == 1 && count == any + besides)));
}

const char *cors_advice_write(const char *sentence, const char *words,
                              apr_pool_t *p)
{
    return words ? apr_pstrcat(p, sentence, ": write ", words, NULL)
                 : sentence;
}

const char *cors_advice_commas(const char *text, const char *words,
                               apr_pool_t *p)
{
    return cors_advice_write(
        strchr(text, ',')
            ? "arguments are separated by spaces, not commas"
            : "arguments are separated by spaces, not semicolons",
        words, p);
}
