/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/sets_json.h"

#include "report/json.h"
#include "report/set_state.h"

static void set_number(json_t *object, const char *name, unsigned long number)
{
    json_object_set_new(object, name, json_integer((json_int_t)number));
}

static json_t *make_rows(const apr_array_header_t *rows, apr_pool_t *p)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < rows->nelts; i++) {
        const cors_bad_row_t *bad = &APR_ARRAY_IDX(rows, i,
                                                   const cors_bad_row_t);
        json_t *object = json_object();

        set_number(object, "row", (unsigned long)bad->number);
        cors_json_set(object, "text", bad->text, p);
        cors_json_set(object, "means", bad->sentence, p);
        json_array_append_new(list, object);
    }
    return list;
}

/* Of a snapshot in a running server: its list in time. */
static void set_times(json_t *object, const cors_set_state_t *state)
{
    set_number(object, "generation", state->generation);
    set_number(object, "read_at", state->read_at);
    set_number(object, "age",
               state->now > state->read_at ? state->now - state->read_at : 0);
    json_object_set_new(object, "good_until",
                        state->good_until == CORS_HALVES_FOREVER
                            ? json_null()
                            : json_integer((json_int_t)state->good_until));
}

static void set_list(json_t *object, const cors_set_state_t *state,
                     apr_pool_t *p)
{
    if (state->generation) {
        if (!state->is_test) {
            set_times(object, state);
        }
        set_number(object, "origins", state->origins);
        set_number(object, "patterns", state->patterns);
        set_number(object, "skipped", state->skipped);
        json_object_set_new(object, "rows", make_rows(state->rows, p));
    }
}

static void set_counts(json_t *object, const cors_set_state_t *state)
{
    if (state->set->is_lookup) {
        set_number(object, "kept", state->kept);
        set_number(object, "asked", state->asked);
        set_number(object, "refused", state->refused);
    }
    else {
        set_number(object, "refreshes", state->refreshes);
    }
    set_number(object, "failures", state->failures);
}

static void set_state(json_t *object, const cors_set_state_t *state,
                      apr_pool_t *p)
{
    if (!state->set->is_lookup) {
        set_list(object, state, p);
    }
    json_object_set_new(object, "failing", json_boolean(state->is_failing));
    cors_json_set(object, "error", state->error, p);
    if (!state->is_test) {
        if (state->failed_at) {
            set_number(object, "failed_at", state->failed_at);
        }
        set_counts(object, state);
    }
}

json_t *cors_sets_json(apr_pool_t *p)
{
    const apr_array_header_t *states = cors_set_states(p);
    json_t *list = json_array();
    int i;

    for (i = 0; i < states->nelts; i++) {
        const cors_set_state_t *state = &APR_ARRAY_IDX(states, i,
                                                       const cors_set_state_t);
        json_t *object = json_object();

        cors_json_set(object, "name", state->set->name, p);
        cors_json_set(object, "kind", state->kind, p);
        cors_json_set(object, "source", state->set->from, p);
        cors_json_set_line(object, state->set->at, p);
        json_object_set_new(object, "read", json_boolean(state->is_known));
        if (state->is_known) {
            set_state(object, state, p);
        }
        json_array_append_new(list, object);
    }
    return list;
}
