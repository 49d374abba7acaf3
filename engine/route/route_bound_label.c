/*
 * route_bound_label.c - see route_bound_label.h.
 *
 * Labels are worked off in buckets of the clock; within one bucket in the
 * order they came, again where one is improved.  Each side goes as far as the
 * split; a path with its last clock before the split at p, and the next at q
 * behind it, is found as a join over the arc p, q.
 */
#include <string.h>

#include "route_bound_work.h"

/* The value of what is not there: no sum comes near an end of the range. */
static const int64_t NOTHING = INT64_MIN / 2;

static bool is_promising(rb_work *w, const rb_label *label)
{
    int64_t most;

    if (!w->rest)
        return true;
    most = label->value
        + rb_rest_of(w->rest, label->node, label->set, label->clock);
    if (label->stops == 1 && most > w->most)
        w->most = most;
    return most > w->least;
}

/* How far a clock is past the last step that rough labels tell apart. */
static int32_t past(const rb_work *w, int32_t clock)
{
    return (int32_t)(((int64_t)clock - w->from) % w->step);
}

/* The part of a span that an option lets in; false: none. */
static bool cut_span(const rb_option *o, int32_t limit, rb_label *label)
{
    if (o->late < label->clock || o->door > label->late)
        return false;
    if (o->door > label->clock) {
        label->value = label->late_value;
        label->parent = label->late_parent;
    }
    if (o->early > label->clock)
        label->clock = o->early;
    if (o->late < label->late)
        label->late = o->late;
    if (label->clock > label->late)
        label->late = label->clock;
    label->value += o->gain_milli;
    if (label->late > label->clock)
        label->late_value += o->gain_milli;
    else
        label->late_value = NOTHING;
    return label->clock <= limit;
}

/* A strict path has no choice: each clock of its span leads to one option. */
static bool enter_strictly(rb_work *w, const rb_label *at_door)
{
    const rb_side *s = w->s;
    const uint32_t j = at_door->node;

    for (uint32_t o = s->first_option[j]; o < s->first_option[j + 1]; o++) {
        rb_label label = *at_door;

        if (!cut_span(&s->options[o], w->limit, &label)
            || !is_promising(w, &label))
            continue;
        if (!rb_settle(w, &label))
            return false;
        if (w->is_full)
            return true;
    }
    return true;
}

/* A label that stands at its node's door: let it in by each option. */
static bool enter(rb_work *w, const rb_label *at_door)
{
    const rb_side *s = w->s;
    const uint32_t j = at_door->node;
    int64_t best = INT64_MIN;

    if (w->p->is_strict)
        return enter_strictly(w, at_door);
    for (uint32_t o = s->first_option[j]; o < s->first_option[j + 1]; o++) {
        const rb_option *option = &s->options[o];
        rb_label label = *at_door;

        if (option->late < at_door->clock || option->gain_milli <= best)
            continue;
        if (option->early > label.clock)
            label.clock = option->early;
        if (label.clock > w->limit)
            break;
        if (w->p->is_rough && w->step > 0)
            label.clock -= past(w, label.clock);
        best = option->gain_milli;
        label.value += option->gain_milli;
        if (!is_promising(w, &label))
            continue;
        if (!rb_settle(w, &label))
            return false;
        if (w->is_full)
            return true;
    }
    return true;
}

static void visit(const rb_pricer *p, rb_label *label, uint32_t kept,
                  uint64_t odd)
{
    const uint32_t j = label->node;
    const uint32_t u = p->graph.customer[j];
    const uint64_t stays = odd & p->keep[j];

    if (p->is_rough) {
        label->memory = 1;
        label->value += p->reward[j];
        return;
    }
    label->memory = (kept & p->mask)
        | UINT32_C(1) << p->memory->at[(size_t)u * p->memory->n + u];
    label->value += p->reward[j] - rb_price_of_bits(p, stays & p->hit[j]);
    label->odd = stays ^ p->hit[j];
}

static bool begin_at(rb_work *w, uint32_t j, uint32_t set, int32_t clock)
{
    const rb_graph *g = w->g;
    rb_label label;

    if (clock >= RB_NEVER || clock > w->limit)
        return true;
    memset(&label, 0, sizeof label);
    label.clock = label.late = clock;
    label.late_value = NOTHING;
    label.value = -w->s->begin_cost[j];
    label.parent = label.late_parent = GB_ROUTE_NONE;
    label.node = j;
    label.stops = 1;
    label.set = (uint8_t)set;
    for (uint32_t r = 0; r < w->n_limits; r++) {
        label.use[r] = w->s->begin_use[r][j];
        if (label.use[r] > g->limits[r])
            return true;
    }
    visit(w->p, &label, 0, 0);
    return enter(w, &label);
}

static bool is_open(const rb_pricer *p, uint32_t j)
{
    return !p->is_taken || !p->is_taken[p->graph.customer[j]];
}

static bool begin(rb_work *w, uint32_t j)
{
    if (!is_open(w->p, j))
        return true;
    for (uint32_t set = 0; set < w->g->n_sets; set++)
        if (!begin_at(w, j, set, w->s->begin[set][j])
            || (w->p->is_strict && rb_has_turns(set)
                && !begin_at(w, j, set, w->s->begin_last[set][j])))
            return false;
    return true;
}

/* By so many breaks on the way: a strict path by either order of them. */
static bool arrive(rb_work *w, const rb_label *from, const rb_label *label,
                   uint32_t breaks)
{
    const bool has_turns = w->p->is_strict && rb_has_turns(breaks);
    const uint32_t i = from->node, j = label->node;
    rb_label late = *label;

    late.set = (uint8_t)(from->set | breaks);
    for (uint32_t turn = 0; turn < 1 + (uint32_t)has_turns; turn++) {
        late.clock = has_turns
            ? rb_graph_ready_in(w->g, w->side, i, from->clock, breaks, turn,
                                j)
            : rb_graph_ready(w->g, w->side, i, from->clock, breaks, j);
        late.late = w->slack == 0 ? late.clock
                                  : rb_graph_ready_latest(
                                      w->g, w->side, i, from->late, breaks,
                                      turn, j);
        if (late.clock <= w->limit && !enter(w, &late))
            return false;
    }
    return true;
}

/* The way of those in the span behind the clock, as a label that is not worked
 * off: their routes are read from it. */
static bool set_apart(rb_work *w, const rb_label *from, uint32_t *id)
{
    rb_label late = *from;

    *id = GB_ROUTE_NONE;
    if (w->slack == 0 || from->late <= from->clock)
        return true;
    late.parent = from->late_parent;
    late.is_dead = true;
    *id = (uint32_t)w->h->labels.n;
    w->n_apart++;
    return base_array_push(w->g->mem, &w->h->labels, late);
}

/* Whether a path over node j may come to enough: most arcs end here. */
static bool may_pay(const rb_work *w, const rb_label *from, size_t arc,
                    uint32_t j)
{
    const uint32_t left = (w->g->n_sets - 1) & ~(uint32_t)from->set;
    const int64_t value = from->value - w->s->cost[arc];
    const int32_t clock = from->clock + w->s->ahead[arc];

    if (!w->rest)
        return true;
    for (uint32_t after = left;; after = (after - 1) & left) {
        if (value + rb_behind(w->rest, j, after, clock) > w->least)
            return true;
        if (after == 0)
            return false;
    }
}

/* From a label, by value: the array may move.  ids: its own, that of those
 * behind its clock. */
static bool extend_to(rb_work *w, const rb_label *from, const uint32_t *ids,
                      uint32_t j)
{
    const rb_graph *g = w->g;
    const uint32_t i = from->node;
    const size_t arc = (size_t)i * g->n + j;
    const uint32_t left = (g->n_sets - 1) & ~(uint32_t)from->set;
    rb_label label;

    if (w->s->ahead[arc] >= RB_NEVER
        || from->clock + w->s->ahead[arc] > w->limit || !is_open(w->p, j)
        || rb_remembers(w->p, i, from->memory, j)
        || !may_pay(w, from, arc, j))
        return true;
    memset(&label, 0, sizeof label);
    label.node = j;
    label.parent = ids[0];
    label.late_parent = ids[1];
    label.stops = (uint16_t)(from->stops + 1);
    for (uint32_t r = 0; r < w->n_limits; r++) {
        label.use[r]
            = from->use[r] + w->s->use[r][arc] + g->node_use[r][j];
        if (label.use[r] > g->limits[r])
            return true;
    }
    label.value = from->value - w->s->cost[arc];
    visit(w->p, &label, rb_remember(w->p, i, j, from->memory), from->odd);
    label.late_value = from->late_value + (label.value - from->value);
    for (uint32_t breaks = left;; breaks = (breaks - 1) & left) {
        if (!arrive(w, from, &label, breaks))
            return false;
        if (breaks == 0 || w->is_full)
            return true;
    }
}

/* From a label to all who can follow, or to those close by. */
static bool extend(rb_work *w, const rb_label *from, uint32_t id)
{
    const rb_pricer *p = w->p;
    const uint32_t *close
        = p->close + (size_t)w->g->customer[from->node] * p->n_close;
    uint32_t ids[2] = { id, GB_ROUTE_NONE };

    if (!set_apart(w, from, &ids[1]))
        return false;

    if (p->is_exact || !p->is_near) {
        for (uint32_t j = 0; j < w->g->n && !w->is_full; j++)
            if (!extend_to(w, from, ids, j))
                return false;
        return true;
    }
    for (uint32_t k = 0; k < p->n_close && !w->is_full; k++) {
        const uint32_t j = w->g->node_of[close[k]];

        if (j != GB_ROUTE_NONE && !extend_to(w, from, ids, j))
            return false;
    }
    return true;
}

static gb_status extend_all(base_run *run, rb_work *w, bool *is_late)
{
    for (uint32_t k = 0; k < RB_BUCKETS; k++)
        for (uint32_t id = w->h->first[k]; id != GB_ROUTE_NONE;
             id = w->h->labels.items[id].next) {
            const rb_label from = w->h->labels.items[id];
            gb_status status;

            if (from.is_dead)
                continue;
            w->h->labels.items[id].is_done = true;
            status = base_poll_many(run, 16);
            *is_late = run->is_late;
            if (status || *is_late)
                return status;
            if (from.stops >= w->p->most_stops)
                w->is_full = true;
            if (!w->is_full && !extend(w, &from, id))
                return base_fail_nomem(run->ctx);
            if (w->is_full)
                return GB_OK;
        }
    return GB_OK;
}

static void find_most(const rb_graph *g, rb_half *h)
{
    for (uint32_t l = 0; l < g->n * g->n_sets; l++) {
        h->most[l] = h->lists[l].n ? h->lists[l].items[0].value
                                   : INT64_MIN / 2;
    }
}

/* Rough labels tell steps of the clock apart: short enough that each stop
 * brings them on. */
static int32_t find_step(const rb_work *w)
{
    const size_t n = (size_t)w->g->n * w->g->n;
    int32_t step = (int32_t)w->width;

    for (size_t i = 0; i < n; i++)
        if (w->s->ahead[i] / 8 < step)
            step = w->s->ahead[i] / 8;
    return step;
}

gb_status rb_label_side(base_run *run, rb_pricer *p, uint32_t side,
                        int32_t limit, rb_rest *rest, int64_t least,
                        uint64_t most_labels, rb_price_end *end,
                        int64_t *most)
{
    const rb_graph *g = &p->graph;
    rb_work w = { .p = p, .g = g, .s = &g->sides[side],
                  .h = &p->halves[side], .side = side, .limit = limit,
                  .n_limits = p->is_rough ? 0 : g->n_limits,
                  .is_flat = p->is_rough || (!p->is_exact && !p->is_bold),
                  .from = side == RB_FORWARD ? g->from : -g->to,
                  .rest = rest, .least = least, .most_labels = most_labels };
    bool is_late = false;
    gb_status status;

    w.width = ((int64_t)limit - w.from) / RB_BUCKETS + 1;
    if (w.width < 1)
        w.width = 1;
    w.step = find_step(&w);
    if (p->is_strict && p->is_exact)
        w.slack = p->efforts[g->kind].slack;
    w.h->labels.n = 0;
    for (uint32_t l = 0; l < g->n * g->n_sets; l++)
        w.h->lists[l].n = 0;
    memset(w.h->first, 0xff, sizeof w.h->first);
    for (uint32_t j = 0; j < g->n; j++)
        if (!begin(&w, j))
            return base_fail_nomem(run->ctx);
    status = extend_all(run, &w, &is_late);
    p->n_labels += w.h->labels.n;
    if (is_late)
        *end = RB_PRICE_LATE;
    else if (w.is_full)
        *end = RB_PRICE_TOO_MANY;
    find_most(g, w.h);
    *most = w.most;
    return status;
}

