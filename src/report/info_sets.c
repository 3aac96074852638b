/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "report/info_sets.h"

#include <http_protocol.h>

#include "report/html.h"
#include "report/info_lines.h"
#include "report/set_state.h"

static void print_set(request_rec *r, const cors_set_state_t *state)
{
    const apr_array_header_t *facts = cors_set_facts(state, r->pool);
    int i;

    cors_html_print(r, "<article>\n<h3><code>@%s</code> from <code>%s</code> ",
                    state->set->name, state->set->from);
    cors_info_line_print(r, state->set->at);
    ap_rputs("</h3>\n<dl class=\"values\">\n", r);
    for (i = 0; i < facts->nelts; i++) {
        const cors_set_fact_t *fact = &APR_ARRAY_IDX(facts, i,
                                                     const cors_set_fact_t);

        cors_html_print(r, "<dt>%s</dt><dd>%s</dd>\n", fact->name, fact->text);
    }
    ap_rputs("</dl>\n</article>\n", r);
}

void cors_info_sets_print(request_rec *r, const apr_array_header_t *states)
{
    int i;

    if (!states->nelts) {
        return;
    }
    ap_rputs("<section id=\"sets\" aria-labelledby=\"sets-title\">\n"
             "<h2 id=\"sets-title\">Origin sets</h2>\n",
             r);
    for (i = 0; i < states->nelts; i++) {
        print_set(r, &APR_ARRAY_IDX(states, i, const cors_set_state_t));
    }
    ap_rputs("</section>\n", r);
}
