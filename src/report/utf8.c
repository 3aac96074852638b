/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/utf8.h"

#include <string.h>

#define REPLACEMENT     "\xEF\xBF\xBD" /* U+FFFD */
#define REPLACEMENT_LEN (sizeof(REPLACEMENT) - 1)

/* Unicode, table 3-7, "Well-Formed UTF-8 Byte Sequences": which first byte
 * takes which second byte, and how many bytes from 0x80 to 0xBF follow. */
static const struct {
    unsigned char first, last;         /* of the first byte */
    unsigned char second, second_last; /* of the second */
    unsigned char more;                /* after the second */
} forms[] = { { 0xC2, 0xDF, 0x80, 0xBF, 0 }, { 0xE0, 0xE0, 0xA0, 0xBF, 1 },
              { 0xE1, 0xEC, 0x80, 0xBF, 1 }, { 0xED, 0xED, 0x80, 0x9F, 1 },
              { 0xEE, 0xEF, 0x80, 0xBF, 1 }, { 0xF0, 0xF0, 0x90, 0xBF, 2 },
              { 0xF1, 0xF3, 0x80, 0xBF, 2 }, { 0xF4, 0xF4, 0x80, 0x8F, 2 } };

/* Returns the length of the sequence that text, which is not empty, begins
 * with; 0 if it is not well-formed.  The NUL at the end is in no range, so
 * nothing beyond it is read. */
static apr_size_t sequence_length(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    apr_size_t i, len;

    if (*s < 0x80) {
        return 1;
    }
    for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        if (s[0] < forms[i].first || s[0] > forms[i].last) {
            continue;
        }
        if (s[1] < forms[i].second || s[1] > forms[i].second_last) {
            return 0;
        }
        for (len = 2; len < 2u + forms[i].more; len++) {
            if ((s[len] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return len;
    }
    return 0;
}

static apr_size_t count_stray_bytes(const char *text)
{
    apr_size_t count = 0;

    while (*text) {
        apr_size_t len = sequence_length(text);

        count += !len;
        text += len ? len : 1;
    }
    return count;
}

const char *cors_utf8_mend(const char *text, apr_pool_t *p)
{
    apr_size_t stray = count_stray_bytes(text);
    char *mended, *to;

    if (!stray) {
        return text;
    }
    to = mended = apr_palloc(p, strlen(text) + stray * REPLACEMENT_LEN + 1);
    while (*text) {
        apr_size_t len = sequence_length(text);

        memcpy(to, len ? text : REPLACEMENT, len ? len : REPLACEMENT_LEN);
        to += len ? len : REPLACEMENT_LEN;
        text += len ? len : 1;
    }
    *to = '\0';
    return mended;
}
