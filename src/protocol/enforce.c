/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "protocol/enforce.h"

#include <string.h>

#include <apr_cstr.h>

#include "grammar/origin.h"
#include "policy/names.h"

/* Whether the value is this text of size bytes, its NUL included.  The
 * compiler unrolls the loop, which is shorter than a call of strcmp(). */
static inline int is_text(const char *value, const char *text, size_t size)
{
    size_t i = 0;

    while (i < size && value[i] == text[i]) {
        i++;
    }
    return i == size;
}

/* The text is a literal. */
#define SAME(value, text) is_text((value), (text), sizeof(text))
/* The value of a field, which may be NULL. */
#define IS(value, text) ((value) && SAME(value, text))

static inline int is_get(const char *method)
{
    return SAME(method, "GET");
}

/* Whether the text has the word, in any case. */
static int has_word(const char *text, const char *word)
{
    size_t len = strlen(word);

    while (*text && apr_cstr_casecmpn(text, word, len) != 0) {
        text++;
    }
    return *text != 0;
}

/* A browser sends just "websocket" (RFC 6455, section 4.1).  Any other value
 * that has the word is taken for it: some back end may do so too. */
int cors_enforce_opens_websocket(const char *method, const char *upgrade)
{
    return upgrade && is_get(method) && has_word(upgrade, "websocket");
}

/* A method that changes nothing (RFC 9110, section 9.2.1) and can be loaded
 * into a page. */
static int only_reads(const char *method)
{
    return is_get(method) || SAME(method, "HEAD");
}

/* Most requests are a GET without Upgrade: no register is saved for others. */
__attribute__((noinline)) static int looks_at_other(
    const cors_policy_t *policy, const char *method, const char *upgrade)
{
    if (only_reads(method)) {
        return cors_policy_enforces_all(policy)
               || cors_enforce_opens_websocket(method, upgrade);
    }
    return !SAME(method, "OPTIONS") && !SAME(method, "TRACE");
}

int cors_enforce_looks_at(const cors_policy_t *policy, const char *method,
                          const char *upgrade)
{
    return is_get(method) && !upgrade
               ? cors_policy_enforces_all(policy)
               : looks_at_other(policy, method, upgrade);
}

static int lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* The length of the host without the default port. */
static size_t length_without_port(const char *host, int is_https)
{
    const char *port = is_https ? ":443" : ":80";
    size_t port_len = is_https ? sizeof(":443") - 1 : sizeof(":80") - 1;
    size_t len = strlen(host);

    return len > port_len && strcmp(host + len - port_len, port) == 0
               ? len - port_len
               : len;
}

/* Whether the text is the host as browsers write it in Origin: in lower case,
 * without the default port.  Most clients write Host so too, which takes one
 * call to find.  Only an origin that is not well-formed has upper case. */
static int is_host(const char *text, int well_formed, const char *host,
                   size_t len)
{
    size_t i = 0;

    if (well_formed && strncmp(text, host, len) == 0) {
        return !text[len];
    }
    while (i < len && text[i] && text[i] == lower(host[i])) {
        i++;
    }
    return i == len && !text[i];
}

/* Returns what follows "https://" or "http://", NULL after another scheme. */
static const char *host_in(const char *origin, int *is_https)
{
    const char *rest = origin + sizeof("http") - 1;

    if (origin[0] != 'h' || origin[1] != 't' || origin[2] != 't'
        || origin[3] != 'p') {
        return NULL;
    }
    *is_https = *rest == 's';
    rest += *is_https;
    return rest[0] == ':' && rest[1] == '/' && rest[2] == '/' ? rest + 3
                                                              : NULL;
}

/* Whether the origin is the request's own.  Behind a TLS terminator the server
 * believes to serve http, while its pages are https. */
static int is_own(const char *origin, int well_formed,
                  const cors_sender_t *sender)
{
    int is_https;
    const char *host = host_in(origin, &is_https);

    return host && sender->host && *sender->host
           && (is_https || IS(sender->scheme, "http"))
           && is_host(host, well_formed, sender->host,
                      length_without_port(sender->host, is_https));
}

/* Whether the site's own page sent the request, or no page at all: a program,
 * or the user by a bookmark. */
static int is_own_or_none(const cors_facts_t *facts, int well_formed,
                          const cors_sender_t *sender)
{
    if (sender->site) {
        return IS(sender->site, "same-origin") || IS(sender->site, "none");
    }
    return !facts->origin || is_own(facts->origin, well_formed, sender);
}

/* Whether the user follows a link or is sent on: the answer is a document of
 * its own, which the other page can't look into.  What a page embeds is also
 * navigated to. */
static int is_visit(const cors_policy_t *policy, const cors_sender_t *sender)
{
    return cors_policy_enforces_all(policy) && only_reads(sender->method)
           && IS(sender->mode, "navigate") && !IS(sender->dest, "object")
           && !IS(sender->dest, "embed");
}

/* Returns the word that allows the origin and lists nobody, "*" or null. NULL:
 * the origin is listed. */
static const cors_word_t *open_word(const cors_policy_t *policy,
                                    const char *origin,
                                    const cors_decision_t *decision)
{
    return policy->origins->any ? policy->origins->any
           : IS(origin, "null") ? decision->word
                                : NULL;
}

/* Returns the reason against an origin that is not listed, or CORS_ALLOWED. */
static cors_verdict_e judge_listed(const cors_policy_t *policy,
                                   const cors_facts_t *facts,
                                   cors_decision_t *decision)
{
    const cors_word_t *word;

    if (!facts->origin) {
        return CORS_ORIGIN_MISSING;
    }
    word = decision->verdict == CORS_ALLOWED
               ? open_word(policy, facts->origin, decision)
               : NULL;
    if (!word) {
        return decision->verdict;
    }
    decision->risk = cors_risk_find(policy, word, CORS_WITH_ENFORCEMENT);
    decision->word = word;
    return decision->well_formed ? CORS_ORIGIN_NOT_ALLOWED
                                 : CORS_ORIGIN_MALFORMED;
}

/* A WebSocket is opened by GET, whatever the list of methods says. */
static int may_use_method(const cors_policy_t *policy,
                          const cors_sender_t *sender)
{
    if (is_get(sender->method)) {
        return sender->opens_websocket
               || cors_names_allow_get(policy->methods);
    }
    return cors_names_allow_method(policy->methods, sender->method,
                                   strlen(sender->method));
}

static void refuse(const char *offender, size_t len, cors_verdict_e reason,
                   cors_decision_t *decision)
{
    decision->verdict = reason;
    decision->offender = offender;
    decision->offender_len = len;
}

/* An origin that has been judged already keeps its reason and its offender. */
static int judge_sender(const cors_policy_t *policy, const cors_facts_t *facts,
                        const cors_sender_t *sender, cors_decision_t *decision)
{
    cors_verdict_e reason = judge_listed(policy, facts, decision);

    if (reason == CORS_ALLOWED && may_use_method(policy, sender)) {
        return 1;
    }
    if (is_visit(policy, sender)) {
        return 1;
    }
    if (reason == CORS_ALLOWED) {
        refuse(sender->method, strlen(sender->method), CORS_METHOD_NOT_ALLOWED,
               decision);
    }
    else if (reason != decision->verdict) {
        refuse(facts->origin,
               facts->origin ? cors_origin_length(facts->origin) : 0, reason,
               decision);
    }
    return 0;
}

int cors_enforce_without_origin(const cors_policy_t *policy,
                                const cors_sender_t *sender)
{
    static const cors_facts_t facts;

    return is_own_or_none(&facts, 0, sender) || is_visit(policy, sender);
}

int cors_enforce(const cors_policy_t *policy, const cors_facts_t *facts,
                 const cors_sender_t *sender, cors_decision_t *decision)
{
    if (!is_own_or_none(facts, decision->well_formed, sender)) {
        return judge_sender(policy, facts, sender, decision);
    }
    if (facts->origin) {
        refuse(NULL, 0, CORS_SAME_ORIGIN, decision);
    }
    return 1;
}
