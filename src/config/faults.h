/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Faults: the errors of a single directive.
 *
 * httpd stops at the first directive that returns a message.  In the server's
 * configuration a directive therefore returns none: its fault is logged and
 * kept, reading goes on, and check_config refuses the configuration.  One run
 * therefore reports every fault, and a later error in a line of another module
 * hides none of ours.  In an .htaccess file the first fault is returned, and
 * httpd answers 500.
 */

#ifndef CORS_FAULTS_H
#define CORS_FAULTS_H

#include "config/finding.h"

/* Begins to read a configuration that lives in pconf. */
void cors_faults_begin(apr_pool_t *pconf);

/* Reports what is wrong with an argument of the directive at cmd, and what to
 * write.  Returns what the directive has to return. */
const char *cors_fault_report(cmd_parms *cmd, cors_code_e code,
                              const char *arg, const char *sentence);

/* Returns the faults of the configuration, in the order read, as
 * cors_finding_t.  Lives in pconf. */
const apr_array_header_t *cors_faults_all(void);

#endif
