/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The CORS protocol: what a policy says to a request (Fetch, "CORS protocol"
 * and "CORS-preflight fetch", from the server's side).
 */

#ifndef CORS_JUDGE_H
#define CORS_JUDGE_H

#include "policy/risk.h"
#include "policy/set.h"

/* The facts that judging needs of a request: header values as received, NULL
 * where there is no such header. */
typedef struct cors_facts_t {
    const char *origin;  /* Origin; NULL: no CORS request */
    const char *method;  /* Access-Control-Request-Method of an
                          * OPTIONS request with an origin; set if and
                          * only if this is a preflight */
    const char *headers; /* Access-Control-Request-Headers of a
                          * preflight, several lines joined by ", " */
    int private_network; /* a preflight asks for
                          * Access-Control-Request-Private-Network */
    /* Read only if the policy names sets (policy/set.h): */
    apr_uint32_t now; /* when the request came, seconds since 1970 */
    cors_ask_fn *ask; /* asks a look-up set; NULL: none can be asked */
} cors_facts_t;

/* X(verdict, word): in the order in which they are judged.  The word is the
 * one of logs, variables and reports. */
#define CORS_VERDICTS(X)                             \
    X(CORS_ALLOWED, "allowed")                       \
    X(CORS_ORIGIN_MALFORMED, "origin-malformed")     \
    X(CORS_ORIGIN_NOT_ALLOWED, "origin-not-allowed") \
    X(CORS_SOURCE_UNAVAILABLE, "source-unavailable") \
    X(CORS_METHOD_NOT_ALLOWED, "method-not-allowed") \
    X(CORS_HEADER_NOT_ALLOWED, "header-not-allowed") \
    X(CORS_HEADERS_MALFORMED, "headers-malformed")   \
    /* of enforcement alone (protocol/enforce.h) */  \
    X(CORS_SAME_ORIGIN, "same-origin")               \
    X(CORS_ORIGIN_MISSING, "origin-missing")

typedef enum {
#define X(verdict, word) verdict,
    CORS_VERDICTS(X)
#undef X
} cors_verdict_e;

/* How many there are. */
enum {
#define X(verdict, word) verdict##_NUMBER,
    CORS_VERDICTS(X)
#undef X
    CORS_VERDICTS_COUNT
};

/* The decision about a request.  The pointers go into policy, facts or static
 * storage. */
typedef struct cors_decision_t {
    cors_verdict_e verdict;    /* CORS_ALLOWED without an origin, too */
    const cors_limit_t *limit; /* the ceiling that withholds what word
                                * allows, NULL: none does */
    const char *allow_origin;  /* the value of Access-Control-Allow-Origin:
                                * "*", the request's origin, the static origin,
                                * or NULL to send none.  Independent of method
                                * and headers. */
    const cors_risk_t *risk;   /* why credentials or the private network
                                * are withheld though they are on, or NULL */
    const cors_word_t *word;   /* the allowed origin, if it is one that runs a
                                * risk in some policies or is outside of a
                                * ceiling */
    const cors_set_t *set;     /* which has the allowed origin, or which can't
                                * be asked, under CORS_SOURCE_UNAVAILABLE;
                                * NULL: no set decided */
    const char *offender;      /* the refused value, NULL if allowed */
    apr_size_t offender_len;   /* bytes */
    int well_formed;           /* the request's origin is an origin */
    int credentials;           /* credentials may go with allow_origin */
    int private_network;       /* asked for and granted */
    int is_spelled_out;        /* the method or header is refused by a list
                                * that the response spells out, so that every
                                * browser refuses it too and says why */
} cors_decision_t;

/* Judges one request.  Writes only *decision, allocates nothing; the decision
 * points into policy and facts and lives as long as the shorter of both.
 * Takes time linear in the length of the facts, whatever the policy lists; an
 * origin longer than any can be is not read through.  The policy must hold
 * (cors_policy_holds()).
 *
 * Values that must not meet in a policy can still meet when sections are
 * merged for a request.  The decision is then on the safe side: no credentials
 * and no private network for an origin that may not have them (policy/risk.h),
 * and nothing at all for "null" by itself.  An origin outside of a ceiling is
 * not allowed, and "*" allows nobody where there is a ceiling.
 *
 * Waits for nothing, except that facts->ask() is called last: about an origin
 * that nothing else allows and no ceiling withholds, and about one that is
 * allowed, where nothing else has it within a ceiling. */
cors_verdict_e cors_judge(const cors_policy_t *policy,
                          const cors_facts_t *facts,
                          cors_decision_t *decision);

/* Returns the line of the configuration that decided a refusal, with the name
 * of its directive in *directive.  Returns NULL with a name where the
 * directive is not written, so that its default decided, and NULL without a
 * name where no line decided: the origin or the list of headers is
 * malformed. */
const cors_line_t *cors_decision_line(const cors_policy_t *policy,
                                      const cors_decision_t *decision,
                                      const char **directive);

/* Whether the verdict lets the request pass. */
static inline int cors_verdict_passes(cors_verdict_e verdict)
{
    return verdict == CORS_ALLOWED || verdict == CORS_SAME_ORIGIN;
}

/* Returns the fixed word for a verdict. */
const char *cors_verdict_word(cors_verdict_e verdict);

#endif
