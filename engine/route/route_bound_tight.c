/*
 * route_bound_tight.c - pricing for who never waits on purpose: see
 * route_bound_label.h.
 *
 * With prizes by the hour an early path does not stand for a later one, and
 * hardly any label dominates another.  But whoever may wait as he likes comes
 * to no less: labels from behind with that leave tell how much there is still
 * to gain at most, and most paths from the front end there.
 */
#include <string.h>

#include "route_bound_work.h"

enum {
    MOST_TRIES = 4,
    MOST_TIGHT = 400000 /* labels of one try */
};

/* --- what is still to be gained -------------------------------------------- */

static size_t step_of(const rb_rest *rest, int32_t clock)
{
    const int64_t k
        = ((int64_t)clock - rest->p->graph.from) / rest->width;

    return k < 0 ? 0 : k >= RB_REST_STEPS ? RB_REST_STEPS - 1 : (size_t)k;
}

/* From the backward labels: by list and step of the forward clock, the best
 * that can be joined from that step on. */
static void begin_rest(rb_rest *rest)
{
    const rb_pricer *p = rest->p;
    const rb_graph *g = &p->graph;

    rest->width = ((int64_t)g->to - g->from) / RB_REST_STEPS + 1;
    for (size_t l = 0; l < (size_t)g->n * g->n_sets; l++) {
        const rb_entries *list = &p->halves[RB_BACKWARD].lists[l];
        int64_t *behind = rest->behind + l * RB_REST_STEPS;
        int64_t *most = rest->most + l * RB_REST_STEPS;

        for (size_t k = 0; k < RB_REST_STEPS; k++) {
            behind[k] = INT64_MIN / 2;
            most[k] = INT64_MIN;
        }
        for (size_t e = 0; e < list->n; e++) {
            const size_t k = step_of(rest, -list->items[e].clock);

            if (list->items[e].value > behind[k])
                behind[k] = list->items[e].value;
        }
        for (size_t k = RB_REST_STEPS - 1; k-- > 0;)
            if (behind[k + 1] > behind[k])
                behind[k] = behind[k + 1];
    }
}

static int64_t find_rest(const rb_rest *rest, uint32_t i, uint32_t set,
                         int32_t clock)
{
    const rb_graph *g = &rest->p->graph;
    const rb_side *f = &g->sides[RB_FORWARD], *b = &g->sides[RB_BACKWARD];
    const uint32_t left = (g->n_sets - 1) & ~set;
    int64_t most = INT64_MIN / 2;

    if (b->begin[left][i] < RB_NEVER && clock <= -b->begin[left][i])
        most = -b->begin_cost[i];
    for (uint32_t j = 0; j < g->n; j++) {
        const size_t arc = (size_t)i * g->n + j;

        if (f->ahead[arc] >= RB_NEVER)
            continue;
        for (uint32_t after = left;; after = (after - 1) & left) {
            const int32_t at = rb_graph_ready(g, RB_FORWARD, i, clock,
                                              left & ~after, j);
            int64_t value;

            if (at <= g->to) {
                value = rest->behind[rb_list_of(g, j, after) * RB_REST_STEPS
                                     + step_of(rest, at)]
                    - f->cost[arc];
                if (value > most)
                    most = value;
            }
            if (after == 0)
                break;
        }
    }
    return most;
}

int64_t rb_rest_of(rb_rest *rest, uint32_t i, uint32_t set, int32_t clock)
{
    const size_t k = step_of(rest, clock);
    int64_t *most = &rest->most[rb_list_of(&rest->p->graph, i, set)
                                    * RB_REST_STEPS
                                + k];

    if (*most == INT64_MIN)
        *most = find_rest(rest, i, set,
                          (int32_t)(rest->p->graph.from
                                    + (int64_t)k * rest->width));
    return *most;
}

/* --- the pricing ----------------------------------------------------------- */

static void end_all(rb_pricer *p)
{
    const rb_graph *g = &p->graph;

    rb_clear_joints(p);
    for (uint32_t i = 0; i < g->n; i++)
        for (uint32_t set = 0; set < g->n_sets; set++) {
            const rb_entries *list
                = &p->halves[RB_FORWARD].lists[rb_list_of(g, i, set)];

            for (size_t k = 0; k < list->n; k++)
                rb_join_end(p, RB_FORWARD, i, set, &list->items[k]);
        }
}

/* Few labels: some good routes, as they would be driven. */
static gb_status price_some(base_run *run, rb_pricer *p, rb_price_end *end,
                            int64_t *best)
{
    int64_t most;
    gb_status status;

    p->is_strict = true;
    status = rb_label_side(run, p, RB_FORWARD, p->graph.to, NULL, 0,
                           p->most_labels, end, &most);
    if (status || *end != RB_PRICE_DONE)
        return status;
    end_all(p);
    *best = rb_best_joint(p);
    return GB_OK;
}

gb_status rb_price_tight(base_run *run, rb_pricer *p, int64_t known,
                         rb_price_end *end, int64_t *best)
{
    int64_t most, least = known > 0 ? known : 0;
    gb_status status;

    if (!p->is_exact)
        return price_some(run, p, end, best);
    status = rb_label_side(run, p, RB_BACKWARD, -p->graph.from, NULL, 0,
                           p->most_labels, end, &most);
    if (status || *end != RB_PRICE_DONE)
        return status;
    begin_rest(&p->rest);
    p->is_strict = true;
    for (uint32_t i = 0; i < MOST_TRIES; i++) {
        *end = RB_PRICE_DONE;
        status = rb_label_side(run, p, RB_FORWARD, p->graph.to, &p->rest,
                               least, p->most_labels < MOST_TIGHT ? p->most_labels : MOST_TIGHT, end, &most);
        if (status || *end != RB_PRICE_TOO_MANY)
            break;
        /* Too many for that: be content with less of a proof. */
        least += (most - least) / 3 + 1;
    }
    if (status || *end == RB_PRICE_LATE)
        return status;
    if (*end == RB_PRICE_TOO_MANY) {
        *end = RB_PRICE_DONE;
        *best = most;
        rb_clear_joints(p);
        return GB_OK;
    }
    end_all(p);
    *best = rb_best_joint(p);
    if (*best < least)
        *best = least;
    return GB_OK;
}
