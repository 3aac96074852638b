/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/directives.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

#include "config/sections.h"
#include "module/line.h"
#include "policy/names.h"
#include "policy/origins.h"

/* Seconds.  No browser keeps a preflight for longer than a day. */
#define MAX_AGE_MAX 86400

/* Longer values are cut in messages. */
#define SHOWN_MAX 200

/* NULL if there is no list.  Lives in pconf; .htaccess files need it too. */
static const cors_suffixes_t *suffixes;

/* What every directive begins with: it has a section, and holds for all
 * methods. */
static const char *begin(cmd_parms *cmd, cors_dir_conf_t *conf)
{
    const char *message = ap_check_cmd_context(cmd, NOT_IN_LIMIT);

    if (message || conf->section) {
        return message;
    }
    conf->policy.named = 1;
    conf->section = cors_section_add(cmd, &conf->policy);
    return NULL;
}

/* what: what is wrong and what to write, after the argument. */
static const char *refuse_argument(cmd_parms *cmd, const char *arg,
                                   const char *what)
{
    return apr_psprintf(cmd->pool, "%s: '%.*s'%s%s", cmd->cmd->name, SHOWN_MAX,
                        arg, strlen(arg) > SHOWN_MAX ? "..." : "", what);
}

/* The same for an argument that a list has refused with a sentence. */
static const char *refuse_word(cmd_parms *cmd, const char *arg,
                               const char *sentence)
{
    return sentence ? refuse_argument(
               cmd, arg, apr_pstrcat(cmd->temp_pool, ": ", sentence, NULL))
                    : NULL;
}

/* httpd ends a list at an argument that is empty, and drops the rest.  One is
 * made by quotes alone, so that most lines need not be taken apart again: that
 * would copy each word, 32 bytes for each of 100,000 origins. */
static const char *check_empty(cmd_parms *cmd)
{
    const char *args = cmd->directive->args;

    if (!strstr(args, "\"\"") && !strstr(args, "''")) {
        return NULL;
    }
    while (*args) {
        if (!*ap_getword_conf(cmd->temp_pool, &args)) {
            return refuse_argument(cmd, "",
                                   " is no argument, and httpd would drop "
                                   "what follows: leave it out");
        }
    }
    return NULL;
}

/* What every directive with a list begins with. */
static const char *begin_list(cmd_parms *cmd, cors_dir_conf_t *conf,
                              const char *arg)
{
    const char *message = begin(cmd, conf);

    if (!message && *arg == '#') {
        message = refuse_argument(cmd, arg,
                                  ": a comment stands on a line of its own");
    }
    if (!message && conf->section->last != cmd->directive) {
        conf->section->last = cmd->directive;
        message = check_empty(cmd);
    }
    return message;
}

/* Finds arg among the words, which end with NULL.  Returns NULL with its place
 * in *value, or a message. */
static const char *choose(cmd_parms *cmd, const char *arg,
                          const char *const *words, int *value)
{
    const char *write = " is unknown: write";
    int i;

    for (i = 0; words[i]; i++) {
        if (strcasecmp(arg, words[i]) == 0) {
            *value = i;
            return NULL;
        }
        write = apr_pstrcat(cmd->temp_pool, write,
                            !i             ? " "
                            : words[i + 1] ? ", "
                                           : " or ",
                            words[i], NULL);
    }
    return refuse_argument(cmd, arg, write);
}

/* Reads whole seconds, by themselves or in httpd's units, into *seconds.
 * Returns NULL or what is wrong. */
static const char *parse_seconds(const char *arg, int *seconds)
{
    static const char *const units[] = { "", "ms", "s", "mi", "min", "h" };
    const char *unit = arg + strspn(arg, "0123456789");
    apr_interval_time_t time;
    apr_size_t i = 0;

    if (*arg == '-') {
        return " is negative: write 0 to have no preflight cached";
    }
    while (i < sizeof(units) / sizeof(*units) && strcmp(unit, units[i]) != 0) {
        i++;
    }
    if (unit == arg || i == sizeof(units) / sizeof(*units)) {
        return " is not a time: write seconds, as in 600, or a unit after "
               "the number, as in 10min or 2h, or none";
    }
    if (ap_timeout_parameter_parse(arg, &time, "s") != APR_SUCCESS
        || time > apr_time_from_sec(MAX_AGE_MAX)) {
        return " is more than a day, and no browser keeps a preflight for "
               "longer: write 86400 or less";
    }
    if (time % APR_USEC_PER_SEC) {
        return " is not whole seconds: write 1s or more";
    }
    *seconds = (int)apr_time_sec(time);
    return NULL;
}

/* Returns NULL with the value of the header, or NULL for none, in *value; or a
 * message. */
static const char *read_age(cmd_parms *cmd, const char *arg,
                            const char **value)
{
    int seconds = 0;
    const char *wrong;

    if (strcasecmp(arg, "none") == 0) {
        *value = NULL;
        return NULL;
    }
    wrong = parse_seconds(arg, &seconds);
    if (wrong) {
        return refuse_argument(cmd, arg, wrong);
    }
    *value = apr_itoa(cmd->pool, seconds);
    return NULL;
}

/* Define read_<name>() for the two kinds of CORS_SCALARS. */
#define WORD(value, word) word,
#define READ_WORDS(type, name, words)                               \
    static const char *read_##name(cmd_parms *cmd, const char *arg, \
                                   type *value)                     \
    {                                                               \
        static const char *const all[] = { words(WORD) NULL };      \
        int place = 0;                                              \
        const char *message = choose(cmd, arg, all, &place);        \
                                                                    \
        *value = (type)place;                                       \
        return message;                                             \
    }
#define READ_AGE(type, name, words)                                 \
    static const char *read_##name(cmd_parms *cmd, const char *arg, \
                                   type *value)                     \
    {                                                               \
        return read_age(cmd, arg, value);                           \
    }

/* Defines cors_cmd_<name>(), the setter of a directive with one value. */
#define X(kind, type, name, title, words, help)                        \
    READ_##kind(type, name, words) static const char *cors_cmd_##name( \
        cmd_parms *cmd, void *dconf, const char *arg)                  \
    {                                                                  \
        cors_policy_t *policy = &((cors_dir_conf_t *)dconf)->policy;   \
        const char *message = begin(cmd, dconf);                       \
        type value = 0;                                                \
                                                                       \
        if (!message) {                                                \
            message = read_##name(cmd, arg, &value);                   \
        }                                                              \
        if (!message) {                                                \
            policy->name = value;                                      \
            policy->name##_set = 1;                                    \
            policy->name##_at = cors_line_of(cmd->directive);          \
        }                                                              \
        return message;                                                \
    }
CORS_SCALARS(X)
#undef X

static const char *cors_cmd_allow_unsafe(cmd_parms *cmd, void *dconf,
                                         const char *arg)
{
    cors_dir_conf_t *conf = dconf;
    const char *message = begin_list(cmd, conf, arg);
    int value = 0;

    if (!message) {
        message = choose(cmd, arg, cors_unsafe_words, &value);
    }
    if (!message) {
        conf->policy.unsafe |= 1u << value;
        conf->policy.unsafe_at[value] = cors_line_of(cmd->directive);
    }
    return message;
}

/* The section's own list, made when the first argument for it is read. */
static cors_list_t *own_list(cmd_parms *cmd, cors_list_t **list)
{
    if (!*list) {
        *list = apr_pcalloc(cmd->pool, sizeof(**list));
    }
    return *list;
}

/* Add one argument to the list of their kind.  Return NULL or what is wrong.
 */
static const char *add_origins(cmd_parms *cmd, cors_list_t *list,
                               const char *arg)
{
    return cors_origins_add(list, arg, cors_line_of(cmd->directive), suffixes,
                            cmd->pool, cmd->temp_pool);
}

static const char *add_name(cmd_parms *cmd, cors_list_t *list,
                            cors_name_kind_e kind, const char *arg)
{
    return cors_names_add(list, kind, arg, cors_line_of(cmd->directive),
                          cmd->pool, cmd->temp_pool);
}

static const char *add_methods(cmd_parms *cmd, cors_list_t *list,
                               const char *arg)
{
    return add_name(cmd, list, CORS_NAMES_METHODS, arg);
}

static const char *add_headers(cmd_parms *cmd, cors_list_t *list,
                               const char *arg)
{
    return add_name(cmd, list, CORS_NAMES_ALLOW_HEADERS, arg);
}

static const char *add_expose(cmd_parms *cmd, cors_list_t *list,
                              const char *arg)
{
    return add_name(cmd, list, CORS_NAMES_EXPOSE_HEADERS, arg);
}

/* Defines cors_cmd_<name>(), the setter of a directive with a list. */
#define X(name, title, help)                                        \
    static const char *cors_cmd_##name(cmd_parms *cmd, void *dconf, \
                                       const char *arg)             \
    {                                                               \
        cors_dir_conf_t *conf = dconf;                              \
        const char *message = begin_list(cmd, conf, arg);           \
                                                                    \
        if (message) {                                              \
            return message;                                         \
        }                                                           \
        conf->policy.name = own_list(cmd, &conf->section->name);    \
        message = add_##name(cmd, conf->section->name, arg);        \
        return refuse_word(cmd, arg, message);                      \
    }
CORS_LISTS(X)
#undef X

const command_rec cors_cmds[] = {
#define X(kind, type, name, title, words, help) \
    AP_INIT_TAKE1(title, cors_cmd_##name, NULL, OR_FILEINFO, help),
    CORS_SCALARS(X)
#undef X
#define X(name, title, help) \
    AP_INIT_ITERATE(title, cors_cmd_##name, NULL, OR_FILEINFO, help),
        CORS_LISTS(X)
#undef X
    /* not in .htaccess */
    AP_INIT_ITERATE("CorsAllowUnsafe", cors_cmd_allow_unsafe, NULL,
                    RSRC_CONF | ACCESS_CONF,
                    "what is refused otherwise: insecure-origins, "
                    "public-suffixes, null-origin"),
    { NULL }
};

static apr_status_t forget_suffixes(void *unused)
{
    suffixes = NULL;
    return APR_SUCCESS;
}

void cors_directives_begin(apr_pool_t *pconf)
{
    cors_sections_begin(pconf);
    suffixes = cors_suffixes_read(getenv("CORS_PUBLIC_SUFFIX_LIST"), pconf);
    apr_pool_cleanup_register(pconf, NULL, forget_suffixes,
                              apr_pool_cleanup_null);
}

/* The configuration is read twice at start, the second time in a fresh
 * pconf. */
static int cors_pre_config(apr_pool_t *pconf, apr_pool_t *plog,
                           apr_pool_t *ptemp)
{
    cors_directives_begin(pconf);
    return OK;
}

void cors_directives_register_hooks(apr_pool_t *p)
{
    ap_hook_pre_config(cors_pre_config, NULL, NULL, APR_HOOK_MIDDLE);
}
