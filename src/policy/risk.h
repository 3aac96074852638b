/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* What must not meet in one policy, whichever sections it comes from. */

#ifndef CORS_RISK_H
#define CORS_RISK_H

#include "policy/policy.h"

/* X(value, field, directive, withheld): the directives that must not be on
 * beside some origins, and what a response goes without where they are. */
#define CORS_WITHS(X)                                                \
    X(CORS_WITH_CREDENTIALS, credentials, "CorsAllowCredentials On", \
      "no response goes with Access-Control-Allow-Credentials")      \
    X(CORS_WITH_PRIVATE_NETWORK, private_network,                    \
      "CorsAllowPrivateNetwork On",                                  \
      "no response goes with Access-Control-Allow-Private-Network")

typedef enum {
    CORS_WITH_NOTHING = 0, /* the origin is a risk by itself */
#define X(value, field, directive, withheld) value,
    CORS_WITHS(X)
#undef X
} cors_with_e;

typedef struct cors_risk_t {
    unsigned int flag;   /* CORS_WORD_ of the origins concerned */
    cors_with_e with;    /* what they must not stand with */
    unsigned int unsafe; /* CORS_UNSAFE_ that grants it all the same, or 0 */
} cors_risk_t;

/* All of them, up to one whose flag is 0. */
extern const cors_risk_t cors_risks[];

/* Whether the word, an allowed origin of the policy, is a risk there. */
int cors_risk_is(const cors_risk_t *risk, const cors_policy_t *policy,
                 const cors_word_t *word);

/* Returns the first risk that this word runs beside `with` under the policy,
 * or NULL.  The word must have a flag of CORS_WORD_RISKS. */
const cors_risk_t *cors_risk_find_risky(const cors_policy_t *policy,
                                        const cors_word_t *word,
                                        cors_with_e with);

/* Returns the first risk that any word runs, or NULL.  Constant time; nothing
 * for words that can't be a risk. */
static inline const cors_risk_t *cors_risk_find(const cors_policy_t *policy,
                                                const cors_word_t *word,
                                                cors_with_e with)
{
    return (word->flags & CORS_WORD_RISKS)
               ? cors_risk_find_risky(policy, word, with)
               : NULL;
}

/* The directive that named what must not be on, opaque here, or NULL. */
const cors_line_t *cors_risk_line(const cors_risk_t *risk,
                                  const cors_policy_t *policy);

/* Says which two directives are at odds, without their places: "CorsAllow...
 * On with", or "" where the origin is a risk by itself. */
const char *cors_risk_with(const cors_risk_t *risk);

/* Says what a response goes without where the risk comes up for a request. */
const char *cors_risk_withheld(const cors_risk_t *risk);

/* Says why, and what to write instead, about the origin text.  Made in p. */
const char *cors_risk_advice(const cors_risk_t *risk, const char *text,
                             apr_pool_t *p);

#endif
