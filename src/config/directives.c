/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/directives.h"

#include <stdlib.h>
#include <string.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <http_core.h>

#include "policy/origins.h"
#include "policy/names.h"
#include "grammar/token.h"

/* Seconds.  No browser keeps a preflight for longer than a day. */
#define MAX_AGE_MAX 86400

/* Longer values are cut in messages. */
#define SHOWN_MAX 200

/* All sections of the configuration that have a directive of ours, in the
 * order read; .htaccess files excepted, which come and go with requests.
 * Lives in pconf. */
static apr_array_header_t *sections;

/* The same by the line that begins them. */
static apr_hash_t *by_line;

/* NULL if there is no list.  Lives in pconf; .htaccess files need it too. */
static const cors_suffixes_t *suffixes;

void *cors_create_dir_conf(apr_pool_t *p, char *dir)
{
    return apr_pcalloc(p, sizeof(cors_dir_conf_t));
}

void *cors_merge_dir_conf(apr_pool_t *p, void *basev, void *addv)
{
    const cors_dir_conf_t *base = basev;
    const cors_dir_conf_t *add = addv;
    cors_dir_conf_t *merged;

    /* Most sections have no directive of ours.  What is merged is only
     * read, so that it can be shared. */
    if (!add->policy.named) {
        return basev;
    }
    if (!base->policy.named) {
        return addv;
    }
    merged = apr_palloc(p, sizeof(*merged));
    merged->section = NULL;
    cors_policy_merge(p, &base->policy, &add->policy, &merged->policy);
    return merged;
}

/* In an .htaccess file both are the pool of the request. */
static int in_htaccess(const cmd_parms *cmd)
{
    return cmd->pool == cmd->temp_pool;
}

/* What every directive begins with: it has a section, and holds for all
 * methods. */
static const char *begin(cmd_parms *cmd, cors_dir_conf_t *conf)
{
    const char *message = ap_check_cmd_context(cmd, NOT_IN_LIMIT);

    if (message || conf->section) {
        return message;
    }
    conf->policy.named = 1;
    conf->section = apr_pcalloc(cmd->pool, sizeof(*conf->section));
    conf->section->policy = &conf->policy;
    conf->section->server = cmd->server;
    conf->section->parent = cmd->directive->parent;
    conf->section->first = cmd->directive;
    if (!in_htaccess(cmd)) {
        apr_hash_set(by_line, &conf->section->parent,
                     sizeof(conf->section->parent), conf->section);
        APR_ARRAY_PUSH(sections, cors_section_t *) = conf->section;
    }
    return NULL;
}

/* what: what is wrong and what to write, after the argument. */
static const char *refuse(cmd_parms *cmd, const char *arg, const char *what)
{
    return apr_psprintf(cmd->pool, "%s: '%.*s'%s%s", cmd->cmd->name, SHOWN_MAX,
                        arg, strlen(arg) > SHOWN_MAX ? "..." : "", what);
}

/* The same for an argument that a list has refused with a sentence. */
static const char *refuse_word(cmd_parms *cmd, const char *arg,
                               const char *sentence)
{
    return sentence ? refuse(cmd, arg,
                             apr_pstrcat(cmd->temp_pool, ": ", sentence, NULL))
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
            return refuse(cmd, "",
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
        message = refuse(cmd, arg, ": a comment stands on a line of its own");
    }
    if (!message && conf->section->last != cmd->directive) {
        conf->section->last = cmd->directive;
        message = check_empty(cmd);
    }
    return message;
}

/* The words of a directive that takes one of several, by value. */
typedef const char *const words_t[4];

static const words_t on_off_words = { "Off", "On" };
static const words_t engine_words = { "On", "Off", "DetectionOnly" };
static const words_t preflight_words = { "answer", "forward" };
static const words_t status_words = { "204", "200" };
static const words_t backend_words = { "replace", "keep" };

/* Finds arg among the words.  Returns NULL with its place in *value, or a
 * message. */
static const char *choose(cmd_parms *cmd, const char *arg, const words_t words,
                          int *value)
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
    return refuse(cmd, arg, write);
}

/* Defines cors_cmd_<name>(), the setter of a scalar that is one of words. */
#define WORD_SETTER(type, name, words)                              \
    static const char *cors_cmd_##name(cmd_parms *cmd, void *dconf, \
                                       const char *arg)             \
    {                                                               \
        cors_dir_conf_t *conf = dconf;                              \
        int value = 0;                                              \
        const char *message = begin(cmd, conf);                     \
                                                                    \
        if (!message) {                                             \
            message = choose(cmd, arg, words, &value);              \
        }                                                           \
        if (!message) {                                             \
            conf->policy.name = (type)value;                        \
            conf->policy.name##_set = 1;                            \
            conf->policy.name##_at = cmd->directive;                \
        }                                                           \
        return message;                                             \
    }

WORD_SETTER(cors_engine_e, engine, engine_words)
WORD_SETTER(int, credentials, on_off_words)
WORD_SETTER(cors_preflight_e, preflight, preflight_words)
WORD_SETTER(cors_status_e, preflight_status, status_words)
WORD_SETTER(cors_backend_e, backend_headers, backend_words)
WORD_SETTER(int, private_network, on_off_words)
WORD_SETTER(int, timing_allow_origin, on_off_words)

/* Reads whole seconds, by themselves or in httpd's units, into *seconds.
 * Returns NULL or what is wrong. */
static const char *parse_max_age(const char *arg, int *seconds)
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

static const char *cors_cmd_max_age(cmd_parms *cmd, void *dconf,
                                    const char *arg)
{
    cors_dir_conf_t *conf = dconf;
    int none = strcasecmp(arg, "none") == 0;
    int seconds = 0;
    const char *message = begin(cmd, conf);
    const char *wrong;

    if (message) {
        return message;
    }
    wrong = none ? NULL : parse_max_age(arg, &seconds);
    if (wrong) {
        return refuse(cmd, arg, wrong);
    }
    conf->policy.max_age = none ? NULL : apr_itoa(cmd->pool, seconds);
    conf->policy.max_age_set = 1;
    conf->policy.max_age_at = cmd->directive;
    return NULL;
}

static const char *cors_cmd_allow_unsafe(cmd_parms *cmd, void *dconf,
                                         const char *arg)
{
    static const words_t words = { "insecure-origins", "public-suffixes",
                                   "null-origin" };
    cors_dir_conf_t *conf = dconf;
    const char *message = begin_list(cmd, conf, arg);
    int value = 0;

    if (!message) {
        message = choose(cmd, arg, words, &value);
    }
    if (!message) {
        conf->policy.unsafe |= 1u << value;
        conf->policy.unsafe_at[value] = cmd->directive;
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

static const char *cors_cmd_allow_origin(cmd_parms *cmd, void *dconf,
                                         const char *arg)
{
    cors_dir_conf_t *conf = dconf;
    const char *message = begin_list(cmd, conf, arg);
    cors_list_t *list;
    const char *wrong;

    if (message) {
        return message;
    }
    list = own_list(cmd, &conf->section->origins);
    wrong = cors_origins_add(list, arg, cmd->directive, suffixes, cmd->pool,
                           cmd->temp_pool);
    conf->policy.origins = list;
    return refuse_word(cmd, arg, wrong);
}

/* Adds a name to one of the other three lists.  own: where the section keeps
 * the list; *policy: where the policy does. */
static const char *add_name(cmd_parms *cmd, cors_list_t **own,
                            const cors_list_t **policy, cors_name_kind_e kind,
                            const char *arg)
{
    cors_list_t *list = own_list(cmd, own);
    const char *wrong = cors_names_add(list, kind, arg, cmd->directive,
                                       cmd->pool, cmd->temp_pool);

    *policy = list;
    return refuse_word(cmd, arg, wrong);
}

/* Defines cors_cmd_<setter>(), which adds a name to the list called name. */
#define NAMES_SETTER(setter, name, kind)                                      \
    static const char *cors_cmd_##setter(cmd_parms *cmd, void *dconf,         \
                                         const char *arg)                     \
    {                                                                         \
        cors_dir_conf_t *conf = dconf;                                        \
        const char *message = begin_list(cmd, conf, arg);                     \
                                                                              \
        if (!message) {                                                       \
            message = add_name(cmd, &conf->section->name, &conf->policy.name, \
                               kind, arg);                                    \
        }                                                                     \
        return message;                                                       \
    }

NAMES_SETTER(allow_methods, methods, CORS_NAMES_METHODS)
NAMES_SETTER(allow_headers, headers, CORS_NAMES_ALLOW_HEADERS)
NAMES_SETTER(expose_headers, expose, CORS_NAMES_EXPOSE_HEADERS)

const command_rec cors_cmds[] = {
    /* whether and for whom */
    AP_INIT_TAKE1("CorsEngine", cors_cmd_engine, NULL, OR_FILEINFO,
                  "On, Off, or DetectionOnly to judge and log alone"),
    AP_INIT_ITERATE("CorsAllowOrigin", cors_cmd_allow_origin, NULL,
                    OR_FILEINFO,
                    "the origins that may read responses: *, none, or "
                    "origins such as https://app.example.com"),
    AP_INIT_TAKE1("CorsAllowCredentials", cors_cmd_credentials, NULL,
                  OR_FILEINFO,
                  "On if requests may come with cookies and the like, or "
                  "Off"),
    AP_INIT_ITERATE("CorsAllowUnsafe", cors_cmd_allow_unsafe, NULL,
                    RSRC_CONF | ACCESS_CONF,
                    "what is refused otherwise: insecure-origins, "
                    "public-suffixes, null-origin"),

    /* what preflights are told */
    AP_INIT_ITERATE("CorsAllowMethods", cors_cmd_allow_methods, NULL,
                    OR_FILEINFO,
                    "the methods that scripts may use: *, or names"),
    AP_INIT_ITERATE("CorsAllowHeaders", cors_cmd_allow_headers, NULL,
                    OR_FILEINFO,
                    "the request headers that scripts may set: *, none, or "
                    "names"),
    AP_INIT_TAKE1("CorsMaxAge", cors_cmd_max_age, NULL, OR_FILEINFO,
                  "how long browsers may keep a preflight's answer: up to "
                  "86400 seconds, or none"),
    AP_INIT_TAKE1("CorsAllowPrivateNetwork", cors_cmd_private_network, NULL,
                  OR_FILEINFO,
                  "On if pages from public networks may ask, or Off"),
    AP_INIT_TAKE1("CorsPreflight", cors_cmd_preflight, NULL, OR_FILEINFO,
                  "answer preflights here, or forward them"),
    AP_INIT_TAKE1("CorsPreflightStatus", cors_cmd_preflight_status, NULL,
                  OR_FILEINFO, "status of a preflight answer: 204 or 200"),

    /* what responses carry */
    AP_INIT_ITERATE("CorsExposeHeaders", cors_cmd_expose_headers, NULL,
                    OR_FILEINFO,
                    "the response headers that scripts may read: *, none, "
                    "or names"),
    AP_INIT_TAKE1("CorsTimingAllowOrigin", cors_cmd_timing_allow_origin, NULL,
                  OR_FILEINFO,
                  "On if scripts may see the timing of responses, or Off"),
    AP_INIT_TAKE1("CorsBackendHeaders", cors_cmd_backend_headers, NULL,
                  OR_FILEINFO,
                  "replace the CORS headers of a back end, or keep them"),
    { NULL }
};

static apr_status_t forget(void *unused)
{
    sections = NULL;
    by_line = NULL;
    suffixes = NULL;
    return APR_SUCCESS;
}

void cors_sections_begin(apr_pool_t *pconf)
{
    sections = apr_array_make(pconf, 16, sizeof(cors_section_t *));
    by_line = apr_hash_make(pconf);
    suffixes = cors_suffixes_read(getenv("CORS_PUBLIC_SUFFIX_LIST"), pconf);
    apr_pool_cleanup_register(pconf, NULL, forget, apr_pool_cleanup_null);
}

/* The configuration is read twice at start, the second time in a fresh
 * pconf. */
static int cors_pre_config(apr_pool_t *pconf, apr_pool_t *plog,
                           apr_pool_t *ptemp)
{
    cors_sections_begin(pconf);
    return OK;
}

const apr_array_header_t *cors_sections_all(void)
{
    return sections;
}

const cors_section_t *cors_section_find(const ap_directive_t *section)
{
    return apr_hash_get(by_line, &section, sizeof(section));
}

void cors_conf_register_hooks(apr_pool_t *p)
{
    ap_hook_pre_config(cors_pre_config, NULL, NULL, APR_HOOK_MIDDLE);
}
