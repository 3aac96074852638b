/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/access_lines.h"

#include <string.h>

/* Whether the line lets requests in by the address they come from. */
static int is_by_address(const cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *first = cors_walk_next_word(walk, &args);

    if (cors_walk_is_named(node, "Allow")) {
        const char *who = cors_walk_next_word(walk, &args);

        return strcasecmp(who, "all") != 0 && strncasecmp(who, "env=", 4) != 0;
    }
    return strcasecmp(first, "ip") == 0 || strcasecmp(first, "local") == 0
           || strcasecmp(first, "host") == 0
           || strcasecmp(first, "forward-dns") == 0;
}

void cors_access_lines_check(cors_walk_t *walk, const ap_directive_t *node)
{
    const ap_directive_t *section = cors_walk_section(node);

    if (section && cors_walk_is_named(section, "<RequireNone")) {
        return;
    }
    if (is_by_address(walk, node)
        && cors_walk_policy(walk, section, CORS_POLICY_ANY_ORIGIN)) {
        cors_finding_warn(
            walk->check, CORS_CODE_ADDRESS_ANY_ORIGIN, cors_line_of(node),
            "%s %s (%s) with CorsAllowOrigin *: any web page can "
            "read what is there through the browser of a visitor "
            "who may: write the origins that may",
            node->directive, node->args, cors_walk_line(walk, node));
    }
}

/* In a section, mod_ssl asks for the certificate after mod_cors has answered
 * the preflight. */
void cors_access_lines_check_certificate(cors_walk_t *walk,
                                         const ap_directive_t *node)
{
    const char *args = node->args;

    if (cors_walk_is_in_server(node)
        && strcasecmp(cors_walk_next_word(walk, &args), "require") == 0
        && cors_walk_own_policy(walk, node->parent, CORS_POLICY_ALL)) {
        cors_finding_warn(
            walk->check, CORS_CODE_CLIENT_CERTIFICATE, cors_line_of(node),
            "SSLVerifyClient require (%s): browsers send preflights without a "
            "client certificate, so their handshake fails: write "
            "SSLVerifyClient optional, and Require ssl-verify-client in the "
            "sections that need a certificate",
            cors_walk_line(walk, node));
    }
}
