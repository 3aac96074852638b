/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "policy/risk.h"

#include <string.h>

#include <apr_strings.h>

const cors_risk_t cors_risks[] = {
    /* "*" with credentials, and so on. */
    { CORS_WORD_ANY, CORS_WITH_CREDENTIALS, 0 },
    { CORS_WORD_NULL, CORS_WITH_CREDENTIALS, 0 },
    { CORS_WORD_INSECURE, CORS_WITH_CREDENTIALS,
      CORS_UNSAFE_INSECURE_ORIGINS },
    { CORS_WORD_SUFFIX, CORS_WITH_CREDENTIALS, CORS_UNSAFE_PUBLIC_SUFFIXES },
    { CORS_WORD_UNKNOWN, CORS_WITH_CREDENTIALS, CORS_UNSAFE_PUBLIC_SUFFIXES },
    { CORS_WORD_NULL, CORS_WITH_NOTHING, CORS_UNSAFE_NULL_ORIGIN },
    { CORS_WORD_ANY, CORS_WITH_PRIVATE_NETWORK, 0 },
    { CORS_WORD_NULL, CORS_WITH_PRIVATE_NETWORK, 0 },
    { CORS_WORD_INSECURE, CORS_WITH_PRIVATE_NETWORK,
      CORS_UNSAFE_INSECURE_ORIGINS, 1 },
    { CORS_WORD_SUFFIX, CORS_WITH_PRIVATE_NETWORK, CORS_UNSAFE_PUBLIC_SUFFIXES,
      1 },
    { CORS_WORD_ANY, CORS_WITH_ENFORCEMENT, 0 },
    { CORS_WORD_NULL, CORS_WITH_ENFORCEMENT, 0 },
    { 0, CORS_WITH_NOTHING, 0 }
};

unsigned int cors_risk_flags(const cors_pattern_t *pattern,
                             const cors_suffixes_t *suffixes, int is_late)
{
    static const unsigned int flags[] = {
        [CORS_SUFFIX_NO] = 0,
        [CORS_SUFFIX_YES] = CORS_WORD_SUFFIX,
        [CORS_SUFFIX_UNKNOWN] = CORS_WORD_UNKNOWN
    };
    const cors_origin_t *o = &pattern->origin;
    unsigned int insecure = pattern->insecure ? CORS_WORD_INSECURE : 0;

    if (!o->host) {
        return CORS_WORD_NULL;
    }
    if (!pattern->subdomains) {
        return insecure;
    }
    /* The advice about an insecure origin depends on the answer too. */
    if (is_late && !insecure) {
        return CORS_WORD_LATE;
    }
    return insecure | flags[cors_suffix_is(suffixes, o->host, o->host_len)];
}

static int is_on(cors_with_e with, const cors_policy_t *policy)
{
    switch (with) {
#define X(value, field, directive, withheld) \
    case value:                              \
        return policy->field != 0;
        CORS_WITHS(X)
#undef X
    case CORS_WITH_NOTHING:
        break;
    }
    return 1;
}

/* Whether the word has the flag.  Where the look-up is late, anything but a
 * clear no is taken for a suffix. */
static int has_flag(const cors_policy_t *policy, const cors_word_t *word,
                    unsigned int flag)
{
    if (flag == CORS_WORD_SUFFIX && (word->flags & CORS_WORD_LATE)) {
        return cors_suffix_is(policy->origins->late, word->text + word->host,
                              word->host_len)
               != CORS_SUFFIX_NO;
    }
    return (word->flags & flag) != 0;
}

int cors_risk_is(const cors_risk_t *risk, const cors_policy_t *policy,
                 const cors_word_t *word)
{
    return is_on(risk->with, policy) && !(policy->unsafe & risk->unsafe)
           && (!risk->of_sets || (word->flags & CORS_WORD_SET))
           && has_flag(policy, word, risk->flag);
}

const cors_risk_t *cors_risk_find_risky(const cors_policy_t *policy,
                                        const cors_word_t *word,
                                        cors_with_e with)
{
    const cors_risk_t *risk = cors_risks;

    for (; risk->flag; risk++) {
        if (risk->with == with && cors_risk_is(risk, policy, word)) {
            return risk;
        }
    }
    return NULL;
}

const cors_line_t *cors_risk_line(const cors_risk_t *risk,
                                  const cors_policy_t *policy)
{
    switch (risk->with) {
#define X(value, field, directive, withheld) \
    case value:                              \
        return policy->field##_at;
        CORS_WITHS(X)
#undef X
    case CORS_WITH_NOTHING:
        break;
    }
    return NULL;
}

const char *cors_risk_with(const cors_risk_t *risk)
{
    static const char *const directives[] = { "",
#define X(value, field, directive, withheld) directive,
                                              CORS_WITHS(X)
#undef X
    };

    return directives[risk->with];
}

const char *cors_risk_withheld(const cors_risk_t *risk)
{
    static const char *const all[] = { "it is refused",
#define X(value, field, directive, withheld) withheld,
                                       CORS_WITHS(X)
#undef X
    };

    return all[risk->with];
}

/* Returns the host of a subdomain pattern, without "*." and port. */
static const char *pattern_host(const char *text, apr_pool_t *p)
{
    const char *host = strstr(text, "*.");

    host = host ? host + 2 : text;
    return apr_pstrmemdup(p, host, strcspn(host, ":"));
}

/* Returns the same origin with https, which leaves out the port 443.  The
 * scheme of an insecure origin is always http. */
static const char *secure_origin(const char *text, apr_pool_t *p)
{
    const char *rest = text + sizeof("http://") - 1;
    size_t len = strlen(rest);
    const size_t port = sizeof(":443") - 1;

    if (len > port && strcmp(rest + len - port, ":443") == 0) {
        len -= port;
    }
    return apr_psprintf(p, "https://%.*s", (int)len, rest);
}

/* All hosts below a suffix are a risk with https too. */
static const char *insecure_advice(const cors_word_t *word, apr_pool_t *p)
{
    return apr_pstrcat(
        p, "anyone on the network path can impersonate an http origin: write ",
        word->flags & CORS_WORD_SUFFIX ? "the hosts that are yours, with https"
                                       : secure_origin(word->text, p),
        ", or CorsAllowUnsafe insecure-origins", NULL);
}

static const char *any_advice(const cors_risk_t *risk)
{
    switch (risk->with) {
    case CORS_WITH_PRIVATE_NETWORK:
        return "it would let any web page into the private network: write "
               "the origins that may, as in CorsAllowOrigin "
               "https://app.example.com, or CorsAllowPrivateNetwork Off";
    case CORS_WITH_ENFORCEMENT:
        return "* is no list to enforce: write the origins whose pages may "
               "send requests, as in CorsAllowOrigin "
               "https://app.example.com, or CorsEnforce Off";
    case CORS_WITH_CREDENTIALS:
    case CORS_WITH_NOTHING:
        break;
    }
    return "no browser takes credentials with *: write the origins that may "
           "have them, as in CorsAllowOrigin https://app.example.com, or "
           "CorsAllowCredentials Off";
}

static const char *null_advice(const cors_risk_t *risk)
{
    switch (risk->with) {
    case CORS_WITH_CREDENTIALS:
        return "any page can obtain the origin null in a sandboxed frame: "
               "leave null out, or write CorsAllowCredentials Off";
    case CORS_WITH_PRIVATE_NETWORK:
        return "any page can obtain the origin null in a sandboxed frame: "
               "leave null out, or write CorsAllowPrivateNetwork Off";
    case CORS_WITH_ENFORCEMENT:
        return "any page can obtain the origin null in a sandboxed frame: "
               "leave null out, or write CorsEnforce Off";
    case CORS_WITH_NOTHING:
        break;
    }
    return "any page can obtain the origin null in a sandboxed frame: leave "
           "null out, or write CorsAllowUnsafe null-origin";
}

static const char *suffix_advice(const char *text, apr_pool_t *p)
{
    return apr_psprintf(p,
                        "anyone can have a host below the public suffix %s: "
                        "write the hosts that are yours, or CorsAllowUnsafe "
                        "public-suffixes",
                        pattern_host(text, p));
}

static const char *unknown_advice(const char *text, apr_pool_t *p)
{
    return apr_psprintf(p,
                        "%s may be a public suffix, below which anyone can "
                        "have a host, and the list of suffixes is missing: "
                        "install the package publicsuffix, or write "
                        "CorsAllowUnsafe public-suffixes",
                        pattern_host(text, p));
}

const char *cors_risk_advice(const cors_risk_t *risk, const cors_word_t *word,
                             apr_pool_t *p)
{
    switch (risk->flag) {
    case CORS_WORD_ANY:
        return any_advice(risk);
    case CORS_WORD_NULL:
        return null_advice(risk);
    case CORS_WORD_INSECURE:
        return insecure_advice(word, p);
    case CORS_WORD_SUFFIX:
        return suffix_advice(word->text, p);
    default:
        return unknown_advice(word->text, p);
    }
}

const char *cors_risk_advice_set(const cors_risk_t *risk, const char *origin,
                                 apr_pool_t *p)
{
    return risk->flag == CORS_WORD_INSECURE
               ? apr_psprintf(p,
                              "anyone on the network path can impersonate an "
                              "http origin: write %s into the source, or "
                              "CorsAllowUnsafe insecure-origins",
                              secure_origin(origin, p))
               : "its pattern stands for all hosts below a public suffix, "
                 "where anyone can have one: write the hosts that are yours "
                 "into the source, or CorsAllowUnsafe public-suffixes";
}
