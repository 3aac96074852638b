/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "config/sets.h"

#include <string.h>

#include <apr_strings.h>

#include "config/faults.h"
#include "config/sections.h"
#include "module/line.h"
#include "policy/set.h"
#include "sources/refresh.h"
#include "sources/sources.h"

#define MEGABYTE (1024 * 1024)
#define DAY      APR_TIME_C(86400000000)

/* The defaults of the options; that of refresh= is the kind's. */
#define STALE   APR_TIME_C(3600000000)
#define TIMEOUT APR_TIME_C(200000)
#define SIZE    ((apr_size_t)256 * MEGABYTE)

/* Bytes.  The largest size= is just under 4G. */
#define SIZE_MIN         ((apr_uint64_t)MEGABYTE)
#define SIZE_MAX_WRITTEN (APR_UINT64_C(4096) * MEGABYTE)

static cors_wrong_t wrong_option(const char *sentence)
{
    return cors_wrong(CORS_CODE_SET_OPTION, sentence);
}

/* Reads a time of httpd's, from least to most. */
static cors_wrong_t read_time(const char *value, apr_interval_time_t least,
                              apr_interval_time_t most, const char *sentence,
                              apr_interval_time_t *time)
{
    apr_interval_time_t found;

    if (*value < '0' || *value > '9'
        || ap_timeout_parameter_parse(value, &found, "s") != APR_SUCCESS
        || found < least || found > most) {
        return wrong_option(sentence);
    }
    *time = found;
    return cors_right();
}

static cors_wrong_t read_refresh(const char *value, cors_source_t *source)
{
    return read_time(value, APR_TIME_C(1000000), DAY,
                     "write a time from 1s to 24h, as in refresh=30s",
                     &source->refresh);
}

/* httpd's times have no unit of days. */
static cors_wrong_t read_stale(const char *value, cors_source_t *source)
{
    const char *sentence = "write a time from 0 to 7d, as in stale=1h, or "
                           "stale=forever";
    char *end;
    apr_int64_t days = apr_strtoi64(value, &end, 10);

    if (strcasecmp(value, "forever") == 0) {
        source->stale = CORS_STALE_FOREVER;
        return cors_right();
    }
    if (*value >= '0' && *value <= '9' && strcmp(end, "d") == 0) {
        source->stale = days * DAY;
        return days >= 0 && days <= 7 ? cors_right() : wrong_option(sentence);
    }
    return read_time(value, 0, 7 * DAY, sentence, &source->stale);
}

static cors_wrong_t read_size(const char *value, cors_source_t *source)
{
    char *end;
    apr_uint64_t size = *value >= '0' && *value <= '9'
                            ? (apr_uint64_t)apr_strtoi64(value, &end, 10)
                            : 0;

    if (size && size <= SIZE_MAX_WRITTEN / MEGABYTE) {
        size *= strcmp(end, "M") == 0   ? MEGABYTE
                : strcmp(end, "G") == 0 ? 1024 * (apr_uint64_t)MEGABYTE
                                        : 0;
    }
    else {
        size = 0;
    }
    if (size < SIZE_MIN || size > SIZE_MAX_WRITTEN
        || size > (apr_uint64_t)APR_SIZE_MAX / 4) {
        return wrong_option("write a size from 1M to 4G, as in size=256M");
    }
    source->size = (apr_size_t)(size < CORS_IMAGE_SIZE_MAX
                                    ? size
                                    : CORS_IMAGE_SIZE_MAX);
    return cors_right();
}

static cors_wrong_t read_timeout(const char *value, cors_source_t *source)
{
    return read_time(value, APR_TIME_C(10000), APR_TIME_C(5000000),
                     "write a time from 10ms to 5s, as in timeout=200ms",
                     &source->timeout);
}

static cors_wrong_t read_version(const char *value, cors_source_t *source)
{
    if (!*value) {
        return wrong_option("write an SQL statement, as in "
                            "\"version=SELECT max(id) FROM cors_change\"");
    }
    source->version = value;
    return cors_right();
}

/* The kind reads the file, and says what is wrong with it. */
static cors_wrong_t read_password(const char *value, cors_source_t *source)
{
    source->password = value;
    return *value ? cors_right()
                  : wrong_option("write a file with the password in its first "
                                 "line, as in password=/etc/httpd/redis");
}

static cors_wrong_t read_ca(const char *value, cors_source_t *source)
{
    source->ca = value;
    return *value ? cors_right()
                  : wrong_option("write a file of certificates to trust, as "
                                 "in ca=/etc/httpd/ca.pem");
}

static const struct {
    const char *name;
    unsigned int bit;
    cors_wrong_t (*read)(const char *value, cors_source_t *source);
} options[] = { { "refresh=", CORS_OPTION_REFRESH, read_refresh },
                { "stale=", CORS_OPTION_STALE, read_stale },
                { "size=", CORS_OPTION_SIZE, read_size },
                { "timeout=", CORS_OPTION_TIMEOUT, read_timeout },
                { "version=", CORS_OPTION_VERSION, read_version },
                { "password=", CORS_OPTION_PASSWORD, read_password },
                { "ca=", CORS_OPTION_CA, read_ca } };

/* Returns "write refresh=, stale= or size=": the options of the kind. */
static const char *option_advice(const cors_source_kind_t *kind, apr_pool_t *p)
{
    const char *all = "";
    apr_size_t i;

    for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
        if (kind->options & options[i].bit) {
            all = apr_pstrcat(p, all, *all ? ", " : "", options[i].name, NULL);
        }
    }
    return apr_pstrcat(p, kind->prefix, ": has no such option, but ", all,
                       ": write one of these", NULL);
}

static cors_wrong_t read_option(const char *arg, cors_source_t *source,
                                apr_pool_t *p)
{
    apr_size_t i;

    for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
        apr_size_t len = strlen(options[i].name);

        if (strncasecmp(arg, options[i].name, len) == 0
            && (source->kind->options & options[i].bit)) {
            return options[i].read(arg + len, source);
        }
    }
    return wrong_option(option_advice(source->kind, p));
}

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
        all = apr_pstrcat(p, all,
                          !i                         ? " "
                          : cors_source_kinds[i + 1] ? ", "
                                                     : " or ",
                          cors_source_kinds[i]->prefix, ":", NULL);
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
    source->refresh = kind->refresh;
    source->stale = STALE;
    source->timeout = TIMEOUT;
    source->size = SIZE;
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
        wrong = read_option(argv[i], set->source, cmd->temp_pool);
    }
    if (!wrong.sentence) {
        cors_source_wrong_t fault = kind->open(set->source, rest, cmd);

        *arg = set->from;
        wrong = cors_wrong(cors_code_of_source(fault.fault), fault.sentence);
    }
    return wrong;
}

/* What is wrong with the directive as a whole, or with its name. */
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

cors_wrong_t cors_sets_add(cmd_parms *cmd, cors_list_t *list, const char *arg)
{
    int is_htaccess = cors_section_is_htaccess(cmd);
    const cors_line_t *at = cors_line_of(cmd->directive);
    const char *sentence;
    cors_set_t *set;

    if (!cors_set_is_name(arg + 1)) {
        return cors_wrong(CORS_CODE_SET_NAME,
                          "a name has 1 to 64 of the bytes a-z, 0-9 and "
                          "hyphen: write that of a CorsOriginSet, as in "
                          "@partners");
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
    rows = cors_refresh_try(set->source, &status, scratch);
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
            "CorsAllowOrigin @%s (%s): there is no CorsOriginSet of that "
            "name: write one, or the name of another",
            set->name, cors_line_name(set->used_at, check->p));
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
