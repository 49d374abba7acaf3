/*
 * route_bound_exact.c - the best route there is, proven: see
 * route_bound_label.h.
 *
 * Labels from behind come first, with less memory and with leave to wait as
 * one likes: few, and no less valuable than the truth.  They tell how much
 * there is still to gain at most from any node and clock on.  Labels from the
 * front then keep to all rules, and those are dropped that cannot come to more
 * than a route that is there already.  With prizes by the hour hardly any of
 * them dominates another (nobody waits on purpose, so an early path does not
 * stand for a later one), but only some hundreds are left.
 *
 * Where they are too many, one asks for more than is there already: what is
 * asked for is then proven not to be surpassed, which is a weaker bound.
 */
#include <string.h>

#include "route_bound_work.h"

enum { MOST_TRIES = 5, MOST_PATIENCE = 640000, MOST_BEHIND = 250000, LIFT = 1024,
       LEAST_SLACK = 10, HARDLY = 64, MOST_BOLD = 100000 };

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

/* Routes for the program should differ: the best that ends with each node, and
 * the best that comes by it. */
static void end_at(rb_pricer *p, uint32_t i, uint32_t set, const rb_entry *e)
{
    const rb_label *labels = p->halves[RB_FORWARD].labels.items;
    const int64_t value = rb_end_value(p, RB_FORWARD, i, set, e);
    const rb_joint joint = { value, e->label, GB_ROUTE_NONE };

    if (value > p->joints[i].value)
        p->joints[i] = joint;
    if (value <= 0)
        return;
    for (uint32_t l = e->label; l != GB_ROUTE_NONE; l = labels[l].parent)
        if (value > p->joints[p->graph.n + labels[l].node].value)
            p->joints[p->graph.n + labels[l].node] = joint;
}

static void end_all(rb_pricer *p)
{
    const rb_graph *g = &p->graph;

    rb_clear_joints(p);
    for (uint32_t i = 0; i < g->n; i++)
        for (uint32_t set = 0; set < g->n_sets; set++) {
            const rb_entries *list
                = &p->halves[RB_FORWARD].lists[rb_list_of(g, i, set)];

            for (size_t k = 0; k < list->n; k++)
                end_at(p, i, set, &list->items[k]);
        }
}

/* Few labels: some good routes, as they would be driven. */
gb_status rb_price_strictly(base_run *run, rb_pricer *p, rb_price_end *end,
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

/* Labels from behind that remember so many neighbours; 0: neither limits nor
 * cuts, and clocks in steps. */
static gb_status look_back(base_run *run, rb_pricer *p, uint32_t n_remembered,
                           uint64_t most_labels, rb_price_end *end)
{
    int64_t most;
    gb_status status;

    p->mask = n_remembered >= 32 ? UINT32_MAX
        : n_remembered           ? (UINT32_C(1) << n_remembered) - 1
                                 : 1;
    p->is_rough = n_remembered == 0;
    *end = RB_PRICE_DONE;
    status = rb_label_side(run, p, RB_BACKWARD, -p->graph.from, NULL, 0,
                           most_labels, end, &most);
    p->mask = UINT32_MAX;
    p->is_rough = false;
    return status;
}

/* With less memory until there are few enough. */
static gb_status look_from_behind(base_run *run, rb_pricer *p,
                                  rb_price_end *end)
{
    rb_effort *effort = &p->efforts[p->graph.kind];
    const uint64_t patience
        = p->most_labels < MOST_BEHIND ? p->most_labels : MOST_BEHIND;

    p->is_strict = false;
    while (effort->n_remembered > 0 && !p->is_quick) {
        const gb_status status
            = look_back(run, p, effort->n_remembered, patience, end);

        if (status || *end != RB_PRICE_TOO_MANY)
            return status;
        effort->n_remembered /= 2;
        effort->most_remembered = effort->n_remembered;
    }
    return look_back(run, p, 0, p->most_labels, end);
}

/* All labels from the front that may come to more than `least`. */
static gb_status look_from_front(base_run *run, rb_pricer *p, int64_t least,
                                 uint64_t most_labels, rb_price_end *end,
                                 int64_t *most)
{
    *end = RB_PRICE_DONE;
    return rb_label_side(run, p, RB_FORWARD, p->graph.to, &p->rest, least,
                         most_labels, end, most);
}

/* Next time both ends should have as much to do. */
static void share_work(const rb_pricer *p, rb_effort *effort)
{
    const size_t front = p->halves[RB_FORWARD].labels.n;
    const size_t behind = p->halves[RB_BACKWARD].labels.n;

    if (front > behind && effort->n_remembered < effort->most_remembered)
        effort->n_remembered
            = effort->n_remembered ? 2 * effort->n_remembered : 1;
    else if (front < behind / 8 && effort->n_remembered > 1)
        effort->n_remembered /= 2;
}

/* Bring *best down from what none can surpass towards `known`. */
static gb_status prove(base_run *run, rb_pricer *p, int64_t known,
                       rb_price_end *end, int64_t *best)
{
    rb_effort *effort = &p->efforts[p->graph.kind];
    const int64_t most = *best;
    bool is_sure = false, has_proof = false;

    for (uint32_t i = 0; i < MOST_TRIES && !is_sure; i++) {
        const int64_t least = known + (most - known) / LIFT * effort->lift;
        int64_t found;
        gb_status status
            = look_from_front(run, p, least,
                              effort->patience < p->most_labels
                                  ? effort->patience
                                  : p->most_labels,
                              end, &found);

        if (status)
            return status;
        if (*end == RB_PRICE_LATE)
            break;
        if (*end == RB_PRICE_TOO_MANY) {
            rb_clear_joints(p);
            effort->lift = (effort->lift + LIFT) / 2;
            if (has_proof)
                break;
            continue;
        }
        end_all(p);
        found = rb_best_joint(p);
        is_sure = found > least || effort->lift == 0;
        has_proof = true;
        *best = found > least ? found : least;
        effort->lift /= found > least ? 2 : 4;
    }
    if (*end == RB_PRICE_LATE)
        rb_clear_joints(p); /* what is proven by now stands */
    else
        share_work(p, effort);
    *end = RB_PRICE_DONE;
    effort->is_sure = is_sure;
    return GB_OK;
}

gb_status rb_price_exact(base_run *run, rb_pricer *p, int64_t known,
                         rb_price_end *end, int64_t *best)
{
    int64_t most;
    gb_status status = look_from_behind(run, p, end);

    if (status || *end != RB_PRICE_DONE)
        return status;
    begin_rest(&p->rest);
    rb_clear_joints(p);
    p->is_strict = p->wants_strict && !p->graph.is_loose;
    p->efforts[p->graph.kind].is_strict = p->is_strict;
    p->efforts[p->graph.kind].is_sure = true;
    status = look_from_front(run, p, INT64_MAX, 1, end, &most);
    *best = most;
    *end = RB_PRICE_DONE;
    return status == GB_OK && !p->is_quick && !run->is_late && most > known
        ? prove(run, p, known, end, best)
        : status;
}

/* Routes that come to more than is asked for: as little as few labels allow. */
static gb_status look_boldly(base_run *run, rb_pricer *p, int64_t known,
                             int64_t most, rb_price_end *end)
{
    uint32_t *lift = &p->efforts[p->graph.kind].bold_lift;

    for (uint32_t i = 0; i < MOST_TRIES; i++) {
        const int64_t least = known + (most - known) / LIFT * *lift;
        int64_t found;
        const gb_status status
            = look_from_front(run, p, least, MOST_BOLD, end, &found);

        if (status || *end == RB_PRICE_LATE)
            return status;
        if (*end == RB_PRICE_TOO_MANY) {
            *lift = (*lift + LIFT) / 2;
            continue;
        }
        end_all(p);
        if (rb_best_joint(p) > least || *lift == 0) {
            *lift /= 2;
            return GB_OK;
        }
        *lift /= 2;
    }
    return GB_OK;
}

/* More and better ones, for plans, by more labels: rough labels from behind tell
 * what may still come to as much as is known, or to hardly less; of those from
 * the front the earlier ones stand for the later. */
gb_status rb_price_boldly(base_run *run, rb_pricer *p, int64_t known,
                          rb_price_end *end, int64_t *best)
{
    int64_t most;
    gb_status status;

    p->is_strict = false;
    p->is_exact = true;
    status = look_back(run, p, 0, p->most_labels, end);
    p->is_exact = false;
    if (status || *end != RB_PRICE_DONE)
        return status;
    begin_rest(&p->rest);
    rb_clear_joints(p);
    p->is_strict = p->is_bold = true;
    status = look_from_front(run, p, INT64_MAX, 1, end, &most);
    if (status == GB_OK && *end != RB_PRICE_LATE && most > known)
        status = look_boldly(run, p, known, most, end);
    p->is_bold = false;
    if (status || *end == RB_PRICE_LATE)
        return status;
    *end = RB_PRICE_DONE;
    *best = rb_best_joint(p);
    return GB_OK;
}

bool rb_try_harder(rb_pricer *p, uint32_t kind)
{
    rb_effort *effort = &p->efforts[kind];

    if (!effort->is_sure) {
        if (effort->patience >= MOST_PATIENCE
            || effort->patience >= p->most_labels)
            return false;
        effort->patience *= 2;
        return true;
    }
    if (!effort->is_strict || effort->slack == 0)
        return false;
    effort->slack = effort->slack > LEAST_SLACK ? effort->slack * 2 / 5 : 0;
    return true;
}

gb_status rb_price_from_behind(base_run *run, rb_pricer *p, uint32_t kind,
                               const rb_duals *duals, rb_price_end *end)
{
    gb_status status;

    rb_begin_pricing(p, kind, duals, NULL, 0);
    p->is_exact = true;
    status = look_from_behind(run, p, end);
    if (status == GB_OK && *end == RB_PRICE_DONE)
        begin_rest(&p->rest);
    return status;
}
