/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/sets.h"

#include <string.h>

#include <apr_strings.h>

#include "config/faults.h"
#include "config/sections.h"
#include "config/set_options.h"
#include "grammar/advice.h"
#include "grammar/pattern.h"
#include "module/line.h"
#include "policy/set.h"
#include "sources/reading.h"
#include "sources/refresh.h"
#include "sources/sources.h"

/* Returns the kind of the source and what follows its prefix, or NULL. */
static const cors_source_kind_t *find_kind(const char *from, const char **rest)
{
    const cors_source_kind_t *const *kind = cors_source_kinds;

    for (; *kind; kind++) {
        apr_size_t len = strlen((*kind)->prefix);

        if (strncmp(from, (*kind)->prefix, len) == 0 && from[len] == ':') {
            *rest = from + len + 1;
            return *kind;
        }
    }
    return NULL;
}

/* Returns "a source is one of file:, dbd: and redis:". */
static const char *kind_advice(apr_pool_t *p)
{
    const char *all = "there is no such source: write one that begins with";
    int i;

    for (i = 0; cors_source_kinds[i]; i++) {
        all = cors_argument_append(
            all, apr_pstrcat(p, cors_source_kinds[i]->prefix, ":", NULL), i,
            !cors_source_kinds[i + 1], p);
    }
    return all;
}

static cors_source_t *make_source(cmd_parms *cmd, cors_set_t *set,
                                  const cors_source_kind_t *kind)
{
    cors_source_t *source = apr_pcalloc(cmd->pool, sizeof(*source));

    source->kind = kind;
    source->set = set;
    source->server = cmd->server;
    cors_set_options_init(source);
    return source;
}

/* Reads the source and its options.  Returns the argument that is wrong in
 * *arg. */
static cors_wrong_t read_source(cmd_parms *cmd, cors_set_t *set, int argc,
                                char *const argv[], const char **arg)
{
    const char *rest;
    const cors_source_kind_t *kind = find_kind(argv[1], &rest);
    cors_wrong_t wrong = cors_right();
    int i;

    *arg = argv[1];
    if (!kind) {
        return cors_wrong(CORS_CODE_SET_SOURCE, kind_advice(cmd->temp_pool));
    }
    set->from = argv[1];
    set->is_lookup = kind->find != NULL;
    set->source = make_source(cmd, set, kind);
    for (i = 2; i < argc && !wrong.sentence; i++) {
        *arg = argv[i];
        wrong = cors_set_options_read(argv[i], set->source, cmd->temp_pool);
    }
    if (!wrong.sentence) {
        cors_source_wrong_t fault = kind->open(set->source, rest, cmd);

        *arg = set->from;
        wrong = cors_wrong(cors_code_of_source(fault.fault), fault.sentence);
    }
    return wrong;
}

/* Returns what is wrong with the directive as a whole, or with its name. */
static cors_wrong_t check_name(cmd_parms *cmd, int argc, const char *name)
{
    const cors_set_t *set;

    if (cors_section_is_htaccess(cmd)) {
        return cors_wrong(CORS_CODE_IN_HTACCESS,
                          "no .htaccess file can define a set: write it into "
                          "the server's configuration");
    }
    if (ap_check_cmd_context(cmd, GLOBAL_ONLY)) {
        return cors_wrong(CORS_CODE_SET_PLACE,
                          "a set is for the whole server: write it outside "
                          "of all sections");
    }
    if (argc < 2) {
        return cors_wrong(CORS_CODE_SET_SOURCE,
                          "write a name and a source, as in partners "
                          "file:/etc/httpd/partners.origins");
    }
    if (!cors_set_is_name(name)) {
        return cors_wrong(CORS_CODE_SET_NAME,
                          "a name has 1 to 64 of the bytes a-z, 0-9 and "
                          "hyphen: write one, as in partners");
    }
    set = cors_sources_find(name);
    return set && set->at ? cors_wrong(
               CORS_CODE_SET_TWICE,
               apr_psprintf(cmd->temp_pool,
                            "%s has that name already: write "
                            "another, or leave one of the two "
                            "out",
                            cors_line_name(set->at, cmd->temp_pool)))
                          : cors_right();
}

/* A faulty set stays in the registry without a source, so that what names the
 * set is no fault, too. */
const char *cors_cmd_origin_set(cmd_parms *cmd, void *dconf, int argc,
                                char *const argv[])
{
    const char *arg = argc ? argv[0] : "";
    cors_wrong_t wrong = check_name(cmd, argc, arg);

    cors_section_keep_file(cmd);
    if (!wrong.sentence) {
        cors_set_t *set = cors_sources_name(arg);

        set->at = cors_line_of(cmd->directive);
        wrong = read_source(cmd, set, argc, argv, &arg);
        if (wrong.sentence) {
            set->source = NULL;
        }
    }
    return wrong.sentence
               ? cors_fault_report(cmd, wrong.code, arg, wrong.sentence)
               : NULL;
}

/* Keeps a word of a list that commas separate, if it may stand there. */
static const char *keep_word(const char *word, int kind, apr_pool_t *p)
{
    cors_pattern_t ignored;
    int is_right = *word == '@'
                       ? cors_set_is_name(word + 1)
                       : cors_pattern_parse(word, &ignored) == CORS_PATTERN_OK;

    return is_right ? word : NULL;
}

static cors_wrong_t wrong_name(const char *arg, apr_pool_t *p)
{
    if (strpbrk(arg, ",;")) {
        return cors_wrong(
            CORS_CODE_ORIGIN_COMMA,
            cors_advice_commas(
                arg, cors_advice_mend(arg, ",;", keep_word, 0, p), p));
    }
    return cors_wrong(CORS_CODE_SET_NAME,
                      "a name has 1 to 64 of the bytes a-z, 0-9 and hyphen: "
                      "write that of a CorsOriginSet, as in @partners");
}

cors_wrong_t cors_sets_add(cmd_parms *cmd, cors_list_t *list, const char *arg)
{
    int is_htaccess = cors_section_is_htaccess(cmd);
    const cors_line_t *at = cors_line_of(cmd->directive);
    const char *sentence;
    cors_set_t *set;

    if (!cors_set_is_name(arg + 1)) {
        return wrong_name(arg, cmd->temp_pool);
    }
    set = is_htaccess ? cors_sources_find(arg + 1)
                      : cors_sources_name(arg + 1);
    if (!set || (is_htaccess && !set->at)) {
        return cors_wrong(CORS_CODE_SET_UNDEFINED,
                          "the server's configuration has no CorsOriginSet "
                          "of that name: write the name of one");
    }
    if (!is_htaccess && !set->used_at) {
        set->used_at = at;
    }
    sentence = cors_set_add(list, set, arg, at, cmd->pool);
    return sentence ? cors_wrong(CORS_CODE_STANDS_ALONE, sentence)
                    : cors_right();
}

static void add_fault(cors_check_t *check, const cors_set_t *set,
                      cors_code_e code, const char *sentence)
{
    cors_finding_t finding = { .code = code, .refused = 1, .at = set->at };

    finding.text = apr_psprintf(check->p, "CorsOriginSet %s %s (%s): %s",
                                set->name, set->from,
                                cors_line_name(set->at, check->p), sentence);
    cors_finding_add(check, &finding);
}

/* Every row counts: while the server runs, a faulty one is only left out. */
static void add_rows(cors_check_t *check, const cors_set_t *set,
                     const cors_rows_t *rows)
{
    int i;

    for (i = 0; i < rows->bad->nelts; i++) {
        const cors_bad_row_t *bad = &APR_ARRAY_IDX(rows->bad, i,
                                                   cors_bad_row_t);

        add_fault(check, set, CORS_CODE_SET_ROW,
                  apr_psprintf(check->p, "row %" APR_UINT64_T_FMT ", '%s': %s",
                               bad->number, bad->text, bad->sentence));
    }
    if (rows->skipped > (apr_uint64_t)rows->bad->nelts) {
        add_fault(
            check, set, CORS_CODE_SET_ROW,
            apr_psprintf(check->p,
                         "%" APR_UINT64_T_FMT
                         " more rows are not origins: correct them too",
                         rows->skipped - (apr_uint64_t)rows->bad->nelts));
    }
}

/* Reads a source that configtest can read. */
static void try_source(cors_check_t *check, const cors_set_t *set)
{
    cors_read_e status = CORS_READ_FAILED;
    apr_pool_t *scratch;
    const cors_rows_t *rows;

    apr_pool_create(&scratch, check->p);
    rows = cors_reading_try(set->source, &status, scratch);
    if (!rows) {
        add_fault(check, set, CORS_CODE_SET_TOO_LARGE,
                  "there is no memory for size=: write less");
    }
    else if (status == CORS_READ_FAILED) {
        add_fault(check, set, cors_code_of_source(rows->fault), rows->cause);
    }
    if (rows) {
        add_rows(check, set, rows);
    }
    apr_pool_destroy(scratch);
}

static void check_source(cors_check_t *check, const cors_set_t *set)
{
    const cors_source_kind_t *kind = set->source->kind;
    cors_source_wrong_t wrong = { CORS_SOURCE_OK, NULL };

    if (kind->read && !cors_refresh_has_watchdog()) {
        add_fault(
            check, set, CORS_CODE_SET_WATCHDOG,
            "mod_watchdog is not loaded, and nothing else has the source "
            "read again: load it");
    }
    if (kind->check) {
        wrong = kind->check(set->source, check->p);
    }
    if (wrong.sentence) {
        add_fault(check, set, cors_code_of_source(wrong.fault),
                  wrong.sentence);
    }
    else if (kind->is_local) {
        try_source(check, set);
    }
}

static void check_set(cors_check_t *check, const cors_set_t *set)
{
    cors_finding_t finding = { .code = CORS_CODE_SET_UNDEFINED,
                               .refused = 1,
                               .at = set->used_at };

    if (!set->at) {
        finding.text = apr_psprintf(
            check->p,
            "%s @%s (%s): there is no CorsOriginSet of that name: write one, "
            "or the name of another",
            cors_line_directive(set->used_at)->directive, set->name,
            cors_line_name(set->used_at, check->p));
        cors_finding_add(check, &finding);
        return;
    }
    if (!set->source) {
        return; /* its line is faulty */
    }
    if (!set->used_at) {
        cors_finding_warn(check, CORS_CODE_SET_UNUSED, set->at,
                          "CorsOriginSet %s (%s): no CorsAllowOrigin names "
                          "it, unless an .htaccess file does: write "
                          "CorsAllowOrigin @%s, or leave the set out",
                          set->name, cors_line_name(set->at, check->p),
                          set->name);
    }
    check_source(check, set);
}

void cors_sets_check(cors_check_t *check)
{
    const apr_array_header_t *sets = cors_sources_all();
    int i;

    for (i = 0; i < sets->nelts; i++) {
        check_set(check, APR_ARRAY_IDX(sets, i, cors_set_t *));
    }
}
