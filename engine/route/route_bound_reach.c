/*
 * route_bound_reach.c - who can be visited at all, by anybody: the others need
 * no row in the program.
 */
#include "route_bound_solve.h"

#include <string.h>

typedef struct reach {
    const rb_graph *g;
    int32_t *clock[2]; /* of each side and node: the earliest */
} reach;

static int32_t enter_at(const rb_side *s, uint32_t i, int32_t ready)
{
    for (uint32_t o = s->first_option[i]; o < s->first_option[i + 1]; o++)
        if (ready <= s->options[o].late)
            return ready > s->options[o].early ? ready
                                               : s->options[o].early;
    return RB_NEVER;
}

/* Breaks aside, the earliest clock at each node, straight or by others. */
static void find_earliest(const reach *r, uint32_t side)
{
    const rb_side *s = &r->g->sides[side];
    const uint32_t n = r->g->n;
    int32_t *clock = r->clock[side];
    bool has_changed = true;

    for (uint32_t i = 0; i < n; i++) {
        int32_t first = RB_NEVER;

        for (uint32_t set = 0; set < r->g->n_sets; set++)
            if (s->begin[set][i] < first)
                first = s->begin[set][i];
        clock[i] = first < RB_NEVER ? enter_at(s, i, first) : RB_NEVER;
    }
    while (has_changed) {
        has_changed = false;
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < n && clock[i] < RB_NEVER; j++) {
                const int32_t ahead = s->ahead[(size_t)i * n + j];
                const int32_t at = ahead < RB_NEVER
                    ? enter_at(s, j, clock[i] + ahead)
                    : RB_NEVER;

                if (at < clock[j]) {
                    clock[j] = at;
                    has_changed = true;
                }
            }
    }
}

static bool fits_limits(const rb_graph *g, uint32_t i)
{
    for (uint32_t r = 0; r < g->n_limits; r++)
        if (g->node_use[r][i] > g->limits[r])
            return false;
    return true;
}

/* The most that a visit to node i brings, the cheapest way to it paid. */
static int64_t most_net(const rb_graph *g, uint32_t i)
{
    const rb_side *f = &g->sides[RB_FORWARD];
    int64_t most = INT64_MIN, least = INT64_MAX;

    for (uint32_t o = f->first_option[i]; o < f->first_option[i + 1]; o++)
        if (f->options[o].gain_milli > most)
            most = f->options[o].gain_milli;
    for (uint32_t s = 0; s < g->n_sets; s++)
        if (f->begin[s][i] < RB_NEVER)
            least = f->begin_cost[i];
    for (uint32_t j = 0; j < g->n; j++) {
        const size_t arc = (size_t)j * g->n + i;

        if (f->ahead[arc] < RB_NEVER && f->cost[arc] < least)
            least = f->cost[arc];
    }
    return least < INT64_MAX ? most - least : most;
}

static void mark_reached(rb_model *m, const reach *r, int64_t *most_milli)
{
    const rb_graph *g = r->g;

    find_earliest(r, RB_FORWARD);
    find_earliest(r, RB_BACKWARD);
    for (uint32_t i = 0; i < g->n; i++) {
        rb_customer *customer = &m->customers[g->customer[i]];
        const int64_t net = most_net(g, i);
        const int64_t ends = g->sides[RB_FORWARD].begin_cost[i]
            + g->sides[RB_BACKWARD].begin_cost[i] + g->most_step;

        if (ends > *most_milli)
            *most_milli = ends;
        if (r->clock[0][i] < RB_NEVER && r->clock[1][i] < RB_NEVER
            && r->clock[0][i] <= -r->clock[1][i] && fits_limits(g, i)) {
            customer->most_net_milli = customer->can_visit
                    && customer->most_net_milli > net
                ? customer->most_net_milli
                : net;
            customer->can_visit = true;
        }
    }
}

static void reach_all(rb_model *m)
{
    for (uint32_t u = 0; u < m->n_customers; u++) {
        m->customers[u].can_visit = true;
        m->customers[u].most_net_milli = m->customers[u].most_milli;
    }
}

gb_status rb_find_reach(base_run *run, rb_model *m, int64_t *most_milli)
{
    rb_graph graph;
    reach r = { .g = &graph };
    gb_status status = rb_graph_init(run->ctx, m, &graph);

    *most_milli = 0;
    if (status)
        return status;
    r.clock[0]
        = base_alloc_array(m->mem, m->n_customers, sizeof *r.clock[0]);
    r.clock[1]
        = base_alloc_array(m->mem, m->n_customers, sizeof *r.clock[1]);
    if (!r.clock[0] || !r.clock[1])
        status = base_fail_nomem(run->ctx);
    for (uint32_t k = 0; k < m->n_kinds && status == GB_OK; k++) {
        status = base_poll_many(run, 256); /* a graph takes some 20 ms */
        if (status || run->is_late)
            break;
        rb_graph_build(&graph, k);
        mark_reached(m, &r, most_milli);
    }
    if (run->is_late)
        reach_all(m);
    base_free(m->mem, r.clock[0]);
    base_free(m->mem, r.clock[1]);
    rb_graph_clear(&graph);
    return status;
}
