/*
 * route_bound_close.c - small days closed: see route_bound_state.h.
 *
 * Against the multipliers of the best bound a plan loses what its routes stay
 * below the best ones.  So a plan that is better than the one known consists
 * of routes that are not far below: they are listed, and the best choice among
 * them is found by looking at all.  Everything is in integers.
 */
#include <stdlib.h>
#include <string.h>

#include "route_bound_state.h"
#include "route_bound_work.h"

enum {
    MOST_STEPS = 4000000,   /* of paths, one kind */
    MOST_ROUTES = 20000,    /* likewise */
    MOST_CHOICES = 40000000,
    MOST_VEHICLES = 16,
    MOST_STOPS = 64
};

typedef struct route {
    uint64_t set;    /* of customers, and of groups behind them */
    int64_t gain;    /* against the multipliers */
    int64_t worth;
    size_t first;    /* of listing.stops */
    uint32_t n, kind;
} route;

typedef struct listing {
    rb_bound *b;
    BASE_ARRAY(route) routes;
    rb_stops stops;
    uint32_t path[MOST_STOPS]; /* nodes */
    uint32_t n_path;
    uint64_t set;
    int64_t dual_sum;    /* of the path: gain + this is its worth */
    int64_t least;       /* routes that gain no more are left out */
    int64_t n_steps;     /* that may still be taken */
    gb_status status;    /* GB_OK; no memory, a cancel */
    size_t first_of_kind;
} listing;

static uint64_t bits_of(const rb_model *m, uint32_t u)
{
    const uint32_t group = m->customers[u].group;
    uint64_t bits = UINT64_C(1) << u;

    if (group != GB_ROUTE_NONE)
        bits |= UINT64_C(1) << (m->n_customers + group - m->n_cover);
    return bits;
}

/* --- the routes ------------------------------------------------------------ */

/* Of one kind and set of customers only the best counts. */
static void note(listing *l, int64_t gain)
{
    const rb_graph *g = &l->b->pricer.graph;
    route r = { l->set, gain, gain + l->dual_sum, l->stops.n, l->n_path,
                g->kind };

    for (size_t i = l->first_of_kind; i < l->routes.n; i++) {
        route *old = &l->routes.items[i];

        if (old->set != r.set)
            continue;
        if (old->gain >= gain)
            return;
        old->gain = gain;
        old->worth = r.worth;
        for (uint32_t k = 0; k < l->n_path; k++)
            l->stops.items[old->first + k] = g->customer[l->path[k]];
        return;
    }
    if (l->routes.n - l->first_of_kind == MOST_ROUTES)
        l->n_steps = 0;
    else if (!base_array_reserve(l->b->m->mem, &l->stops, l->n_path)
             || !base_array_push(l->b->m->mem, &l->routes, r))
        l->status = base_fail_nomem(l->b->run->ctx);
    else
        for (uint32_t k = 0; k < l->n_path; k++)
            l->stops.items[l->stops.n++] = g->customer[l->path[k]];
}

typedef struct place {
    int32_t clock;
    uint32_t set;  /* breaks had */
    int64_t gain;
    int64_t use[RB_MOST_LIMITS];
} place;

static void come_to(listing *l, uint32_t j, const place *at_door);

static void go_on(listing *l, uint32_t i, uint32_t j, const place *at)
{
    const rb_graph *g = &l->b->pricer.graph;
    const rb_side *f = &g->sides[RB_FORWARD];
    const size_t arc = (size_t)i * g->n + j;
    const uint32_t left = (g->n_sets - 1) & ~at->set;
    place next = *at;

    if (f->ahead[arc] >= RB_NEVER
        || (bits_of(l->b->m, g->customer[j]) & l->set))
        return;
    for (uint32_t r = 0; r < g->n_limits; r++) {
        next.use[r] += f->use[r][arc] + g->node_use[r][j];
        if (next.use[r] > g->limits[r])
            return;
    }
    next.gain -= f->cost[arc];
    for (uint32_t breaks = left;; breaks = (breaks - 1) & left) {
        for (uint32_t turn = 0; turn < 1 + (uint32_t)rb_has_turns(breaks);
             turn++) {
            next.clock = rb_graph_ready_in(g, RB_FORWARD, i, at->clock,
                                           breaks, turn, j);
            next.set = at->set | breaks;
            if (next.clock < RB_NEVER)
                come_to(l, j, &next);
        }
        if (breaks == 0)
            break;
    }
}

static void end_here(listing *l, uint32_t i, const place *at)
{
    const rb_graph *g = &l->b->pricer.graph;
    const rb_side *back = &g->sides[RB_BACKWARD];
    const uint32_t left = (g->n_sets - 1) & ~at->set;
    const int64_t gain = at->gain - back->begin_cost[i];

    if (back->begin[left][i] >= RB_NEVER || at->clock > -back->begin[left][i]
        || gain <= l->least)
        return;
    for (uint32_t r = 0; r < g->n_limits; r++)
        if (at->use[r] + back->begin_use[r][i] - g->node_use[r][i]
            > g->limits[r])
            return;
    note(l, gain);
}

/* Into node j, and to all that can follow. */
static void come_to(listing *l, uint32_t j, const place *at_door)
{
    rb_pricer *p = &l->b->pricer;
    const rb_graph *g = &p->graph;
    const uint64_t bits = bits_of(l->b->m, g->customer[j]);
    place at = *at_door;
    const rb_option *option
        = rb_graph_enter(&g->sides[RB_FORWARD], j, at.clock, &at.clock);

    if (!option || l->n_path == MOST_STOPS || l->n_steps <= 0)
        return;
    at.gain += option->gain_milli + p->reward[j];
    if (at.gain + rb_rest_of(&p->rest, j, at.set, at.clock) <= l->least)
        return;
    l->status = base_poll_many(l->b->run, 16);
    if (l->status || l->b->run->is_late) {
        l->n_steps = 0;
        return;
    }
    l->n_steps--;
    l->path[l->n_path++] = j;
    l->set |= bits;
    l->dual_sum -= p->reward[j];
    end_here(l, j, &at);
    for (uint32_t k = 0; k < g->n && l->status == GB_OK; k++)
        go_on(l, j, k, &at);
    l->dual_sum += p->reward[j];
    l->set &= ~bits;
    l->n_path--;
}

static void begin_all(listing *l)
{
    const rb_graph *g = &l->b->pricer.graph;
    const rb_side *f = &g->sides[RB_FORWARD];

    for (uint32_t j = 0; j < g->n && l->status == GB_OK; j++) {
        place at = { 0, 0, -f->begin_cost[j], { 0 } };
        bool fits = true;

        for (uint32_t r = 0; r < g->n_limits; r++) {
            at.use[r] = f->begin_use[r][j];
            fits = fits && at.use[r] <= g->limits[r];
        }
        for (uint32_t set = 0; set < g->n_sets && fits; set++) {
            at.set = set;
            at.clock = f->begin[set][j];
            if (at.clock < RB_NEVER)
                come_to(l, j, &at);
            at.clock = f->begin_last[set][j];
            if (at.clock < RB_NEVER && rb_has_turns(set))
                come_to(l, j, &at);
        }
    }
}

static int compare_routes(const void *a, const void *b)
{
    const route *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->gain != y->gain)
        return x->gain < y->gain ? 1 : -1;
    return (x->set > y->set) - (x->set < y->set);
}

/* *is_whole: all routes that a better plan can have are there. */
static gb_status list_routes(listing *l, int64_t loss, bool *is_whole)
{
    rb_bound *b = l->b;

    *is_whole = true;
    for (uint32_t k = 0; k < b->m->n_kinds && *is_whole; k++) {
        rb_price_end end;
        gb_status status = rb_price_from_behind(b->run, &b->pricer, k,
                                                &b->centre, &end);
        const rb_graph *g = &b->pricer.graph;

        *is_whole = end == RB_PRICE_DONE
            && (!g->is_loose || g->last_jump == -RB_NEVER);
        if (status || !*is_whole)
            return status;
        l->least = b->centre_best[k] - loss;
        l->n_steps = MOST_STEPS;
        l->first_of_kind = l->routes.n;
        begin_all(l);
        if (l->status)
            return l->status;
        *is_whole = l->n_steps > 0;
    }
    if (l->routes.n)
        qsort(l->routes.items, l->routes.n, sizeof *l->routes.items,
              compare_routes);
    return GB_OK;
}

/* --- the choice ------------------------------------------------------------ */

typedef struct choice {
    const listing *l;
    const rb_model *m;
    uint32_t kind_of[MOST_VEHICLES + 1];
    uint32_t n_vehicles;
    size_t first[MOST_VEHICLES], last[MOST_VEHICLES]; /* routes of a kind */
    int64_t may_gain[MOST_VEHICLES + 1]; /* this vehicle and those behind it */
    uint64_t musts;
    size_t now[MOST_VEHICLES], best[MOST_VEHICLES];
    int64_t value, best_value; /* of a whole choice: the sum of worths */
    int64_t offset;            /* a choice is worth that and its gains at
                                  most */
    int64_t n_left;            /* choices that may still be looked at */
    base_run *run;
    gb_status status;
} choice;

static void look_at_choice(choice *c, uint64_t set)
{
    if ((c->musts & ~set) || c->value <= c->best_value)
        return;
    c->best_value = c->value;
    memcpy(c->best, c->now, sizeof c->best);
}

/* Vehicle v takes a route, or none; alike vehicles in the order of routes. */
static void choose(choice *c, uint32_t v, size_t from, uint64_t set,
                   int64_t gain)
{
    const route *routes = c->l->routes.items;

    if (v == c->n_vehicles) {
        look_at_choice(c, set);
        return;
    }
    for (size_t i = from; i <= c->last[v] && c->n_left > 0; i++) {
        const bool is_none = i == c->last[v];
        const int64_t more = is_none ? 0 : routes[i].gain;
        const bool is_like = v + 1 < c->n_vehicles
            && c->kind_of[v + 1] == c->kind_of[v];

        if (c->offset + gain + more + c->may_gain[v + 1] <= c->best_value) {
            if (is_none || more >= 0)
                break;
            i = c->last[v] - 1; /* none may be better than those left */
            continue;
        }
        c->n_left--;
        c->status = base_poll(c->run);
        if (c->status || c->run->is_late)
            c->n_left = 0;
        if (!is_none && (routes[i].set & set))
            continue;
        c->now[v] = i;
        c->value += is_none ? 0 : routes[i].worth;
        choose(c, v + 1,
               is_like ? i + !is_none
                       : v + 1 < c->n_vehicles ? c->first[v + 1] : 0,
               is_none ? set : set | routes[i].set, gain + more);
        c->value -= is_none ? 0 : routes[i].worth;
    }
}

static void begin_choice(choice *c, rb_bound *b, const listing *l)
{
    uint32_t v = 0;
    size_t i = 0;

    c->l = l;
    c->m = b->m;
    c->run = b->run;
    c->n_left = MOST_CHOICES;
    c->best_value = b->known->value_milli;
    c->offset = (int64_t)rb_master_offset(&b->master, &b->centre);
    for (uint32_t k = 0; k < b->m->n_kinds; k++) {
        const size_t first = i;

        while (i < l->routes.n && l->routes.items[i].kind == k)
            i++;
        for (uint32_t n = 0; n < b->m->kinds[k].count; n++, v++) {
            c->kind_of[v] = k;
            c->first[v] = first;
            c->last[v] = i;
        }
    }
    c->n_vehicles = v;
    while (v-- > 0)
        c->may_gain[v] = c->may_gain[v + 1] + b->centre_best[c->kind_of[v]];
    for (uint32_t u = 0; u < b->m->n_customers; u++)
        if (b->m->customers[u].is_must)
            c->musts |= UINT64_C(1) << u;
    for (uint32_t r = 0; r < b->m->n_groups; r++)
        if (b->m->group_is_must[r])
            c->musts |= UINT64_C(1) << (b->m->n_customers + r);
}

/* --- the whole ------------------------------------------------------------- */

static bool is_small(const rb_bound *b)
{
    uint32_t n_vehicles = 0;

    for (uint32_t k = 0; k < b->m->n_kinds; k++)
        n_vehicles += b->m->kinds[k].count;
    return b->m->n_customers + b->m->n_groups <= 64
        && b->m->n_cover == b->m->n_customers && b->m->is_all_musts
        && n_vehicles <= MOST_VEHICLES;
}

/* What the multipliers of the best bound prove, before it is rounded. */
static rb_wide most_of(const rb_bound *b)
{
    rb_wide sum = rb_master_offset(&b->master, &b->centre);

    for (uint32_t k = 0; k < b->m->n_kinds; k++)
        sum += (rb_wide)b->centre_best[k] * b->m->kinds[k].count;
    return sum;
}

/* The routes chosen, as columns, and the plan of them. */
static gb_status take_choice(rb_bound *b, const choice *c)
{
    const listing *l = c->l;
    rb_master *t = &b->master;
    uint8_t *chosen;
    gb_status status;

    for (uint32_t v = 0; v < c->n_vehicles; v++) {
        const route *r = &l->routes.items[c->best[v]];
        bool is_new;

        if (c->best[v] < c->last[v]
            && !rb_master_add(t, r->kind, l->stops.items + r->first, r->n,
                              r->worth, &is_new))
            return base_fail_nomem(b->run->ctx);
    }
    chosen = base_alloc_zeroed(b->m->mem, t->columns.n, 1);
    if (!chosen)
        return base_fail_nomem(b->run->ctx);
    for (uint32_t v = 0; v < c->n_vehicles; v++) {
        const route *r = &l->routes.items[c->best[v]];

        for (size_t i = 0; i < t->columns.n && c->best[v] < c->last[v]; i++) {
            const rb_column *column = &t->columns.items[i];

            if (column->kind == r->kind && column->n == r->n
                && memcmp(t->stops.items + column->first,
                          l->stops.items + r->first, r->n * sizeof(uint32_t))
                    == 0)
                chosen[i] = 1;
        }
    }
    status = b->plan(b->user, t, chosen, b->known);
    base_free(b->m->mem, chosen);
    return status;
}

gb_status rb_close(rb_bound *b)
{
    listing l = { .b = b };
    choice c = { .best_value = 0 };
    const int64_t known = b->known->value_milli;
    bool is_whole = false;
    rb_wide loss;
    gb_status status;

    if (!b->known->has_plan || b->known->musts < b->m->n_musts
        || rb_is_closed(b) || rb_is_over(b) || b->m->counts_musts
        || b->out->is_trivial || b->master.n_cuts > 0 || !is_small(b))
        return GB_OK;
    loss = most_of(b) - known;
    if (loss > INT64_MAX / 4)
        return GB_OK;
    status = list_routes(&l, (int64_t)loss, &is_whole);
    if (status == GB_OK && is_whole) {
        begin_choice(&c, b, &l);
        choose(&c, 0, c.first[0], 0, 0);
        status = c.status;
        if (status == GB_OK && c.best_value > known && b->plan)
            status = take_choice(b, &c);
        if (status == GB_OK && c.n_left > 0)
            (void)rb_take_bound(b, c.best_value);
    }
    base_array_clear(b->m->mem, &l.routes);
    base_array_clear(b->m->mem, &l.stops);
    return status;
}
