/*
 * route_bound_refine.c - less and less of what no route may do: circles, then
 * waits on purpose; see route_bound_state.h.
 */
#include "route_bound_state.h"

enum { MOST_WARM_CIRCLES = 1 };

/* --- circles --------------------------------------------------------------- */

/* Whether every visit of the column is one that ng-sets allow. */
static bool is_allowed(const rb_bound *b, const rb_column *column)
{
    const uint32_t *stops = b->master.stops.items + column->first;
    const rb_memory *r = &b->memory;

    for (uint32_t i = 0; i < column->n; i++)
        for (uint32_t k = i + 1; k < column->n; k++) {
            if (stops[k] == stops[i])
                return false;
            if (r->at[(size_t)stops[k] * r->n + stops[i]] == RB_FORGOTTEN)
                break;
        }
    return true;
}

static bool remember_circles(rb_bound *b, const rb_column *column)
{
    const uint32_t *stops = b->master.stops.items + column->first;
    bool is_more = false;

    for (uint32_t i = 0; i < column->n; i++) {
        uint32_t k = i + 1;

        while (k < column->n && stops[k] != stops[i])
            k++;
        for (uint32_t x = i + 1; k < column->n && x < k; x++)
            if (b->memory.at[(size_t)stops[x] * b->memory.n + stops[i]]
                == RB_FORGOTTEN)
                is_more |= rb_memory_add(&b->memory, stops[x], stops[i]);
    }
    return is_more;
}

static void drop_columns(rb_bound *b)
{
    size_t n = 0;

    for (size_t c = 0; c < b->master.columns.n; c++)
        if (is_allowed(b, &b->master.columns.items[c]))
            b->master.columns.items[n++] = b->master.columns.items[c];
    b->master.columns.n = n;
}

static bool break_circles(rb_bound *b)
{
    bool is_more = false;

    for (size_t c = 0; c < b->master.columns.n; c++)
        if (b->master.columns.items[c].x > 1e-6)
            is_more |= remember_circles(b, &b->master.columns.items[c]);
    if (is_more)
        drop_columns(b);
    return is_more;
}

/* Rounds with more memory until no circle is chosen.  With leave to wait they
 * are for a start, and once is enough. */
gb_status rb_converge_whole(rb_bound *b, rb_round_end *end)
{
    gb_status status = rb_converge(b, end);

    for (uint32_t i = 0; status == GB_OK && *end == RB_ROUND_CONVERGED
         && (i < MOST_WARM_CIRCLES || !b->is_warming_up) && break_circles(b);
         i++)
        status = rb_converge(b, end);
    return status;
}

/* --- waiting on purpose ---------------------------------------------------- */

bool rb_can_tighten(rb_bound *b)
{
    for (uint32_t k = 0; k < b->m->n_kinds && !base_run_is_over(b->run); k++) {
        rb_graph_build(&b->pricer.graph, k);
        if (!b->pricer.graph.is_loose)
            return true;
    }
    return false;
}

/* What each column is worth to who never waits on purpose; pricing knows when
 * to think better of it. */
void rb_revalue(rb_bound *b)
{
    rb_master *t = &b->master;
    size_t n = 0;

    for (uint32_t k = 0; k < b->m->n_kinds; k++) {
        rb_graph_build(&b->pricer.graph, k);
        for (size_t c = 0; c < t->columns.n; c++) {
            rb_column *column = &t->columns.items[c];
            int64_t worth;

            if (column->kind != k || b->pricer.graph.is_loose)
                continue;
            worth = rb_worth(&b->pricer.graph, t->stops.items + column->first,
                             column->n);
            if (worth < column->value)
                column->value = worth;
        }
    }
    for (size_t c = 0; c < t->columns.n; c++)
        if (t->columns.items[c].value > INT64_MIN)
            t->columns.items[n++] = t->columns.items[c];
    t->columns.n = n;
    b->has_lost = true;
}

/* No more waiting on purpose. */
gb_status rb_tighten(rb_bound *b, rb_round_end *end)
{
    if (*end != RB_ROUND_CONVERGED || rb_is_over(b) || !b->is_warming_up)
        return GB_OK;
    b->is_warming_up = false;
    b->pricer.wants_strict = true;
    for (uint32_t k = 0; k < b->m->n_kinds; k++)
        b->pricer.efforts[k].n_remembered = RB_STRICT_REMEMBERED;
    rb_revalue(b);
    b->is_exact = false;
    b->blend = RB_BLEND / 2;
    return rb_converge_whole(b, end);
}
