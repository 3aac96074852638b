/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/header_lines.h"

#include <string.h>

#include <apr_strings.h>

#include "grammar/name.h"
#include "grammar/token.h"

/* Whether the list of names, without regard to case, has Origin; and whether
 * it has anything else. */
static int has_origin(const char *names, int *others)
{
    cors_scan_t scan = { names, NULL, 0, 0 };
    int found = 0;

    *others = 0;
    while (cors_scan_next(&scan) != CORS_SCAN_END) {
        int origin = scan.len == 6
                     && strncasecmp(scan.name, "Origin", scan.len) == 0;

        found |= origin;
        *others |= !origin;
    }
    return found;
}

/* Returns what becomes of a `Header ... Vary` line beside mod_cors, or NULL if
 * the two do not interfere. */
static const char *vary_fate(const cors_walk_t *walk,
                             const cors_policy_t *policy, const char *action,
                             const char *names)
{
    int joins = strcasecmp(action, "append") == 0
                || strcasecmp(action, "merge") == 0
                || strcasecmp(action, "add") == 0;
    int one = cors_policy_static_origin(policy) != NULL;
    int others;

    /* An edit's pattern does not tell what the edit leaves. */
    if (strncasecmp(action, "edit", 4) == 0) {
        return NULL;
    }
    if (!has_origin(names, &others)) {
        return joins || policy->origins->any || one
                   ? NULL
                   : "it drops the names that others have added to Vary, and "
                     "mod_cors then adds Origin: leave it out unless that is "
                     "meant";
    }
    if (policy->origins->any || one) {
        return one ? "mod_cors adds nothing to Vary under CorsStaticOrigin "
                     "On: leave Origin out of it"
                   : "mod_cors adds nothing to Vary under CorsAllowOrigin *: "
                     "leave Origin out of it";
    }
    if (others) {
        return "mod_cors itself adds Origin to Vary: leave Origin out of it";
    }
    return joins ? apr_pstrcat(walk->check->p,
                               "mod_cors itself adds Origin to Vary: ",
                               cors_walk_leave_out(walk), NULL)
                 : "mod_cors itself adds Origin to Vary, and this line drops "
                   "the names that others have added: leave it out unless "
                   "that is meant";
}

/* Whether the list, which may be NULL, makes a header. */
static int is_sent(const cors_list_t *list)
{
    return list && (list->any || list->words.count);
}

/* Returns what to write so that the policy sends the header, or NULL if the
 * policy already does. */
static const char *missing_for(const cors_policy_t *policy, const char *name)
{
    const struct {
        const char *name;
        int sent;
        const char *write;
    } headers[] = {
        { "Access-Control-Allow-Credentials", policy->credentials,
          "CorsAllowCredentials On" },
        { "Access-Control-Allow-Headers", is_sent(policy->headers),
          "CorsAllowHeaders" },
        { "Access-Control-Allow-Private-Network", policy->private_network,
          "CorsAllowPrivateNetwork On" },
        { "Access-Control-Expose-Headers", is_sent(policy->expose),
          "CorsExposeHeaders" },
        { "Access-Control-Max-Age", policy->max_age != NULL, "CorsMaxAge" },
    };
    size_t i;

    for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        if (strcasecmp(name, headers[i].name) == 0) {
            return headers[i].sent ? NULL : headers[i].write;
        }
    }
    return NULL;
}

/* Whether the policy allows no origin, so that it sends no header at all.  A
 * list whose origins are all faulty is empty, and no reason for advice. */
static int allows_none(const cors_policy_t *policy)
{
    const cors_list_t *origins = policy->origins;

    return origins->first && !origins->any && !origins->count;
}

/* Returns why mod_cors sends nothing in the place of the header that it
 * removes, and what to write, or NULL if it sends its own. */
static const char *removed_for(const cors_policy_t *policy, const char *name,
                               apr_pool_t *p)
{
    const char *missing = missing_for(policy, name);

    if (allows_none(policy)) {
        return "mod_cors removes this header, and none will be sent because "
               "the policy has none (it allows no origin): write origins in "
               "CorsAllowOrigin if it is meant, and ";
    }
    return missing ? apr_pstrcat(p,
                                 "mod_cors removes this header, because the "
                                 "policy does not send it: write ",
                                 missing, " if it is meant, and ", NULL)
                   : NULL;
}

/* Returns what becomes of a header about CORS that a line acts on. */
static const char *header_fate(const cors_walk_t *walk,
                               const cors_policy_t *policy, const char *action,
                               const char *name)
{
    const char *removed = removed_for(policy, name, walk->check->p);
    const char *leave_out = cors_walk_leave_out(walk);
    apr_pool_t *p = walk->check->p;

    if (policy->backend_headers == CORS_BACKEND_KEEP) {
        return apr_pstrcat(p,
                           "under CorsBackendHeaders keep it can stand in the "
                           "place of the policy: ",
                           leave_out, NULL);
    }
    if (!removed) {
        return apr_pstrcat(
            p, "mod_cors sends its own header instead: ", leave_out, NULL);
    }
    if (strcasecmp(action, "unset") == 0) {
        return apr_pstrcat(
            p, "mod_cors removes this header itself: ", leave_out, NULL);
    }
    return apr_pstrcat(p, removed, leave_out, NULL);
}

static cors_code_e header_code(const cors_policy_t *policy, int vary)
{
    if (vary) {
        return CORS_CODE_VARY_LINE;
    }
    return policy->backend_headers == CORS_BACKEND_KEEP
               ? CORS_CODE_HEADER_KEPT
               : CORS_CODE_RECIPE_LEFT_OVER;
}

/* Returns the policy that changes or removes the header, or NULL.  Without
 * CorsTimingAllowOrigin On, Timing-Allow-Origin is left to others. */
static const cors_policy_t *find_policy_for(cors_walk_t *walk,
                                            const ap_directive_t *container,
                                            const char *name)
{
    int timing = strcasecmp(name, "Timing-Allow-Origin") == 0;
    const cors_policy_t *policy;

    if (!timing && strcasecmp(name, "Vary") != 0
        && !cors_field_is_access_control(name)) {
        return NULL;
    }
    policy = cors_walk_policy(walk, container, CORS_POLICY_ALL);
    return policy && (!timing || policy->timing_allow_origin) ? policy : NULL;
}

/* Header [always|onsuccess] ACTION NAME [VALUE ...] */
void cors_header_lines_check(cors_walk_t *walk, const ap_directive_t *node)
{
    const char *args = node->args;
    const char *action = cors_walk_next_word(walk, &args);
    const cors_policy_t *policy;
    const char *fate;
    char *name;
    int vary;

    if (strcasecmp(action, "always") == 0
        || strcasecmp(action, "onsuccess") == 0) {
        action = cors_walk_next_word(walk, &args);
    }
    name = cors_walk_next_word(walk, &args);
    if (*name && name[strlen(name) - 1] == ':') {
        name[strlen(name) - 1] = '\0';
    }
    vary = strcasecmp(name, "Vary") == 0;
    policy = find_policy_for(walk, node->parent, name);
    if (!policy || strcasecmp(action, "note") == 0) {
        return;
    }
    fate = vary ? vary_fate(walk, policy, action,
                            cors_walk_next_word(walk, &args))
                : header_fate(walk, policy, action, name);
    if (fate) {
        cors_finding_warn(walk->check, header_code(policy, vary),
                          cors_line_of(node), "Header %s %s (%s): %s", action,
                          name, cors_walk_line(walk, node), fate);
    }
}

/* Whether mod_cors judges by this header of a request. */
static int is_judged(const char *name)
{
    static const char prefix[] = "Access-Control-Request-";

    return strcasecmp(name, "Origin") == 0
           || strncasecmp(name, prefix, sizeof(prefix) - 1) == 0;
}

/* Without early, a line runs after the judgement.  That is the right way to
 * hide the origin from a back end, and a back end that preflights are
 * forwarded to may need the others as well. */
static void check_late(cors_walk_t *walk, const ap_directive_t *node,
                       const char *action, const char *name)
{
    if (strcasecmp(name, "Origin") != 0
        && cors_walk_has_answers(walk, node->parent)) {
        cors_finding_warn(walk->check, CORS_CODE_REQUEST_HEADER_LATE,
                          cors_line_of(node),
                          "RequestHeader %s %s (%s): mod_cors has judged the "
                          "request before: %s",
                          action, name, cors_walk_line(walk, node),
                          cors_walk_leave_out(walk));
    }
}

/* mod_headers acts on early only in the lines of a server. */
static void check_early(cors_walk_t *walk, const ap_directive_t *node,
                        const char *action, const char *name)
{
    if (cors_walk_is_in_server(node)
        && cors_walk_policy(walk, node->parent, CORS_POLICY_ALL)) {
        cors_finding_warn(walk->check, CORS_CODE_REQUEST_HEADER_EARLY,
                          cors_line_of(node),
                          "RequestHeader %s %s (%s): early changes what "
                          "mod_cors judges: leave early out",
                          action, name, cors_walk_line(walk, node));
    }
}

/* RequestHeader ACTION NAME [VALUE ...] [early] */
void cors_header_lines_check_request(cors_walk_t *walk,
                                     const ap_directive_t *node)
{
    const char *args = node->args;
    const char *action = cors_walk_next_word(walk, &args);
    const char *name = cors_walk_next_word(walk, &args);
    int early = 0;

    if (!is_judged(name)) {
        return;
    }
    while (*args) {
        early = strcasecmp(cors_walk_next_word(walk, &args), "early") == 0;
    }
    if (early) {
        check_early(walk, node, action, name);
    }
    else {
        check_late(walk, node, action, name);
    }
}
