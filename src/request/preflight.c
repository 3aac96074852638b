/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "request/preflight.h"

#include <http_protocol.h>
#include <http_request.h>

int cors_preflight_status(const cors_request_t *cors)
{
    if (cors->decision.verdict != CORS_ALLOWED
        && !cors->decision.is_spelled_out) {
        return HTTP_FORBIDDEN;
    }
    return cors->policy->preflight_status == CORS_STATUS_200 ? HTTP_OK
                                                             : HTTP_NO_CONTENT;
}

int cors_preflight_ends_here(const cors_request_t *cors)
{
    return cors->policy && cors_request_is_preflight(cors)
           && cors->policy->preflight == CORS_PREFLIGHT_ANSWER
           && cors->policy->engine == CORS_ENGINE_ON;
}

/* A response that ends a preflight before header_parser and that no browser
 * makes anything of: a redirect, which none follows, or the success of a
 * leftover such as RewriteRule .* - [R=204], which says nothing of methods. */
int cors_preflight_is_useless(int status)
{
    return ap_is_HTTP_REDIRECT(status) || ap_is_HTTP_SUCCESS(status);
}

/* Takes back the response that the answer replaces. */
void cors_preflight_take_back(request_rec *r)
{
    r->status_line = NULL;
    r->content_type = NULL;
    apr_table_unset(r->headers_out, "Location");
    apr_table_unset(r->err_headers_out, "Location");
}

/* Ends a preflight before anybody asks for a password: a browser sends none
 * with it.  DONE, unlike the status itself, keeps ErrorDocument away, and the
 * error filters let mod_headers have its "Header always". */
__attribute__((noinline)) int cors_preflight_end(request_rec *r,
                                                 cors_request_t *cors)
{
    cors->end_status = cors_preflight_status(cors);
    r->status = cors->end_status;
    ap_run_insert_error_filter(r);
    return DONE;
}
