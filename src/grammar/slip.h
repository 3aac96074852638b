/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Slips: texts that are no pattern because they are written in another
 * notation, such as a regular expression or a range of addresses. */

#ifndef CORS_SLIP_H
#define CORS_SLIP_H

#include <stddef.h>

#include "grammar/pattern.h"

/* Returns the slip that a refused, NUL-terminated text shows, or error, which
 * is why the grammar refused the text.  Allocates nothing. */
cors_pattern_e cors_slip_find(const char *text, cors_pattern_e error);

/* Returns why no page has an origin of this scheme, in any case, or
 * CORS_PATTERN_OK. */
cors_pattern_e cors_slip_scheme(const char *scheme, size_t len);

/* Returns the length of "http" or "https", in any case, at the beginning of
 * text, or 0. */
size_t cors_slip_web_scheme(const char *text);

/* Whether two texts are one slip apart: one byte too many, too few or wrong,
 * or two in the wrong order. */
int cors_slip_is_one_away(const char *a, size_t a_len, const char *b,
                          size_t b_len);

/* Returns "https" or "http" if scheme, in lower case, is one slip away from
 * it.  Returns NULL if it is not, or if it is one of the two. */
const char *cors_slip_meant_scheme(const char *scheme, size_t len);

/* Returns the length of the separator at text, "://" or a near miss: colons
 * and semicolons, or a dot or comma before two slashes, then slashes and
 * backslashes. */
size_t cors_slip_separator(const char *text);

/* Whether text is meant for an IPv6 address without brackets, which a port may
 * follow: a name has one colon at most, and only ports behind it. */
int cors_slip_is_bare_ipv6(const char *text);

/* Whether the host of text stands for several addresses, as 10.0.0.0/8 and
 * 10.0.0.1-20 do.  The latter is also the name of a host. */
int cors_slip_is_range(const char *text);

/* Whether text has a host that somebody could mean: a name with a dot, the
 * machine itself, or an IPv6 address. */
int cors_slip_has_likely_host(const char *text);

/* Returns where "http" or "https" begins right before the first "://", if what
 * stands before it makes no scheme together with it, as in
 * Origin:https://a.example.  Returns NULL otherwise. */
const char *cors_slip_late_scheme(const char *text);

/* Whether what stands before a late scheme has no meaning of its own: it is
 * the name of a header or of another scheme, or one byte, unless that may
 * stand for "all but this". */
int cors_slip_may_drop(const char *text);

/* Returns where a second http or https origin begins right behind the first,
 * as in https://a.examplehttps://b.example, or NULL. */
const char *cors_slip_second(const char *text);

/* Whether the path of text is another URL, or begins as one does. */
int cors_slip_has_url_path(const char *text);

/* Whether commas or semicolons separate several words in text, or end one. */
int cors_slip_is_list(const char *text);

/* Whether text begins with a second scheme, as in https://https://a. */
int cors_slip_is_twice(const char *text);

#endif
