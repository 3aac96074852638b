/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/html.h"

#include <stdarg.h>
#include <string.h>

#include <http_protocol.h>

#include "report/utf8.h"

/* Returns what stands for the byte, or NULL if it stands for itself. */
static const char *reference(unsigned char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\r':
        return NULL;
    default:
        return byte < 0x20 || byte == 0x7F ? "\xEF\xBF\xBD" : NULL;
    }
}

const char *cors_html_escape(const char *text, apr_pool_t *p)
{
    const char *mended = cors_utf8_mend(text, p);
    const char *from;
    apr_size_t more = 0;
    char *escaped, *to;

    for (from = mended; *from; from++) {
        const char *instead = reference((unsigned char)*from);

        more += instead ? strlen(instead) : 0;
    }
    if (!more) {
        return mended;
    }
    to = escaped = apr_palloc(p, strlen(mended) + more + 1);
    for (from = mended; *from; from++) {
        const char *instead = reference((unsigned char)*from);

        if (instead) {
            memcpy(to, instead, strlen(instead));
            to += strlen(instead);
        }
        else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return escaped;
}

void cors_html_print(request_rec *r, const char *format, ...)
{
    const char *sign;
    va_list args;

    va_start(args, format);
    while ((sign = strchr(format, '%')) != NULL) {
        ap_rwrite(format, (int)(sign - format), r);
        if (sign[1] == 's') {
            ap_rputs(cors_html_escape(va_arg(args, const char *), r->pool), r);
        }
        else if (sign[1] == 'd') {
            ap_rprintf(r, "%d", va_arg(args, int));
        }
        format = sign + 2;
    }
    va_end(args);
    ap_rputs(format, r);
}
