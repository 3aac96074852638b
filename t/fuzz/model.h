/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What the sections of a scenario mean together, told from their texts: the
 * rules that the module promises, in their simplest form.
 */

#ifndef MODEL_H
#define MODEL_H

#include "scenario.h"

/* The names of a list, each once, those of enclosing sections first, and the
 * default methods where they hold.  const char *. */
const apr_array_header_t *model_names(const scenario_t *scenario, list_e list,
                                      apr_pool_t *p);

/* Whether "*" is in the list. */
int model_has_any(const scenario_t *scenario, list_e list, apr_pool_t *p);

/* Whether a method may be used, and a request header sent. */
int model_may_use(const scenario_t *scenario, const char *method,
                  apr_pool_t *p);
int model_may_send(const scenario_t *scenario, const char *name,
                   apr_pool_t *p);

/* The verdict on method and headers of a preflight, whatever its origin; what
 * a refusal is for goes to *offender. */
cors_verdict_e model_judge_preflight(const scenario_t *scenario,
                                     const char **offender, apr_pool_t *p);

/* The whole verdict. */
cors_verdict_e model_judge(const scenario_t *scenario, apr_pool_t *p);

/* Whether scripts of the origin may read responses. */
int model_allows(const scenario_t *scenario, const char *origin,
                 apr_pool_t *p);

/* Whether they may with credentials.  Perhaps, where some of the patterns that
 * allow the origin are safe, and others not: it depends on which is the most
 * specific. */
typedef enum {
    MODEL_NEVER,
    MODEL_PERHAPS,
    MODEL_ALWAYS
} model_credentials_e;

model_credentials_e model_credentials(const scenario_t *scenario,
                                      const char *origin, apr_pool_t *p);

/* What the nearest section that names them says. */
int model_has_credentials(const scenario_t *scenario);
int model_has_private_network(const scenario_t *scenario);
int model_has_timing_allow_origin(const scenario_t *scenario);

#endif
