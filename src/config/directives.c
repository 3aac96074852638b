/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/directives.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

#include "config/faults.h"
#include "config/info.h"
#include "config/sections.h"
#include "config/setter.h"
#include "config/sets.h"
#include "module/line.h"
#include "policy/names.h"
#include "policy/origins.h"
#include "sources/sources.h"

/* The public suffixes, or NULL if the system has no list.  Lives in pconf,
 * because .htaccess files need the list too. */
static const cors_suffixes_t *suffixes;

/* The values under which the checks find least.  A faulty directive sets them,
 * because a fault must cause no further findings.  No request ever sees them:
 * httpd refuses the configuration. */
static const cors_policy_t quiet = { .engine = CORS_ENGINE_OFF,
                                     .preflight = CORS_PREFLIGHT_FORWARD,
                                     .unsafe = ~0u };

/* Read arg into value, for the kinds of CORS_SCALARS. */
#define WORD(value, word) word,
#define READ_WORDS(type, words)                                       \
    static const char *const all[] = { words(WORD) NULL };            \
    int place = 0;                                                    \
    cors_wrong_t wrong = cors_argument_choose(cmd, arg, all, &place); \
                                                                      \
    value = (type)place
#define READ_PHRASE(type, words) READ_WORDS(type, words)
#define READ_PAGE(type, words)   READ_WORDS(type, words)
#define READ_AGE(type, words) \
    cors_wrong_t wrong = cors_argument_read_age(cmd, arg, &value)

/* Begin to set a value of each kind. */
#define BEGIN_WORDS  cors_setter_begin(cmd, conf, arg)
#define BEGIN_AGE    BEGIN_WORDS
#define BEGIN_PHRASE BEGIN_WORDS
#define BEGIN_PAGE                                            \
    cors_setter_begin_in_server(                              \
        cmd, conf, arg,                                       \
        "no .htaccess file can show the page: write it into " \
        "the server's configuration")

/* Define cors_cmd_<name>(), by what httpd passes to each kind.  A phrase is
 * read as one value, with a blank between its two arguments. */
#define COMMAND_WORDS(name)                                         \
    static const char *cors_cmd_##name(cmd_parms *cmd, void *dconf, \
                                       const char *arg)             \
    {                                                               \
        return set_##name(cmd, dconf, arg);                         \
    }
#define COMMAND_AGE(name) COMMAND_WORDS(name)
#define COMMAND_PHRASE(name)                                                \
    static const char *cors_cmd_##name(cmd_parms *cmd, void *dconf,         \
                                       const char *arg, const char *second) \
    {                                                                       \
        return set_##name(                                                  \
            cmd, dconf,                                                     \
            second ? apr_pstrcat(cmd->temp_pool, arg, " ", second, NULL)    \
                   : arg);                                                  \
    }

/* The page has hooks that no other request is to pay for. */
#define COMMAND_PAGE(name)                                          \
    static const char *cors_cmd_##name(cmd_parms *cmd, void *dconf, \
                                       const char *arg)             \
    {                                                               \
        cors_dir_conf_t *conf = dconf;                              \
        const char *message = set_##name(cmd, conf, arg);           \
                                                                    \
        if (!message && conf->policy.name) {                        \
            cors_info_use(cmd->pool);                               \
        }                                                           \
        return message;                                             \
    }

/* Defines the setter of a directive with one value.  The setter marks a faulty
 * directive as set too, so that the checks don't see the value of an enclosing
 * section instead. */
#define X(kind, type, name, title, words, help)                          \
    static const char *set_##name(cmd_parms *cmd, cors_dir_conf_t *conf, \
                                  const char *arg)                       \
    {                                                                    \
        const char *message = BEGIN_##kind;                              \
        type value = 0;                                                  \
                                                                         \
        if (!message && !cors_setter_is_done(cmd, conf)) {               \
            READ_##kind(type, words);                                    \
                                                                         \
            message = cors_setter_report(cmd, conf, arg, wrong);         \
        }                                                                \
        if (cors_setter_is_faulty(cmd, conf)) {                          \
            conf->policy.name = quiet.name;                              \
        }                                                                \
        else {                                                           \
            conf->policy.name = value;                                   \
            conf->policy.name##_at = cors_line_of(cmd->directive);       \
        }                                                                \
        conf->policy.name##_set = 1;                                     \
        return message;                                                  \
    }                                                                    \
    COMMAND_##kind(name)
CORS_SCALARS(X)
#undef X

static const char *cors_cmd_allow_unsafe(cmd_parms *cmd, void *dconf,
                                         const char *arg)
{
    cors_dir_conf_t *conf = dconf;
    const char *message = cors_setter_begin_in_server(
        cmd, conf, arg,
        "no .htaccess file can permit what is unsafe: write it into the "
        "server's configuration");

    if (!message && !cors_setter_is_done(cmd, conf)) {
        int value = 0;
        cors_wrong_t wrong = cors_argument_choose(cmd, arg, cors_unsafe_words,
                                                  &value);

        if (!wrong.sentence) {
            conf->policy.unsafe |= 1u << value;
            conf->policy.unsafe_at[value] = cors_line_of(cmd->directive);
        }
        message = cors_setter_report(cmd, conf, arg, wrong);
    }
    if (cors_setter_is_faulty(cmd, conf)) {
        conf->policy.unsafe = quiet.unsafe;
    }
    return message;
}

/* Returns the section's own list, and makes it for the first argument. */
static cors_list_t *own_list(cmd_parms *cmd, cors_list_t **list)
{
    if (!*list) {
        *list = apr_pcalloc(cmd->pool, sizeof(**list));
    }
    return *list;
}

static cors_wrong_t wrong_origin(const char *arg, const char *sentence)
{
    cors_pattern_t ignored;

    return cors_wrong(
        strcmp(sentence, CORS_LIST_ALONE) == 0
            ? CORS_CODE_STANDS_ALONE
            : cors_code_of_origin(cors_pattern_parse(arg, &ignored)),
        sentence);
}

/* Add one argument to the list of their kind.  An .htaccess file is read for
 * each request, and most of them need to know of no suffix. */
static cors_wrong_t add_origins(cmd_parms *cmd, cors_list_t *list,
                                const char *arg)
{
    const char *sentence;

    if (*arg == '@') {
        return cors_sets_add(cmd, list, arg);
    }
    list->late = cors_section_is_htaccess(cmd) ? suffixes : NULL;
    sentence = cors_origins_add(list, arg, cors_line_of(cmd->directive),
                                suffixes, cmd->pool, cmd->temp_pool);
    return sentence ? wrong_origin(arg, sentence) : cors_right();
}

static cors_wrong_t add_name_argument(cmd_parms *cmd, cors_list_t *list,
                                      cors_name_kind_e kind, const char *arg)
{
    const char *sentence = cors_names_add(list, kind, arg,
                                          cors_line_of(cmd->directive),
                                          cmd->pool, cmd->temp_pool);

    if (!sentence) {
        return cors_right();
    }
    return cors_wrong(strcmp(sentence, CORS_LIST_ALONE) == 0
                          ? CORS_CODE_STANDS_ALONE
                          : cors_code_of_name(cors_name_check(arg, kind)),
                      sentence);
}

static cors_wrong_t add_methods(cmd_parms *cmd, cors_list_t *list,
                                const char *arg)
{
    return add_name_argument(cmd, list, CORS_NAMES_METHODS, arg);
}

static cors_wrong_t add_headers(cmd_parms *cmd, cors_list_t *list,
                                const char *arg)
{
    return add_name_argument(cmd, list, CORS_NAMES_ALLOW_HEADERS, arg);
}

static cors_wrong_t add_expose(cmd_parms *cmd, cors_list_t *list,
                               const char *arg)
{
    return add_name_argument(cmd, list, CORS_NAMES_EXPOSE_HEADERS, arg);
}

/* Defines cors_cmd_<name>(), the setter of a directive with a list.  The
 * setter makes the list even if all arguments are faulty, so that the checks
 * don't see the list of an enclosing section instead. */
#define X(name, title, help)                                                \
    static const char *cors_cmd_##name(cmd_parms *cmd, void *dconf,         \
                                       const char *arg)                     \
    {                                                                       \
        cors_dir_conf_t *conf = dconf;                                      \
        const char *message = cors_setter_begin_list(cmd, conf, arg);       \
                                                                            \
        conf->policy.name = own_list(cmd, &conf->section->name);            \
        if (!message && !cors_setter_is_done(cmd, conf)) {                  \
            message = cors_setter_report(                                   \
                cmd, conf, arg, add_##name(cmd, conf->section->name, arg)); \
        }                                                                   \
        if (cors_setter_is_faulty(cmd, conf)) {                             \
            conf->section->name##_faulty = 1;                               \
        }                                                                   \
        return message;                                                     \
    }
CORS_LISTS(X)
#undef X

/* Whether the sentence ends in words to write of which no ceiling may list
 * one. */
static int suggests_keyword(const char *sentence, apr_pool_t *p)
{
    static const char before[] = ": write ";
    const char *words = strstr(sentence, before);
    int takes = 1;

    if (!words) {
        return 0;
    }
    words += sizeof(before) - 1;
    while (takes && *words) {
        takes = cors_limit_takes(ap_getword_white(p, &words));
    }
    return !takes;
}

static cors_wrong_t wrong_limit(void)
{
    return cors_wrong(CORS_CODE_LIMIT_WORD,
                      "a ceiling lists the origins that policies may allow at "
                      "most: write them, as in https://*.example.com");
}

static cors_wrong_t add_limit(cmd_parms *cmd, cors_limit_t *limit,
                              const char *arg)
{
    const char *sentence;

    if (*arg == '@') {
        return cors_sets_add(cmd, cors_limit_list_for_set(limit), arg);
    }
    if (!cors_limit_takes(arg)) {
        return wrong_limit();
    }
    sentence = cors_limit_add(limit, arg, cors_line_of(cmd->directive),
                              suffixes, cmd->pool, cmd->temp_pool);
    if (!sentence) {
        return cors_right();
    }
    return suggests_keyword(sentence, cmd->temp_pool)
               ? wrong_limit()
               : wrong_origin(arg, sentence);
}

/* Each line is a ceiling of its own. */
static cors_limit_t *own_limit(cmd_parms *cmd, cors_dir_conf_t *conf)
{
    cors_section_t *section = conf->section;

    if (section->limit_line != cmd->directive) {
        section->limit_line = cmd->directive;
        section->limit = cors_limit_make(conf->policy.limits, cmd->pool);
        conf->policy.limits = section->limit;
    }
    return section->limit;
}

/* A faulty line makes no ceiling, so that the checks find nothing outside. */
static const char *cors_cmd_limit(cmd_parms *cmd, void *dconf, const char *arg)
{
    cors_dir_conf_t *conf = dconf;
    const char *message = cors_setter_begin_in_server(
        cmd, conf, arg,
        "no .htaccess file can set a ceiling: write it into the server's "
        "configuration");
    cors_limit_t *limit;

    if (message || cors_setter_is_done(cmd, conf)) {
        return message;
    }
    limit = own_limit(cmd, conf);
    message = cors_setter_report(cmd, conf, arg, add_limit(cmd, limit, arg));
    if (cors_setter_is_faulty(cmd, conf)) {
        conf->policy.limits = limit->outer;
    }
    return message;
}

/* How many arguments each kind takes, and where. */
#define TAKE_WORDS   AP_INIT_TAKE1
#define TAKE_AGE     AP_INIT_TAKE1
#define TAKE_PHRASE  AP_INIT_TAKE12
#define TAKE_PAGE    AP_INIT_TAKE1
#define WHERE_WORDS  OR_FILEINFO
#define WHERE_AGE    OR_FILEINFO
#define WHERE_PHRASE OR_FILEINFO
#define WHERE_PAGE   (RSRC_CONF | ACCESS_CONF)

const command_rec cors_cmds[] = {
#define X(kind, type, name, title, words, help) \
    TAKE_##kind(title, cors_cmd_##name, NULL, WHERE_##kind, help),
    CORS_SCALARS(X)
#undef X
#define X(name, title, help) \
    AP_INIT_ITERATE(title, cors_cmd_##name, NULL, OR_FILEINFO, help),
        CORS_LISTS(X)
#undef X
    /* not in .htaccess */
    AP_INIT_ITERATE("CorsAllowUnsafe", cors_cmd_allow_unsafe, NULL,
                    RSRC_CONF | ACCESS_CONF,
                    "permits what is rejected by default: insecure-origins, "
                    "public-suffixes, null-origin"),
    AP_INIT_ITERATE("CorsLimitOrigin", cors_cmd_limit, NULL,
                    RSRC_CONF | ACCESS_CONF,
                    "the origins that policies here and below may allow at "
                    "most, such as https://*.example.com"),
    /* for the whole server */
    AP_INIT_TAKE_ARGV("CorsOriginSet", cors_cmd_origin_set, NULL, RSRC_CONF,
                      "a name for origins that come from outside of the "
                      "configuration, and their source, as in partners "
                      "file:/etc/httpd/partners.origins"),
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
    cors_faults_begin(pconf);
    suffixes = cors_suffixes_read(getenv("CORS_PUBLIC_SUFFIX_LIST"), pconf);
    cors_sources_begin(pconf, suffixes);
    apr_pool_cleanup_register(pconf, NULL, forget_suffixes,
                              apr_pool_cleanup_null);
}

const cors_suffixes_t *cors_directives_suffixes(void)
{
    return suffixes;
}

/* httpd reads the configuration twice at start, the second time into a fresh
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
