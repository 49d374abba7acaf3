/*
 * route_bound_worth.c - what stops are worth in one order, by the graph: see
 * route_bound_label.h.
 */
#include "route_bound_label.h"

typedef struct walk {
    const rb_graph *g;
    const uint32_t *customers;
    size_t n;
    int64_t best;
} walk;

static uint32_t stop_of(const walk *w, size_t k)
{
    return w->g->node_of[w->customers[k]];
}

static void walk_on(walk *w, size_t k, int32_t start, uint32_t set,
                    int64_t value);

/* To the next stop, by these breaks in either order. */
static void walk_by(walk *w, size_t k, int32_t start, uint32_t set,
                    uint32_t breaks, int64_t value)
{
    const rb_graph *g = w->g;
    const uint32_t i = stop_of(w, k), j = stop_of(w, k + 1);

    for (uint32_t turn = 0; turn < 1 + (uint32_t)rb_has_turns(breaks);
         turn++) {
        const int32_t clock
            = rb_graph_ready_in(g, RB_FORWARD, i, start, breaks, turn, j);

        if (clock < RB_NEVER)
            walk_on(w, k + 1, clock, set | breaks, value);
    }
}

/* On from the door of stop k, by every way to have breaks. */
static void walk_on(walk *w, size_t k, int32_t clock, uint32_t set,
                    int64_t value)
{
    const rb_graph *g = w->g;
    const rb_side *s = &g->sides[RB_FORWARD];
    const rb_side *back = &g->sides[RB_BACKWARD];
    const uint32_t i = stop_of(w, k), left = (g->n_sets - 1) & ~set;
    int32_t start;
    const rb_option *option = rb_graph_enter(s, i, clock, &start);

    if (!option)
        return;
    value += option->gain_milli;
    if (k + 1 == w->n) {
        if (back->begin[left][i] < RB_NEVER && start <= -back->begin[left][i]
            && value - back->begin_cost[i] > w->best)
            w->best = value - back->begin_cost[i];
        return;
    }
    value -= s->cost[(size_t)i * g->n + stop_of(w, k + 1)];
    for (uint32_t breaks = left;; breaks = (breaks - 1) & left) {
        walk_by(w, k, start, set, breaks, value);
        if (breaks == 0)
            break;
    }
}

static bool keeps_limits(const walk *w)
{
    const rb_graph *g = w->g;
    const rb_side *f = &g->sides[RB_FORWARD], *b = &g->sides[RB_BACKWARD];
    const uint32_t last = stop_of(w, w->n - 1);

    for (uint32_t r = 0; r < g->n_limits; r++) {
        int64_t use = (int64_t)f->begin_use[r][stop_of(w, 0)]
            + b->begin_use[r][last] - g->node_use[r][last];

        for (size_t k = 1; k < w->n; k++) {
            const uint32_t j = stop_of(w, k);

            use += f->use[r][(size_t)stop_of(w, k - 1) * g->n + j]
                + g->node_use[r][j];
        }
        if (use > g->limits[r])
            return false;
    }
    return true;
}

int64_t rb_worth(const rb_graph *g, const uint32_t *customers, size_t n)
{
    const rb_side *s = &g->sides[RB_FORWARD];
    walk w = { .g = g, .customers = customers, .n = n, .best = INT64_MIN };

    for (size_t k = 0; k < n; k++)
        if (g->node_of[customers[k]] == GB_ROUTE_NONE)
            return INT64_MIN;
    if (!keeps_limits(&w))
        return INT64_MIN;
    for (uint32_t set = 0; set < g->n_sets; set++) {
        const uint32_t i = stop_of(&w, 0);

        if (s->begin[set][i] < RB_NEVER)
            walk_on(&w, 0, s->begin[set][i], set, -s->begin_cost[i]);
        if (s->begin_last[set][i] < RB_NEVER && rb_has_turns(set))
            walk_on(&w, 0, s->begin_last[set][i], set, -s->begin_cost[i]);
    }
    return w.best;
}
