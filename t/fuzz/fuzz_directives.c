/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Whole directives: httpd reads the input as the configuration of a server,
 * with sections and virtual hosts, and the module checks it (in_httpd.c). What
 * passes is safe wherever it merges, what does not says why; and reading it
 * once more gives the same. */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_main.h>

#include "config/check.h"
#include "config/directives.h"
#include "config/faults.h"
#include "config/sections.h"
#include "module/line.h"
#include "naive.h"
#include "policies.h"
#include "protocol/judge.h"

/* ---- Reading the input as a configuration file ---- */

/* Our directives and core's sections, none of which opens a file, looks up a
 * name or adds to the methods that httpd knows. */
static int may_read(const char *line)
{
    static const char *const beginnings[] = {
        "Cors",        "<Location /", "<Directory /", "<Files ", "<If \"",
        "<Limit GET>", "</"
    };
    size_t i;

    line += strspn(line, " \t");
    for (i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
        if (strncasecmp(line, beginnings[i], strlen(beginnings[i])) == 0) {
            return 1;
        }
    }
    return strcmp(line, "<VirtualHost *:80>") == 0;
}

/* Lines without their line feeds, const char *. */
typedef struct lines_t {
    const apr_array_header_t *lines;
    int next;
} lines_t;

static apr_status_t get_line(void *buffer, apr_size_t size, void *from)
{
    lines_t *l = from;
    const char *line;

    while (l->next < l->lines->nelts) {
        line = APR_ARRAY_IDX(l->lines, l->next++, const char *);
        if (may_read(line) && strlen(line) + 2 <= size) {
            apr_snprintf(buffer, size, "%s\n", line);
            return APR_SUCCESS;
        }
    }
    return APR_EOF;
}

static ap_configfile_t *open_lines(const char *bytes, size_t len,
                                   apr_pool_t *p)
{
    lines_t *l = apr_pcalloc(p, sizeof(*l));
    apr_array_header_t *lines = apr_array_make(p, 16, sizeof(const char *));
    char *state;
    char *line = apr_strtok(apr_pstrmemdup(p, bytes, len), "\n", &state);

    for (; line; line = apr_strtok(NULL, "\n", &state)) {
        APR_ARRAY_PUSH(lines, const char *) = line;
    }
    l->lines = lines;
    return ap_pcfg_open_custom(p, "input", l, NULL, get_line, NULL);
}

/* A server as httpd begins with, beside the one that runs this. */
static server_rec *make_server(apr_pool_t *p, server_rec *pattern)
{
    server_rec *s;
    module *m;

    FUZZ_CHECK(!ap_init_virtual_host(p, "*:80", pattern, &s), "no server");
    s->is_virtual = 0;
    for (m = ap_top_module; m; m = m->next) {
        ap_single_module_configure(p, s, m);
    }
    return s;
}

/* httpd's messages and ours name the directive. */
static void check_message(const ap_directive_t *at, const char *message)
{
    const char *name = at ? at->directive : "";

    FUZZ_CHECK(*message, "%s: a message says nothing", name);
    FUZZ_CHECK(strncasecmp(name, "Cors", 4) != 0 || strcasestr(message, name),
               "%s: %s", name, message);
}

/* Returns what httpd says of an input that it can't read, or NULL. */
static const char *read_config(server_rec *s, ap_configfile_t *file,
                               ap_directive_t **tree, apr_pool_t *p,
                               apr_pool_t *ptemp)
{
    cmd_parms parms = { 0 };
    const char *message;

    parms.pool = p;
    parms.temp_pool = ptemp;
    parms.server = s;
    parms.override = (RSRC_CONF | OR_ALL) & ~(OR_AUTHCFG | OR_LIMIT);
    parms.override_opts = OPT_ALL | OPT_SYM_OWNER | OPT_MULTI;
    parms.limited = -1;
    parms.config_file = file;
    message = ap_build_config(&parms, p, ptemp, tree);
    if (!message) {
        message = ap_walk_config(*tree, &parms, s->lookup_defaults);
    }
    if (message) {
        check_message(parms.err_directive, message);
    }
    return message;
}

/* ---- What was written ---- */

/* The words of all lines of the directive at the level of the server, with a
 * space between them. */
static const char *written_words(const ap_directive_t *line,
                                 const char *directive, apr_pool_t *p)
{
    apr_array_header_t *words = apr_array_make(p, 8, sizeof(const char *));

    for (; line; line = line->next) {
        const char *args = line->args;

        while (strcasecmp(line->directive, directive) == 0 && *args) {
            APR_ARRAY_PUSH(words, const char *) = ap_getword_conf(p, &args);
        }
    }
    return apr_array_pstrcat(p, words, ' ');
}

/* The argument of the last such line, "" if there is none. */
static const char *written_value(const ap_directive_t *line,
                                 const char *directive, apr_pool_t *p)
{
    const char *value = "";

    for (; line; line = line->next) {
        const char *args = line->args;

        if (strcasecmp(line->directive, directive) == 0) {
            value = ap_getword_conf(p, &args);
        }
    }
    return value;
}

static int is_on(const ap_directive_t *tree, const char *directive,
                 apr_pool_t *p)
{
    return strcasecmp(written_value(tree, directive, p), "On") == 0;
}

/* The policy of the server has what its directives say. */
static void check_written(const ap_directive_t *tree,
                          const cors_policy_t *policy, apr_pool_t *p)
{
    const char *age = written_value(tree, "CorsMaxAge", p);

#define X(name, directive, help)                         \
    FUZZ_CHECK(strcmp(written_words(tree, directive, p), \
                      policies_words(policy->name, p))   \
                   == 0,                                 \
               directive " %s", policies_words(policy->name, p));
    CORS_LISTS(X)
#undef X
    FUZZ_CHECK(policy->credentials == is_on(tree, "CorsAllowCredentials", p),
               "%d", policy->credentials);
    FUZZ_CHECK(policy->private_network
                   == is_on(tree, "CorsAllowPrivateNetwork", p),
               "%d", policy->private_network);
    FUZZ_CHECK(policy->timing_allow_origin
                   == is_on(tree, "CorsTimingAllowOrigin", p),
               "%d", policy->timing_allow_origin);
    if (*age && strspn(age, "0123456789") == strlen(age)) {
        FUZZ_CHECK(policy->max_age && atoi(policy->max_age) == atoi(age),
                   "%s, not %s", policy->max_age, age);
    }
}

/* ---- What came out ---- */

typedef struct faulty_t {
    const cors_policy_t *policy;
    const cors_word_t *word; /* the first that must not be there */
} faulty_t;

static int find_faulty(void *faulty, const cors_word_t *word)
{
    faulty_t *f = faulty;
    const cors_policy_t *policy = f->policy;
    const char *text = word->text;
    int null = strcmp(text, "null") == 0;
    int any = strcmp(text, "*") == 0;
    int keyword = any || strcasecmp(text, "none") == 0
                  || strcasecmp(text, "inherit") == 0;
    int bad = (null && !(policy->unsafe & CORS_UNSAFE_NULL_ORIGIN))
              || ((null || any)
                  && (policy->credentials || policy->private_network))
              || (policy->credentials && !null && !keyword
                  && !(policy->unsafe & CORS_UNSAFE_INSECURE_ORIGINS)
                  && naive_is_insecure(text));

    f->word = bad ? word : NULL;
    return bad;
}

static int check_safe(void *data, const cors_place_t *place,
                      const cors_policy_t *policy)
{
    apr_pool_t *p = data;
    faulty_t f = { policy, NULL };

    if (cors_policy_holds(policy)
        && cors_list_each(policy->origins, find_faulty, &f, p)) {
        FUZZ_CHECK(!f.word, "%s in %s", f.word->text,
                   cors_place_name(place, p));
    }
    return 0;
}

/* A configuration that passes has nothing unsafe at any place. */
static void check_passed(const cors_check_t *check)
{
    cors_places_each(check->places, NULL, check_safe, check->p);
}

static int has_directives(const server_rec *s)
{
    const apr_array_header_t *all = cors_sections_all();
    int i;

    for (i = 0; i < all->nelts; i++) {
        if (APR_ARRAY_IDX(all, i, cors_section_t *)->server == s) {
            return 1;
        }
    }
    return 0;
}

/* A section of a server, and what httpd merges for a request there. */
typedef struct merged_t {
    const server_rec *server;
    const ap_directive_t *section;
    const cors_policy_t *policy;
    int seen;
    apr_pool_t *p;
} merged_t;

static int compare_merged(void *data, const cors_place_t *place,
                          const cors_policy_t *policy)
{
    merged_t *merged = data;

    if (place->server == merged->server && place->section == merged->section) {
        policies_check_same(policy, merged->policy, merged->p);
        merged->seen = 1;
    }
    return 0;
}

/* The checks visit the section, own, of the server, and merge the policy that
 * httpd merges for a request there.  Core has put the main server's sections
 * into each virtual host. */
static void check_merged(const cors_check_t *check, server_rec *s,
                         ap_conf_vector_t *own)
{
    const cors_dir_conf_t *conf = ap_get_module_config(own, &cors_module);
    merged_t merged = { s, NULL, NULL, 0, check->p };

    if (!conf || !conf->section) {
        return;
    }
    merged.section = conf->section->parent;
    merged.policy = cors_dir_conf_policy(
        ap_merge_per_dir_configs(check->p, s->lookup_defaults, own));
    cors_places_each(check->places, NULL, compare_merged, &merged);
    FUZZ_CHECK(merged.seen || !has_directives(s), "%s %s is not looked at",
               conf->section->parent->directive, conf->section->parent->args);
}

static void check_all_merged(const cors_check_t *check, server_rec *s)
{
    const core_server_config *core = ap_get_core_module_config(
        s->module_config);
    int i;

    for (i = 0; i < core->sec_url->nelts; i++) {
        check_merged(check, s,
                     APR_ARRAY_IDX(core->sec_url, i, ap_conf_vector_t *));
    }
    for (i = 0; i < core->sec_dir->nelts; i++) {
        check_merged(check, s,
                     APR_ARRAY_IDX(core->sec_dir, i, ap_conf_vector_t *));
    }
}

/* All that is said of the configuration, as one text. */
static const char *check_config(server_rec *s, apr_pool_t *p)
{
    const cors_check_t *check;
    const char *said = "";
    int refused = 0;
    int i;

    ap_fixup_virtual_hosts(p, s);
    check = cors_check_all(s, p);
    for (i = 0; i < check->findings->nelts; i++) {
        const cors_finding_t *finding = &APR_ARRAY_IDX(check->findings, i,
                                                       cors_finding_t);

        check_message(cors_line_directive(finding->at),
                      cors_finding_message(finding, p));
        refused |= finding->refused;
        said = apr_pstrcat(p, said, finding->text, "\n", NULL);
    }
    if (!refused) {
        check_passed(check);
    }
    for (; s; s = s->next) {
        check_all_merged(check, s);
    }
    return said;
}

/* The configuration is read, and what is kept of it must not lie in ptemp:
 * writes over what APR itself has given out of it. */
static void end_of_reading(apr_pool_t *ptemp)
{
    static const char junk[1000] = "junk";
    int i;

    fuzz_clear(ptemp);
    for (i = 0; i < 7; i++) { /* of a block of 8 KiB */
        apr_pmemdup(ptemp, junk, sizeof(junk));
    }
}

static const char *read_and_check(const char *text, size_t len, apr_pool_t *p)
{
    ap_directive_t *outer_tree = ap_conftree;
    ap_directive_t *tree = NULL;
    server_rec *s = make_server(p, ap_server_conf);
    apr_pool_t *ptemp;
    const char *said;

    apr_pool_create(&ptemp, p);
    cors_directives_begin(p);
    said = read_config(s, open_lines(text, len, p), &tree, p, ptemp);
    if (!said) {
        const cors_dir_conf_t *conf = ap_get_module_config(s->lookup_defaults,
                                                           &cors_module);

        end_of_reading(ptemp);
        if (!cors_faults_all()->nelts) {
            check_written(tree, &conf->policy, p);
        }
        ap_conftree = tree;
        said = check_config(s, p);
        ap_conftree = outer_tree;
    }
    return said;
}

void fuzz_one(const char *text, size_t len, apr_pool_t *p)
{
    apr_pool_t *again;
    const char *first = read_and_check(text, len, p);

    apr_pool_create(&again, p);
    FUZZ_CHECK(strcmp(first, read_and_check(text, len, again)) == 0, "%s",
               first);
}
