/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Responses that a script writes before header_parser, where requests are
 * judged.  mod_lua and mod_perl run scripts in any hook of a request.
 */

#ifndef CORS_EARLY_H
#define CORS_EARLY_H

/* Registers the hook that sees to such responses, if one of these modules is
 * loaded: no other server pays for it.  A virtual host without a policy of its
 * own or of a <Location> does not pay either. */
void cors_early_register(void);

#endif
