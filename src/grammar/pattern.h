/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The grammar of an origin pattern in a policy: an origin exactly as browsers
 * send it, where "*." may stand for all subdomains and ":*" for any port.
 */

#ifndef CORS_PATTERN_H
#define CORS_PATTERN_H

#include "grammar/origin.h"

typedef struct cors_pattern_t {
    cors_origin_t origin;      /* host without the "*.", or NULL for
                                * "null"; port may be CORS_PORT_ANY */
    unsigned int subdomains:1; /* "*." stands before the host */
    unsigned int insecure:1;   /* http, and not a loopback host: anyone on
                                * the network path can impersonate it */
} cors_pattern_t;

/* Why a text is refused as a pattern.  The second group is that of slips: the
 * text is written in another notation (grammar/slip.h). */
typedef enum {
    CORS_PATTERN_OK = 0,
    CORS_PATTERN_COMMA, /* a comma or semicolon in it or after it */
    CORS_PATTERN_BLANK, /* several origins in one argument */
    CORS_PATTERN_NO_SCHEME,
    CORS_PATTERN_SCHEME, /* a byte that no scheme has */
    CORS_PATTERN_SCHEME_LONG,
    CORS_PATTERN_NO_HOST,
    CORS_PATTERN_PATH,      /* a path (a trailing slash), query or fragment */
    CORS_PATTERN_USER,      /* user information */
    CORS_PATTERN_CASE,      /* a letter in upper case */
    CORS_PATTERN_WILDCARD,  /* a "*" where none may stand */
    CORS_PATTERN_HOST,      /* a byte that no host has */
    CORS_PATTERN_IDN,       /* a byte beyond ASCII */
    CORS_PATTERN_PUNYCODE,  /* "xn--" and a rest that can't be decoded */
    CORS_PATTERN_DOT,       /* a dot at the end */
    CORS_PATTERN_FIRST_DOT, /* a dot at the beginning */
    CORS_PATTERN_EMPTY_LABEL,
    CORS_PATTERN_LABEL_LONG,
    CORS_PATTERN_HOST_LONG,
    CORS_PATTERN_ADDRESS,      /* ends in a number, and no IPv4 address */
    CORS_PATTERN_ADDRESS_IPV6, /* brackets, and no IPv6 address in them */
    CORS_PATTERN_ADDRESS_FORM, /* an address not in its canonical form */
    CORS_PATTERN_BRACKETS,     /* colons outside of brackets */
    CORS_PATTERN_ADDRESS_WILD, /* "*." before an address */
    CORS_PATTERN_PORT,
    CORS_PATTERN_PORTS,        /* several ports */
    CORS_PATTERN_PORT_DEFAULT, /* the scheme's own port */

    CORS_PATTERN_BEFORE,    /* something before http or https */
    CORS_PATTERN_JOINED,    /* two origins without a space between */
    CORS_PATTERN_SLASHES,   /* http or https, and then not "://" */
    CORS_PATTERN_NO_DOT,    /* no scheme, and a host without a dot */
    CORS_PATTERN_ANY_WORD,  /* "all" and its like */
    CORS_PATTERN_SELF_WORD, /* "self" and its like */
    CORS_PATTERN_FILE,      /* browsers send null for the file's page */
    CORS_PATTERN_DATA,      /* browsers send null for the URL's page */
    CORS_PATTERN_ABOUT,     /* the page has the origin of its opener */
    CORS_PATTERN_BLOB,      /* the page has the origin of its maker */
    CORS_PATTERN_SOCKET,    /* ws or wss, which no page has */
    CORS_PATTERN_FTP,       /* ftp, which no page has */
    CORS_PATTERN_RANGE,     /* a range of addresses */
    CORS_PATTERN_REGEX,     /* a regular expression */
    CORS_PATTERN_VARIABLE   /* a variable of httpd, nginx or a shell */
} cors_pattern_e;

/* Parses a NUL-terminated text into *pattern, which is written on success only
 * and points into the text.  The caller handles "*" and the other keywords of
 * a list; they are refused here.  Allocates nothing that outlives the call. */
cors_pattern_e cors_pattern_parse(const char *text, cors_pattern_t *pattern);

#endif
