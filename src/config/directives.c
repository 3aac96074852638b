/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/directives.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

#include "config/argument.h"
#include "config/faults.h"
#include "config/info.h"
#include "config/sections.h"
#include "config/sets.h"
#include "module/line.h"
#include "policy/names.h"
#include "policy/origins.h"
#include "sources/sources.h"

/* The public suffixes, or NULL if the system has no list.  Lives in pconf,
 * because .htaccess files need the list too. */
static const cors_suffixes_t *suffixes;

/* Gives the policy the value under which the checks find least, because a
 * fault must cause no further findings.  No request ever sees the value: httpd
 * refuses the configuration. */
static void quieten(const cmd_parms *cmd, cors_policy_t *policy)
{
    if (strcmp(cmd->cmd->name, "CorsEngine") == 0) {
        policy->engine = CORS_ENGINE_OFF;
    }
    else if (strcmp(cmd->cmd->name, "CorsPreflight") == 0) {
        policy->preflight = CORS_PREFLIGHT_FORWARD;
    }
    else if (strcmp(cmd->cmd->name, "CorsAllowUnsafe") == 0) {
        policy->unsafe = ~0u;
    }
}

/* Reports the fault, if there is one.  The setter returns the result. */
static const char *report(cmd_parms *cmd, cors_dir_conf_t *conf,
                          const char *arg, cors_wrong_t wrong)
{
    if (!wrong.sentence) {
        return NULL;
    }
    conf->section->faulty = cmd->directive;
    quieten(cmd, &conf->policy);
    return cors_fault_report(cmd, wrong.code, arg, wrong.sentence);
}

/* Reports a fault that makes the rest of the line meaningless. */
static const char *report_last(cmd_parms *cmd, cors_dir_conf_t *conf,
                               const char *arg, cors_wrong_t wrong)
{
    conf->section->done = cmd->directive;
    return report(cmd, conf, arg, wrong);
}

/* Whether the setter skips this argument: the line is meaningless. */
static int is_done(const cmd_parms *cmd, const cors_dir_conf_t *conf)
{
    return conf->section->done == cmd->directive;
}

static int is_faulty(const cmd_parms *cmd, const cors_dir_conf_t *conf)
{
    return conf->section->faulty == cmd->directive;
}

/* Run first by every setter: creates the section at its first directive, and
 * refuses <Limit>.  Requests name the line, so its file name must live on. */
static const char *begin(cmd_parms *cmd, cors_dir_conf_t *conf,
                         const char *arg)
{
    cors_section_keep_file(cmd);
    if (!conf->section) {
        conf->policy.named = 1;
        conf->section = cors_section_add(cmd, &conf->policy);
    }
    if (is_done(cmd, conf) || !ap_check_cmd_context(cmd, NOT_IN_LIMIT)) {
        return NULL;
    }
    return report_last(cmd, conf, arg,
                       cors_wrong(CORS_CODE_IN_LIMIT,
                                  "a policy applies to all methods: write it "
                                  "outside of <Limit> and <LimitExcept>"));
}

/* Whether the text has the byte twice in a row.  Most lines have it nowhere,
 * which strchr() finds in a third of what strstr() takes. */
static int has_twice(const char *text, int byte)
{
    const char *found = strchr(text, byte);

    while (found && found[1] != byte) {
        found = strchr(found + 1, byte);
    }
    return found != NULL;
}

/* Reports an empty argument: httpd ends the list there and drops the rest.
 * Only quotes can make one, so a line without them is not split again, which
 * would copy each word: 32 bytes for each of 100,000 origins. */
static const char *check_empty(cmd_parms *cmd, cors_dir_conf_t *conf)
{
    const char *args = cmd->directive->args;

    if (!has_twice(args, '"') && !has_twice(args, '\'')) {
        return NULL;
    }
    while (*args) {
        if (!*ap_getword_conf(cmd->temp_pool, &args)) {
            return report(cmd, conf, "",
                          cors_wrong(CORS_CODE_EMPTY_ARGUMENT,
                                     "httpd drops everything after an empty "
                                     "argument: leave it out"));
        }
    }
    return NULL;
}

/* Run first by every setter of a list, for each argument.  What begin() looks
 * at is the same for all arguments of a line. */
static const char *begin_list(cmd_parms *cmd, cors_dir_conf_t *conf,
                              const char *arg)
{
    int first = !conf->section || conf->section->last != cmd->directive;
    const char *message = first ? begin(cmd, conf, arg) : NULL;

    if (message || is_done(cmd, conf)) {
        return message;
    }
    if (*arg == '#') {
        return report_last(cmd, conf, arg,
                           cors_wrong(CORS_CODE_COMMENT_ON_LINE,
                                      "httpd takes a comment after a "
                                      "directive for arguments: write it on a "
                                      "line of its own"));
    }
    if (first) {
        conf->section->last = cmd->directive;
        message = check_empty(cmd, conf);
    }
    return message;
}

/* Refuses .htaccess files.  The directive's context does so only as long as
 * AllowOverrideList does not name it. */
static const char *begin_in_server(cmd_parms *cmd, cors_dir_conf_t *conf,
                                   const char *arg, const char *sentence)
{
    const char *message = begin_list(cmd, conf, arg);

    if (!message && cors_section_is_htaccess(cmd)) {
        message = report(cmd, conf, arg,
                         cors_wrong(CORS_CODE_IN_HTACCESS, sentence));
    }
    return message;
}

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
#define BEGIN_WORDS  begin(cmd, conf, arg)
#define BEGIN_AGE    BEGIN_WORDS
#define BEGIN_PHRASE BEGIN_WORDS
#define BEGIN_PAGE                                                        \
    begin_in_server(cmd, conf, arg,                                       \
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
        if (!message && !is_done(cmd, conf)) {                           \
            READ_##kind(type, words);                                    \
                                                                         \
            message = report(cmd, conf, arg, wrong);                     \
        }                                                                \
        if (!is_faulty(cmd, conf)) {                                     \
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
    const char *message = begin_in_server(
        cmd, conf, arg,
        "no .htaccess file can permit what is unsafe: write it into the "
        "server's configuration");
    cors_wrong_t wrong;
    int value = 0;

    if (message || is_done(cmd, conf)) {
        return message;
    }
    wrong = cors_argument_choose(cmd, arg, cors_unsafe_words, &value);
    if (!wrong.sentence) {
        conf->policy.unsafe |= 1u << value;
        conf->policy.unsafe_at[value] = cors_line_of(cmd->directive);
    }
    return report(cmd, conf, arg, wrong);
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

static cors_wrong_t add_name(cmd_parms *cmd, cors_list_t *list,
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
    return add_name(cmd, list, CORS_NAMES_METHODS, arg);
}

static cors_wrong_t add_headers(cmd_parms *cmd, cors_list_t *list,
                                const char *arg)
{
    return add_name(cmd, list, CORS_NAMES_ALLOW_HEADERS, arg);
}

static cors_wrong_t add_expose(cmd_parms *cmd, cors_list_t *list,
                               const char *arg)
{
    return add_name(cmd, list, CORS_NAMES_EXPOSE_HEADERS, arg);
}

/* Defines cors_cmd_<name>(), the setter of a directive with a list.  The
 * setter makes the list even if all arguments are faulty, so that the checks
 * don't see the list of an enclosing section instead. */
#define X(name, title, help)                                             \
    static const char *cors_cmd_##name(cmd_parms *cmd, void *dconf,      \
                                       const char *arg)                  \
    {                                                                    \
        cors_dir_conf_t *conf = dconf;                                   \
        const char *message = begin_list(cmd, conf, arg);                \
                                                                         \
        conf->policy.name = own_list(cmd, &conf->section->name);         \
        if (!message && !is_done(cmd, conf)) {                           \
            message = report(cmd, conf, arg,                             \
                             add_##name(cmd, conf->section->name, arg)); \
        }                                                                \
        if (is_faulty(cmd, conf)) {                                      \
            conf->section->name##_faulty = 1;                            \
        }                                                                \
        return message;                                                  \
    }
CORS_LISTS(X)
#undef X

static cors_wrong_t add_limit(cmd_parms *cmd, cors_limit_t *limit,
                              const char *arg)
{
    const char *sentence;

    if (*arg == '@') {
        return cors_wrong(CORS_CODE_LIMIT_WORD,
                          "a ceiling holds whatever a source says: write the "
                          "origins that policies may allow at most, as in "
                          "https://*.example.com");
    }
    if (!cors_limit_takes(arg)) {
        return cors_wrong(CORS_CODE_LIMIT_WORD,
                          "a ceiling lists the origins that policies may "
                          "allow at most: write them, as in "
                          "https://*.example.com");
    }
    sentence = cors_limit_add(limit, arg, cors_line_of(cmd->directive),
                              suffixes, cmd->pool, cmd->temp_pool);
    return sentence ? wrong_origin(arg, sentence) : cors_right();
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
    const char *message = begin_in_server(
        cmd, conf, arg,
        "no .htaccess file can set a ceiling: write it into the server's "
        "configuration");
    cors_limit_t *limit;

    if (message || is_done(cmd, conf)) {
        return message;
    }
    limit = own_limit(cmd, conf);
    message = report(cmd, conf, arg, add_limit(cmd, limit, arg));
    if (is_faulty(cmd, conf)) {
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
                    "what is refused otherwise: insecure-origins, "
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
