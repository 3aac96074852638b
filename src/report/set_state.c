/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/set_state.h"

#include <string.h>

#include <apr_strings.h>
#include <http_core.h>

#include "sources/sources.h"

static const apr_array_header_t *read_rows(const cors_shared_t *shared,
                                           apr_pool_t *p)
{
    apr_array_header_t *rows = apr_array_make(p, CORS_SHARED_ROWS,
                                              sizeof(cors_bad_row_t));
    apr_uint32_t count = cors_shared_get(shared->shown);
    apr_uint32_t i;

    for (i = 0; i < count && i < CORS_SHARED_ROWS; i++) {
        const cors_shared_row_t *row = &shared->rows[i];
        cors_bad_row_t *bad = apr_array_push(rows);

        bad->number = cors_shared_get(row->number);
        bad->text = cors_shared_text(row->text, sizeof(row->text), p);
        bad->sentence = cors_shared_text(row->sentence, sizeof(row->sentence),
                                         p);
    }
    return rows;
}

static void read_shared(cors_set_state_t *state, const cors_shared_t *shared,
                        apr_pool_t *p)
{
    state->generation = cors_shared_get(shared->generations.gen);
    state->origins = cors_shared_get(shared->count);
    state->patterns = cors_shared_get(shared->patterns);
    state->skipped = cors_shared_get(shared->skipped);
    state->rows = read_rows(shared, p);
    state->read_at = cors_shared_get(shared->read_at);
    state->good_until = cors_shared_get(shared->generations.good_until);
    state->is_failing = cors_shared_get(shared->failing) != 0;
    state->failed_at = cors_shared_get(shared->failed_at);
    if (state->failed_at) {
        state->error = cors_shared_text(shared->error, sizeof(shared->error),
                                        p);
    }
#define X(name, word) state->name = cors_shared_get(shared->name);
    CORS_SHARED_COUNTERS(X)
#undef X
}

const apr_array_header_t *cors_set_states(apr_pool_t *p)
{
    const apr_array_header_t *sets = cors_sources_all();
    apr_array_header_t *states = apr_array_make(p, 4,
                                                sizeof(cors_set_state_t));
    int is_test = ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
    int i;

    for (i = 0; sets && i < sets->nelts; i++) {
        const cors_set_t *set = APR_ARRAY_IDX(sets, i, cors_set_t *);
        cors_set_state_t *state;

        if (!set->at || !set->source) {
            continue; /* its line is missing or faulty */
        }
        state = apr_array_push(states);
        memset(state, 0, sizeof(*state));
        state->set = set;
        state->kind = set->source->kind->prefix;
        state->is_test = is_test;
        state->now = (apr_uint32_t)apr_time_sec(apr_time_now());
        if (set->source->shared) {
            state->is_known = 1;
            read_shared(state, set->source->shared, p);
        }
    }
    return states;
}

/* State of cors_set_facts(). */
typedef struct facts_t {
    const cors_set_state_t *state;
    apr_array_header_t *facts;
    apr_pool_t *p;
} facts_t;

static void add(const facts_t *facts, const char *name, const char *text)
{
    cors_set_fact_t *fact = apr_array_push(facts->facts);

    fact->name = name;
    fact->text = text;
}

/* Returns how many seconds ago the time was: clocks may be set back. */
static unsigned int ago(const facts_t *facts, apr_uint32_t time)
{
    return facts->state->now > time ? facts->state->now - time : 0;
}

static const char *plural(apr_uint32_t count)
{
    return count == 1 ? "" : "s";
}

static void add_origins(const facts_t *facts)
{
    const cors_set_state_t *state = facts->state;

    add(facts, "origins",
        state->patterns ? apr_psprintf(
            facts->p, "%u, of which %u %s", state->origins, state->patterns,
            state->patterns == 1 ? "is a pattern" : "are patterns")
                        : apr_psprintf(facts->p, "%u", state->origins));
}

static void add_skipped(const facts_t *facts)
{
    const cors_set_state_t *state = facts->state;
    int i;

    if (!state->skipped) {
        return;
    }
    add(facts, "left out",
        apr_psprintf(facts->p, "%u row%s", state->skipped,
                     plural(state->skipped)));
    for (i = 0; i < state->rows->nelts; i++) {
        const cors_bad_row_t *bad = &APR_ARRAY_IDX(state->rows, i,
                                                   const cors_bad_row_t);

        add(facts, apr_psprintf(facts->p, "row %u", (unsigned int)bad->number),
            apr_psprintf(facts->p, "'%s': %s", bad->text, bad->sentence));
    }
}

static const char *until_when(const facts_t *facts)
{
    const cors_set_state_t *state = facts->state;

    if (state->now > state->good_until) {
        return "is too old: every origin of the set is refused";
    }
    return state->good_until == CORS_HALVES_FOREVER
               ? "holds however long the source fails"
               : apr_psprintf(facts->p, "holds for %u s if the source fails",
                              state->good_until - state->now);
}

static void add_snapshot(const facts_t *facts)
{
    const cors_set_state_t *state = facts->state;

    if (!state->generation) {
        add(facts, "list",
            "none has been read: every origin of the set is refused");
        return;
    }
    add_origins(facts);
    add_skipped(facts);
    if (!state->is_test) {
        add(facts, "list",
            apr_psprintf(facts->p, "generation %u, found current %u s ago; %s",
                         state->generation, ago(facts, state->read_at),
                         until_when(facts)));
    }
}

static void add_counts(const facts_t *facts)
{
    const cors_set_state_t *state = facts->state;

    add(facts, "counted",
        state->set->is_lookup
            ? apr_psprintf(facts->p,
                           "%lu look-ups by kept answers, %lu questions, %lu "
                           "of them failed, %lu held back by a limit",
                           state->kept, state->asked, state->failures,
                           state->refused)
            : apr_psprintf(facts->p, "%lu lists read, %lu readings failed",
                           state->refreshes, state->failures));
}

static void add_error(const facts_t *facts)
{
    const cors_set_state_t *state = facts->state;

    if (state->error) {
        add(facts, state->is_failing ? "fails" : "failed last",
            state->is_test
                ? state->error
                : apr_psprintf(facts->p, "%s (%u s ago)", state->error,
                               ago(facts, state->failed_at)));
    }
}

const apr_array_header_t *cors_set_facts(const cors_set_state_t *state,
                                         apr_pool_t *p)
{
    facts_t facts = { state, apr_array_make(p, 8, sizeof(cors_set_fact_t)),
                      p };

    if (!state->is_known) {
        add(&facts, "list", "not read by configtest");
        return facts.facts;
    }
    if (!state->set->is_lookup) {
        add_snapshot(&facts);
    }
    if (!state->is_test) {
        add_counts(&facts);
    }
    add_error(&facts);
    return facts.facts;
}
