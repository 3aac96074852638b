/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Risks: origins and directives that must not meet in one policy, whichever
 * sections they come from. */

#ifndef CORS_RISK_H
#define CORS_RISK_H

#include "grammar/pattern.h"
#include "policy/policy.h"
#include "policy/suffix.h"

/* X(value, field, directive, withheld): the directives that must not be on
 * beside some origins, and a clause about what such a request or its response
 * lacks. */
#define CORS_WITHS(X)                                                \
    X(CORS_WITH_CREDENTIALS, credentials, "CorsAllowCredentials On", \
      "no response goes with Access-Control-Allow-Credentials")      \
    X(CORS_WITH_PRIVATE_NETWORK, private_network,                    \
      "CorsAllowPrivateNetwork On",                                  \
      "no response goes with Access-Control-Allow-Private-Network")  \
    X(CORS_WITH_ENFORCEMENT, enforce, "CorsEnforce",                 \
      "requests of pages of other origins are refused")

typedef enum {
    CORS_WITH_NOTHING = 0, /* the origin is a risk by itself */
#define X(value, field, directive, withheld) value,
    CORS_WITHS(X)
#undef X
} cors_with_e;

typedef struct cors_risk_t {
    unsigned int flag;   /* CORS_WORD_ flag of the risky origins */
    cors_with_e with;    /* the directive that they must not meet */
    unsigned int unsafe; /* the CORS_UNSAFE_ bit that permits it, or 0 */
    int of_sets;         /* only for what a set has, which nobody has written
                          * beside that directive */
} cors_risk_t;

/* All risks, up to a row whose flag is 0. */
extern const cors_risk_t cors_risks[];

/* Returns the flags of CORS_WORD_RISKS that an allowed origin gets.  suffixes
 * is NULL if there is no list of public suffixes.  is_late: whether a pattern
 * is looked up there only when a policy needs to know. */
unsigned int cors_risk_flags(const cors_pattern_t *pattern,
                             const cors_suffixes_t *suffixes, int is_late);

/* Whether the word, an allowed origin of the policy, runs the risk. */
int cors_risk_is(const cors_risk_t *risk, const cors_policy_t *policy,
                 const cors_word_t *word);

/* Returns the first risk that this word runs beside `with` under the policy,
 * or NULL.  The word must have a flag of CORS_WORD_RISKS. */
const cors_risk_t *cors_risk_find_risky(const cors_policy_t *policy,
                                        const cors_word_t *word,
                                        cors_with_e with);

/* Returns the first risk that a word runs beside `with` under the policy, or
 * NULL.  Takes constant time, and next to none for a word without risks. */
static inline const cors_risk_t *cors_risk_find(const cors_policy_t *policy,
                                                const cors_word_t *word,
                                                cors_with_e with)
{
    return (word->flags & CORS_WORD_RISKS)
               ? cors_risk_find_risky(policy, word, with)
               : NULL;
}

/* Returns the line that turns on the directive of the risk, or NULL if the
 * origin is a risk by itself. */
const cors_line_t *cors_risk_line(const cors_risk_t *risk,
                                  const cors_policy_t *policy);

/* Returns the directive of the risk with its value, such as
 * "CorsAllowCredentials On", or "" if the origin is a risk by itself. */
const char *cors_risk_with(const cors_risk_t *risk);

/* Returns a clause about what becomes of a request that runs the risk. */
const char *cors_risk_withheld(const cors_risk_t *risk);

/* Returns a sentence that says why the word is a risk, and ends with what to
 * write instead.  The sentence is made in p, or is a constant. */
const char *cors_risk_advice(const cors_risk_t *risk, const cors_word_t *word,
                             apr_pool_t *p);

/* Returns such a sentence about an origin that a set has.  risk is that of a
 * word for the set (policy/set.h). */
const char *cors_risk_advice_set(const cors_risk_t *risk, const char *origin,
                                 apr_pool_t *p);

#endif
