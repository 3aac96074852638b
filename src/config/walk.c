/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/walk.h"

#include <string.h>

#include "config/sections.h"

const char *cors_walk_line(const cors_walk_t *walk, const ap_directive_t *at)
{
    return cors_line_name(cors_line_of(at), walk->check->p);
}

char *cors_walk_next_word(const cors_walk_t *walk, const char **args)
{
    return ap_getword_conf(walk->check->p, args);
}

int cors_walk_is_named(const ap_directive_t *node, const char *name)
{
    return strcasecmp(node->directive, name) == 0;
}

int cors_walk_begins_with(const char *args, const char *word)
{
    size_t len = strlen(word);

    args += strspn(args, CORS_WALK_BETWEEN);
    return strncasecmp(args, word, len) == 0
           && (!args[len] || strchr(CORS_WALK_BETWEEN, args[len]));
}

const char *cors_walk_skip_word(const char *args)
{
    args += strspn(args, CORS_WALK_BETWEEN);
    args += strcspn(args, CORS_WALK_BETWEEN);
    return args + strspn(args, CORS_WALK_BETWEEN);
}

int cors_walk_has_word(const char *args, const char *word)
{
    while (*args && !cors_walk_begins_with(args, word)) {
        args = cors_walk_skip_word(args);
    }
    return *args != '\0';
}

/* Under DetectionOnly the module sends nothing, so other modules' lines are
 * still needed. */
static int is_kind(const cors_policy_t *policy, cors_policy_kind_e kind)
{
    if (!cors_policy_holds(policy) || policy->engine != CORS_ENGINE_ON) {
        return 0;
    }
    switch (kind) {
    case CORS_POLICY_ANY_ORIGIN:
        return policy->origins->any != NULL;
    case CORS_POLICY_LIST:
        return !policy->origins->any;
    case CORS_POLICY_ALL:
        break;
    }
    return 1;
}

/* Whether a section between here and the virtual host turns the engine off. */
static int is_off(const ap_directive_t *container)
{
    for (; container && !cors_walk_is_named(container, "<VirtualHost");
         container = container->parent) {
        const cors_section_t *section = cors_section_find(container);

        if (section && section->policy->engine_set) {
            return section->policy->engine != CORS_ENGINE_ON;
        }
    }
    return 0;
}

static int is_wanted(const void *data, const cors_policy_t *policy)
{
    const cors_policy_kind_e *kind = data;

    return is_kind(policy, *kind);
}

static const cors_policy_t *find_policy(cors_walk_t *walk,
                                        const ap_directive_t *container,
                                        cors_policy_kind_e kind, int own)
{
    const cors_check_t *check = walk->check;
    const cors_policy_t *policy = cors_place_policy(walk->server, container,
                                                    check->p);

    walk->partly = 0;
    if (is_kind(policy, kind)) {
        return policy;
    }
    walk->partly = 1;
    return is_off(container)
               ? NULL
               : cors_places_first(check->places, walk->server, container, own,
                                   is_wanted, &kind, check->p);
}

const cors_policy_t *cors_walk_policy(cors_walk_t *walk,
                                      const ap_directive_t *container,
                                      cors_policy_kind_e kind)
{
    return find_policy(walk, container, kind, 0);
}

const cors_policy_t *cors_walk_own_policy(cors_walk_t *walk,
                                          const ap_directive_t *container,
                                          cors_policy_kind_e kind)
{
    return find_policy(walk, container, kind, 1);
}

int cors_walk_has_answers(cors_walk_t *walk, const ap_directive_t *container)
{
    const cors_policy_t *policy = cors_walk_policy(walk, container,
                                                   CORS_POLICY_ALL);

    return policy && policy->preflight == CORS_PREFLIGHT_ANSWER;
}

const ap_directive_t *cors_walk_section(const ap_directive_t *node)
{
    do {
        node = node->parent;
    } while (node
             && (cors_walk_is_named(node, "<RequireAll")
                 || cors_walk_is_named(node, "<RequireAny")
                 || cors_walk_is_named(node, "<Limit")
                 || cors_walk_is_named(node, "<LimitExcept")));
    return node;
}

int cors_walk_is_in_server(const ap_directive_t *node)
{
    return !node->parent || cors_section_is_virtual_host(node->parent);
}

const char *cors_walk_leave_out(const cors_walk_t *walk)
{
    return walk->partly ? "leave it out if it is for nothing else"
                        : "leave it out";
}
