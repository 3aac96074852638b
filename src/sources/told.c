/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/told.h"

#include <apr_strings.h>

#include "grammar/hash.h"
#include "module/line.h"

/* Seconds in which one cause is logged once. */
#define AGAIN_AFTER 60

/* Faulty rows that the log shows of each list. */
#define ROWS_SHOWN 10

/* Bytes of a message's part. */
#define PART_MAX 256

static const char *name_of(const cors_source_t *source, char *name,
                           apr_size_t size)
{
    const ap_directive_t *at = cors_line_directive(source->set->at);

    apr_snprintf(name, size, "CorsOriginSet %s (line %d of %s)",
                 source->set->name, at->line_num, at->filename);
    return name;
}

/* Whether the message was not logged in the last minute.  Processes that fail
 * at the same time may log it twice. */
static int is_due(cors_shared_t *shared, const char *message, apr_uint32_t now)
{
    apr_uint32_t hash = CORS_HASH_INIT;
    cors_shared_told_t *oldest = shared->told;
    int i;

    for (; *message; message++) {
        hash = CORS_HASH_ADD(hash, (unsigned char)*message);
    }
    for (i = 0; i < CORS_SHARED_TOLD; i++) {
        cors_shared_told_t *told = &shared->told[i];

        if (cors_shared_get(told->hash) == hash) {
            if (now - cors_shared_get(told->at) < AGAIN_AFTER) {
                return 0;
            }
            oldest = told;
            break;
        }
        if (cors_shared_get(told->at) < cors_shared_get(oldest->at)) {
            oldest = told;
        }
    }
    cors_shared_set(oldest->hash, hash);
    cors_shared_set(oldest->at, now);
    return 1;
}

/* Writes what becomes of the set's origins. */
static const char *outlook(const cors_source_t *source, apr_uint32_t now,
                           char *text, apr_size_t size)
{
    cors_shared_t *shared = source->shared;
    apr_uint32_t good_until = cors_shared_get(shared->generations.good_until);
    apr_uint32_t count = cors_shared_get(shared->count);
    int len;

    if (source->kind->find) {
        return "until it answers, only answers that are kept hold";
    }
    if (!cors_shared_get(shared->generations.gen) || now > good_until) {
        return "until it can be read, every origin of it is refused";
    }
    len = apr_snprintf(text, size, "its last list of %u origin%s holds", count,
                       count == 1 ? "" : "s");
    if (good_until != CORS_HALVES_FOREVER) {
        apr_snprintf(text + len, size - (apr_size_t)len,
                     " for %u s more, and then every origin of it is refused",
                     good_until - now);
    }
    return text;
}

void cors_told_failure(cors_source_t *source, const char *cause)
{
    cors_shared_t *shared = source->shared;
    apr_uint32_t now = cors_shared_now();

    cors_shared_note_error(shared, cause, now);
    if (is_due(shared, cause, now)) {
        char name[PART_MAX], rest[PART_MAX];

        ap_log_error(APLOG_MARK, APLOG_ERR, 0, source->server,
                     "%s: %s: %s; %s", name_of(source, name, sizeof(name)),
                     source->set->from, cause,
                     outlook(source, now, rest, sizeof(rest)));
    }
}

void cors_told_doubt(const cors_source_t *source)
{
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, source->server,
                 "CorsOriginSet %s: %s has no rows, where it had some: "
                 "the last list holds unless it has none the next time "
                 "either: if that is wrong, write the rows again",
                 source->set->name, source->set->from);
}

void cors_told_success(cors_source_t *source)
{
    cors_shared_t *shared = source->shared;

    if (cors_shared_get(shared->failing)
        && __atomic_exchange_n(&shared->failing, 0, __ATOMIC_RELAXED)) {
        char name[PART_MAX];
        int i;

        /* The next failure is a first one. */
        for (i = 0; i < CORS_SHARED_TOLD; i++) {
            cors_shared_set(shared->told[i].hash, 0);
        }
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, source->server,
                     "%s: %s: it works again",
                     name_of(source, name, sizeof(name)), source->set->from);
    }
}

void cors_told_list(const cors_source_t *source, const cors_rows_t *rows,
                    apr_uint32_t added, apr_uint32_t removed,
                    apr_interval_time_t took)
{
    char name[PART_MAX];
    int i;

    name_of(source, name, sizeof(name));
    for (i = 0; i < rows->bad->nelts && i < ROWS_SHOWN; i++) {
        const cors_bad_row_t *bad = &APR_ARRAY_IDX(rows->bad, i,
                                                   cors_bad_row_t);

        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, source->server,
                     "%s: row %" APR_UINT64_T_FMT " of %s is left out: '%s': "
                     "%s",
                     name, bad->number, source->set->from, bad->text,
                     bad->sentence);
    }
    ap_log_error(APLOG_MARK, APLOG_INFO, 0, source->server,
                 "%s: generation %u of %s: %u origins, %u added, %u removed, "
                 "%" APR_UINT64_T_FMT " rows left out, in %" APR_TIME_T_FMT
                 " ms",
                 name, cors_shared_get(source->shared->generations.gen),
                 source->set->from, cors_shared_get(source->shared->count),
                 added, removed, rows->skipped, apr_time_as_msec(took));
}
