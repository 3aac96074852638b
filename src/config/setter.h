/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The parts that all setters of directives share: the section that a line
 * stands in, and the faults of the line. */

#ifndef CORS_SETTER_H
#define CORS_SETTER_H

#include "config/argument.h"
#include "config/sections.h"

/* Run first by every setter of a directive with one value: creates the section
 * at its first directive, and refuses <Limit>.  Returns what the setter has to
 * return if it is not NULL.  Afterwards the setter asks cors_setter_is_done().
 */
const char *cors_setter_begin(cmd_parms *cmd, cors_dir_conf_t *conf,
                              const char *arg);

/* Run first by every setter of a list, for each argument.  Returns what
 * cors_setter_begin() would return. */
const char *cors_setter_begin_list(cmd_parms *cmd, cors_dir_conf_t *conf,
                                   const char *arg);

/* Run first by a setter that .htaccess files must not use: reports the
 * sentence for them.  Otherwise as cors_setter_begin_list(). */
const char *cors_setter_begin_in_server(cmd_parms *cmd, cors_dir_conf_t *conf,
                                        const char *arg, const char *sentence);

/* Reports the fault of the argument, if there is one.  Returns what the setter
 * has to return. */
const char *cors_setter_report(cmd_parms *cmd, cors_dir_conf_t *conf,
                               const char *arg, cors_wrong_t wrong);

/* Whether the setter skips the argument, because a fault has made the rest of
 * the line meaningless. */
static inline int cors_setter_is_done(const cmd_parms *cmd,
                                      const cors_dir_conf_t *conf)
{
    return conf->section->done == cmd->directive;
}

/* Whether a fault of the line has been reported. */
static inline int cors_setter_is_faulty(const cmd_parms *cmd,
                                        const cors_dir_conf_t *conf)
{
    return conf->section->faulty == cmd->directive;
}

#endif
