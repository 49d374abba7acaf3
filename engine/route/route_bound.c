/*
 * route_bound.c - see route_bound_solve.h.
 *
 * A round solves the program over the routes known, takes its multipliers,
 * blended with the best ones so far, and looks for routes that gain against
 * them.  When labels find the best route exactly, the multipliers give a
 * bound, whatever they are.  When no route gains any more, the routes with
 * circles show whom to remember, then cuts are looked for.
 */
#include "route_bound_solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lp.h"

enum {
    FIRST_NEAR = 8,      /* ng-neighbours to begin with */
    COLUMNS_A_KIND = 60, /* taken from one pricing */
    CUTS_A_ROUND = 16,
    CUTS_A_CUSTOMER = 4,
    BLEND = 256,
    ROUNDS_OF_DIVE = 30, /* of pricing, after each route that is fixed */
    ROUNDS_A_PLAN = 3,   /* of cuts */
    ROUNDS_A_BOUND = 10  /* at most between two exact pricings */
};

typedef struct bound {
    base_run *run;
    const rb_model *m;
    const gb_route_bound_options *options;
    rb_memory memory;
    rb_pricer pricer;
    rb_master master;
    rb_duals wanted, centre, used; /* the program's, the best's, a blend */
    bool has_centre;
    int32_t blend;       /* how much of the centre, of 256 */
    bool is_exact;       /* price exactly from the start of a round */
    bool is_stuck;       /* pricing takes too many labels */
    rb_known *known;
    rb_plan_fn plan;
    void *user;
    rb_outcome *out;
    rb_stops stops;      /* scratch */
    rb_joint *order;     /* scratch */
} bound;

static void copy_duals(const rb_model *m, rb_duals *to, const rb_duals *from)
{
    memcpy(to->rows, from->rows, m->n_rows * sizeof *to->rows);
    memcpy(to->cuts, from->cuts, sizeof to->cuts);
}

static void blend_duals(bound *b)
{
    const int64_t a = b->has_centre ? b->blend : 0;

    for (uint32_t r = 0; r < b->m->n_rows; r++)
        b->used.rows[r] = (b->centre.rows[r] * a
                           + b->wanted.rows[r] * (BLEND - a))
            / BLEND;
    for (uint32_t c = 0; c < b->master.n_cuts; c++)
        b->used.cuts[c]
            = (b->centre.cuts[c] * a + b->wanted.cuts[c] * (BLEND - a))
            / BLEND;
}

/* Down to a value that a plan can have. */
static int64_t floor_to_grain(rb_wide value, int64_t grain)
{
    rb_wide q = value / grain;

    if (q * grain > value)
        q--;
    q *= grain;
    if (q > INT64_MAX)
        return INT64_MAX;
    return q < INT64_MIN ? INT64_MIN : (int64_t)q;
}

/* A better bound, if it is one. */
static bool take_bound(bound *b, rb_wide value)
{
    const int64_t upper = floor_to_grain(value, b->m->grain);

    b->out->is_trivial = false;
    if (upper >= b->out->upper)
        return false;
    b->out->upper = upper;
    if (!b->m->counts_musts) {
        base_run_tell_bound(b->run, (double)upper);
        if (b->known->has_plan)
            base_run_tell_best(b->run, (double)b->known->value_milli);
    }
    return true;
}

static bool is_closed(const bound *b)
{
    return b->known->has_plan && b->known->musts >= b->m->n_musts
        && b->known->value_milli >= b->out->upper;
}

/* --- pricing --------------------------------------------------------------- */

static int compare_joints(const void *a, const void *b)
{
    const rb_joint *x = a, *y = b;

    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    if (x->forward != y->forward)
        return x->forward < y->forward ? -1 : 1;
    return (x->backward > y->backward) - (x->backward < y->backward);
}

/* Take the joint's route when it gains against the program's multipliers. */
static gb_status take_joint(bound *b, uint32_t kind, const rb_joint *joint,
                            bool *is_new)
{
    rb_master *t = &b->master;
    rb_column column = { 0 };
    const size_t first = t->stops.n;
    int64_t value;

    *is_new = false;
    b->stops.n = 0;
    if (!rb_joint_stops(&b->pricer, joint, &b->stops)
        || !base_array_reserve(t->mem, &t->stops, b->stops.n))
        return base_fail_nomem(b->run->ctx);
    /* What it is worth by itself: what it gains, less what others put in. */
    memcpy(t->stops.items + first, b->stops.items,
           b->stops.n * sizeof *t->stops.items);
    column.first = first;
    column.n = (uint32_t)b->stops.n;
    column.kind = kind;
    value = joint->value - rb_master_gain(t, &column, &b->used);
    column.value = value;
    if (rb_master_gain(t, &column, &b->wanted) - t->kind_duals[kind]
        <= b->m->grain / 1000)
        return GB_OK;
    if (!rb_master_add(t, kind, b->stops.items, column.n, value, is_new))
        return base_fail_nomem(b->run->ctx);
    return GB_OK;
}

static gb_status take_joints(bound *b, uint32_t kind, uint32_t *n_new)
{
    uint32_t n = 0, taken = 0;

    for (uint32_t i = 0; i < 2 * b->pricer.graph.n; i++)
        if (b->pricer.joints[i].value > 0)
            b->order[n++] = b->pricer.joints[i];
    qsort(b->order, n, sizeof *b->order, compare_joints);
    for (uint32_t i = 0; i < n && taken < COLUMNS_A_KIND; i++) {
        bool is_new;
        const gb_status status = take_joint(b, kind, &b->order[i], &is_new);

        if (status)
            return status;
        taken += is_new;
    }
    *n_new += taken;
    return GB_OK;
}

/* All kinds against the blend.  Exactly: a bound, unless *end says otherwise. */
static gb_status price_all(bound *b, bool is_exact, uint32_t *n_new,
                           rb_price_end *end)
{
    rb_wide sum = rb_master_offset(&b->master, &b->used);

    *n_new = 0;
    *end = RB_PRICE_DONE;
    for (uint32_t k = 0; k < b->m->n_kinds; k++) {
        int64_t best;
        gb_status status
            = rb_price(b->run, &b->pricer, k, &b->used, b->master.cuts,
                       b->master.n_cuts, is_exact, end, &best);

        if (status == GB_OK && *end == RB_PRICE_DONE)
            status = take_joints(b, k, n_new);
        if (status || *end != RB_PRICE_DONE)
            return status;
        sum += (rb_wide)best * b->m->kinds[k].count;
        if (b->pricer.graph.drops_limits)
            b->out->relaxed |= GB_ROUTE_RELAXED_LIMITS;
    }
    if (is_exact && take_bound(b, sum)) {
        copy_duals(b->m, &b->centre, &b->used);
        b->has_centre = true;
    }
    return GB_OK;
}

/* --- rounds ---------------------------------------------------------------- */

typedef enum round_end {
    ROUND_ON,        /* there are new routes */
    ROUND_CONVERGED, /* no route gains */
    ROUND_STUCK,     /* labels or time */
    ROUND_CLOSED
} round_end;

static bool is_over(const bound *b)
{
    return b->run->is_late || b->out->n_rounds >= b->options->max_rounds;
}

/* The program has come so near to the bound that rounds are better spent
 * elsewhere, or cannot let it fall to the next value below. */
static bool has_met(const bound *b)
{
    static const double NEAR = 2e-4;
    const double lp = b->master.objective;

    if (!b->has_centre || b->master.missing > 1e-6)
        return false;
    return (double)b->out->upper - lp < NEAR * fabs(lp)
        || floor_to_grain((rb_wide)floor(lp + 1e-7 * fabs(lp) + 1e-3),
                          b->m->grain)
        >= b->out->upper;
}

static gb_status price_round(bound *b, round_end *end)
{
    uint32_t n_new = 0;
    rb_price_end priced = RB_PRICE_DONE;
    gb_status status = GB_OK;

    /* Now and then all the same: a bound early, and a centre to blend with. */
    if (b->out->n_rounds % ROUNDS_A_BOUND == 0)
        b->is_exact = true;
    if (!b->is_exact) {
        status = price_all(b, false, &n_new, &priced);
        if (status || (priced == RB_PRICE_DONE && n_new > 0))
            return status;
        b->is_exact = true;
    }
    if (priced == RB_PRICE_DONE)
        status = price_all(b, true, &n_new, &priced);
    if (status)
        return status;
    if (priced != RB_PRICE_DONE) {
        *end = ROUND_STUCK;
        return GB_OK;
    }
    if (is_closed(b))
        *end = ROUND_CLOSED;
    else if (has_met(b))
        *end = ROUND_CONVERGED;
    else if (n_new == 0 && b->has_centre && b->blend > 0)
        b->blend = 0; /* the blend hid the routes that gain, if any */
    else if (n_new == 0)
        *end = ROUND_CONVERGED;
    else {
        b->blend = b->blend ? b->blend : BLEND / 2;
        b->is_exact = n_new < 4;
    }
    return GB_OK;
}

static gb_status run_round(bound *b, round_end *end)
{
    gb_status status;

    *end = ROUND_ON;
    rb_master_tidy(&b->master);
    status = rb_master_solve(b->run, &b->master, &b->wanted);
    if (status)
        return status;
    b->out->n_rounds++;
    if (b->run->is_late) {
        *end = ROUND_STUCK;
        return GB_OK;
    }
    blend_duals(b);
    return price_round(b, end);
}

static gb_status converge(bound *b, round_end *end)
{
    gb_status status = GB_OK;

    do
        status = is_over(b) ? GB_OK : run_round(b, end);
    while (status == GB_OK && *end == ROUND_ON && !is_over(b));
    if (is_over(b) && *end == ROUND_ON)
        *end = ROUND_STUCK;
    return status;
}

/* --- circles --------------------------------------------------------------- */

/* Whether every visit of the column is one that ng-sets allow. */
static bool is_allowed(const bound *b, const rb_column *column)
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

static bool remember_circles(bound *b, const rb_column *column)
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

static void drop_columns(bound *b)
{
    size_t n = 0;

    for (size_t c = 0; c < b->master.columns.n; c++)
        if (is_allowed(b, &b->master.columns.items[c]))
            b->master.columns.items[n++] = b->master.columns.items[c];
    b->master.columns.n = n;
}

static bool break_circles(bound *b)
{
    bool is_more = false;

    for (size_t c = 0; c < b->master.columns.n; c++)
        if (b->master.columns.items[c].x > 1e-6)
            is_more |= remember_circles(b, &b->master.columns.items[c]);
    if (is_more)
        drop_columns(b);
    return is_more;
}

/* --- cuts ------------------------------------------------------------------ */

typedef struct triple {
    double violation;
    uint32_t customers[3];
} triple;

typedef struct separation {
    bound *b;
    double *pairs;        /* n x n: chosen routes with both */
    BASE_ARRAY(triple) triples;
    bool ok;
} separation;

static uint32_t times_in(const bound *b, const rb_column *column,
                         const uint32_t *customers)
{
    const uint32_t *stops = b->master.stops.items + column->first;
    uint32_t n = 0;

    for (uint32_t i = 0; i < column->n; i++)
        n += stops[i] == customers[0] || stops[i] == customers[1]
            || stops[i] == customers[2];
    return n;
}

static bool is_cut_already(const bound *b, const triple *t)
{
    for (uint32_t c = 0; c < b->master.n_cuts; c++)
        if (memcmp(b->master.cuts[c].customers, t->customers,
                   sizeof t->customers)
            == 0)
            return true;
    return false;
}

static void look_at(separation *s, uint32_t i, uint32_t j, uint32_t k)
{
    const size_t n = s->b->m->n_customers;
    triple t = { -1, { i, j, k } };

    if (s->pairs[i * n + j] + s->pairs[i * n + k] + s->pairs[j * n + k]
        < 1.04)
        return;
    for (size_t c = 0; c < s->b->master.columns.n; c++) {
        const rb_column *column = &s->b->master.columns.items[c];

        if (column->x > 1e-6)
            t.violation
                += column->x * (times_in(s->b, column, t.customers) / 2);
    }
    if (t.violation > .04)
        s->ok = s->ok && base_array_push(s->b->m->mem, &s->triples, t);
}

static int compare_triples(const void *a, const void *b)
{
    const triple *x = a, *y = b;

    if (x->violation != y->violation)
        return x->violation < y->violation ? 1 : -1;
    return memcmp(x->customers, y->customers, sizeof x->customers);
}

static void fill_pairs(separation *s)
{
    const size_t n = s->b->m->n_customers;

    for (size_t c = 0; c < s->b->master.columns.n; c++) {
        const rb_column *column = &s->b->master.columns.items[c];
        const uint32_t *stops = s->b->master.stops.items + column->first;

        if (column->x <= 1e-6)
            continue;
        for (uint32_t i = 0; i < column->n; i++)
            for (uint32_t k = 0; k < column->n; k++)
                s->pairs[stops[i] * n + stops[k]] += column->x;
    }
}

/* Between two visits that a cut counts, its memory has all stops. */
static void widen_memory(const bound *b, rb_cut *cut)
{
    for (size_t c = 0; c < b->master.columns.n; c++) {
        const rb_column *column = &b->master.columns.items[c];
        const uint32_t *stops = b->master.stops.items + column->first;
        uint32_t last = GB_ROUTE_NONE;

        if (column->x <= 1e-6)
            continue;
        for (uint32_t i = 0; i < column->n; i++) {
            if (stops[i] != cut->customers[0] && stops[i] != cut->customers[1]
                && stops[i] != cut->customers[2])
                continue;
            if (last == GB_ROUTE_NONE) {
                last = i;
                continue;
            }
            for (uint32_t x = last; x <= i; x++)
                cut->memory[stops[x] / 64]
                    |= UINT64_C(1) << (stops[x] % 64);
            last = GB_ROUTE_NONE;
        }
    }
}

static gb_status add_cut(bound *b, const triple *t)
{
    rb_cut *cut = &b->master.cuts[b->master.n_cuts];

    memcpy(cut->customers, t->customers, sizeof cut->customers);
    cut->memory
        = base_alloc_zeroed(b->m->mem, b->m->n_customers / 64 + 1, 8);
    if (!cut->memory)
        return base_fail_nomem(b->run->ctx);
    for (uint32_t k = 0; k < 3; k++)
        cut->memory[t->customers[k] / 64]
            |= UINT64_C(1) << (t->customers[k] % 64);
    widen_memory(b, cut);
    b->centre.cuts[b->master.n_cuts] = b->wanted.cuts[b->master.n_cuts] = 0;
    b->master.cut_place[b->master.n_cuts] = LP_BASIC;
    b->master.n_cuts++;
    return GB_OK;
}

/* Cuts that neither program nor best bound pays for. */
static void drop_idle_cuts(bound *b)
{
    rb_master *t = &b->master;
    uint32_t n = 0;

    for (uint32_t c = 0; c < t->n_cuts; c++) {
        if (b->wanted.cuts[c] == 0 && b->centre.cuts[c] == 0) {
            base_free(t->mem, t->cuts[c].memory);
            continue;
        }
        b->wanted.cuts[n] = b->wanted.cuts[c];
        b->centre.cuts[n] = b->centre.cuts[c];
        t->cut_place[n] = t->cut_place[c];
        t->cuts[n++] = t->cuts[c];
    }
    t->n_cuts = n;
}

static bool may_hold(const bound *b, const uint8_t *count, const triple *t)
{
    return !b->m->customers[t->customers[0]].has_patterns
        && !b->m->customers[t->customers[1]].has_patterns
        && !b->m->customers[t->customers[2]].has_patterns
        && count[t->customers[0]] < CUTS_A_CUSTOMER
        && count[t->customers[1]] < CUTS_A_CUSTOMER
        && count[t->customers[2]] < CUTS_A_CUSTOMER;
}

static gb_status take_cuts(bound *b, separation *s, uint8_t *count,
                           uint32_t *n_new)
{
    gb_status status = GB_OK;

    if (s->triples.n == 0)
        return GB_OK;
    qsort(s->triples.items, s->triples.n, sizeof *s->triples.items,
          compare_triples);
    for (size_t i = 0; i < s->triples.n && *n_new < CUTS_A_ROUND
         && b->master.n_cuts < RB_MOST_CUTS && status == GB_OK;
         i++) {
        const triple *t = &s->triples.items[i];

        if (!may_hold(b, count, t) || is_cut_already(b, t))
            continue;
        status = add_cut(b, t);
        if (status)
            break;
        for (uint32_t k = 0; k < 3; k++)
            count[t->customers[k]]++;
        (*n_new)++;
    }
    return status;
}

/* Subset-row cuts over three customers; *n_new: so many were violated. */
static gb_status cut(bound *b, uint32_t *n_new)
{
    const uint32_t n = b->m->n_customers;
    separation s = { .b = b, .ok = true };
    uint8_t *count = base_alloc_zeroed(b->m->mem, n, 1);
    gb_status status = GB_OK;

    *n_new = 0;
    s.pairs = base_alloc_zeroed(b->m->mem, (size_t)n * n, sizeof(double));
    if (!count || !s.pairs) {
        base_free(b->m->mem, count);
        base_free(b->m->mem, s.pairs);
        return base_fail_nomem(b->run->ctx);
    }
    drop_idle_cuts(b);
    fill_pairs(&s);
    for (uint32_t i = 0; i < n && status == GB_OK; i++) {
        status = base_poll_many(b->run, 64);
        for (uint32_t j = i + 1; j < n; j++)
            for (uint32_t k = j + 1; k < n; k++)
                look_at(&s, i, j, k);
    }
    if (!s.ok)
        status = base_fail_nomem(b->run->ctx);
    if (status == GB_OK)
        status = take_cuts(b, &s, count, n_new);
    base_array_clear(b->m->mem, &s.triples);
    base_free(b->m->mem, count);
    base_free(b->m->mem, s.pairs);
    return status;
}

/* --- plans ----------------------------------------------------------------- */

/* A few rounds of program and pricing with the routes fixed so far. */
static gb_status fit_routes(bound *b)
{
    for (uint32_t i = 0; i < ROUNDS_OF_DIVE && !b->run->is_late; i++) {
        uint32_t n_new;
        rb_price_end end;
        gb_status status = rb_master_solve(b->run, &b->master, &b->wanted);

        if (status == GB_OK && !b->run->is_late) {
            copy_duals(b->m, &b->used, &b->wanted);
            status = price_all(b, false, &n_new, &end);
        }
        if (status || b->run->is_late || end != RB_PRICE_DONE || n_new == 0)
            return status;
    }
    return b->run->is_late
        ? GB_OK
        : rb_master_solve(b->run, &b->master, &b->wanted);
}

/* Fix route after route, with new ones that suit those fixed. */
static gb_status dive(bound *b, bool *is_whole)
{
    gb_status status = GB_OK;

    *is_whole = false;
    while (status == GB_OK && !b->run->is_late && !*is_whole) {
        *is_whole = !rb_master_fix(&b->master);
        if (!*is_whole)
            status = fit_routes(b);
    }
    if (status != GB_ERR_INFEASIBLE)
        return status;
    base_enter(b->run->ctx); /* no plan this time; nothing is wrong */
    *is_whole = false;
    return GB_OK;
}

/* The program after that is the one before, with more routes. */
static gb_status make_plan(bound *b)
{
    uint8_t *chosen;
    bool is_whole;
    gb_status status;

    if (!b->plan || is_closed(b) || b->run->is_late)
        return GB_OK;
    status = dive(b, &is_whole);
    rb_master_release(&b->master);
    if (status || !is_whole)
        return status;
    chosen = base_alloc_array(b->m->mem, b->master.columns.n, 1);
    if (!chosen)
        return base_fail_nomem(b->run->ctx);
    for (size_t c = 0; c < b->master.columns.n; c++)
        chosen[c] = b->master.columns.items[c].x > .5;
    status = b->plan(b->user, &b->master, chosen, b->known);
    base_free(b->m->mem, chosen);
    return status;
}

/* --- the whole ------------------------------------------------------------- */

/* The routes of the plan known. */
static gb_status take_known(bound *b)
{
    const gb_route_solution *s = b->known->solution;
    gb_status status = GB_OK;

    for (uint32_t v = 0; s && v < b->m->problem.n_vehicles; v++) {
        gb_route_totals totals = { .size = sizeof totals };
        bool is_new;

        if (!gb_route_solution_totals(s, v, &totals) || !totals.n_clients)
            continue;
        b->stops.n = 0;
        for (uint32_t i = 0; i < totals.n_items; i++) {
            gb_route_stop stop = { .size = sizeof stop };

            if (gb_route_solution_stop(s, v, i, &stop)
                && stop.kind == GB_ROUTE_STOP_CLIENT
                && !base_array_push(b->m->mem, &b->stops,
                                    b->m->customer_of[stop.client]))
                return base_fail_nomem(b->run->ctx);
        }
        if (!rb_master_add(&b->master, b->m->kind_of[v], b->stops.items,
                           (uint32_t)b->stops.n,
                           b->m->counts_musts ? 0 : totals.value_milli,
                           &is_new))
            status = base_fail_nomem(b->run->ctx);
    }
    return status;
}

/* All prizes there are: a bound that needs no proof. */
static void take_trivial(bound *b)
{
    rb_wide sum = 0;

    for (uint32_t u = 0; u < b->m->n_customers; u++) {
        const rb_customer *customer = &b->m->customers[u];

        if (customer->can_visit)
            sum += (rb_wide)customer->n_visits
                * (b->m->counts_musts ? 1000 * (int64_t)customer->musts
                                      : customer->most_milli);
    }
    b->out->upper = INT64_MAX;
    (void)take_bound(b, sum);
    b->out->is_trivial = true;
}

/* Rounds with more memory until no circle is chosen. */
static gb_status converge_without_circles(bound *b, round_end *end)
{
    gb_status status;

    do
        status = converge(b, end);
    while (status == GB_OK && *end == ROUND_CONVERGED && break_circles(b));
    return status;
}

static gb_status strengthen(bound *b, round_end *end)
{
    gb_status status = GB_OK;

    for (uint32_t i = 1; status == GB_OK && *end == ROUND_CONVERGED; i++) {
        uint32_t n_new = 0;

        if (is_over(b))
            break;
        /* Plans and cuts in between have moved the program. */
        status = rb_master_solve(b->run, &b->master, &b->wanted);
        if (status == GB_OK && !b->run->is_late)
            status = cut(b, &n_new);
        if (status || n_new == 0)
            break;
        b->is_exact = false;
        b->blend = BLEND / 2;
        status = converge_without_circles(b, end);
        if (status == GB_OK && i % ROUNDS_A_PLAN == 0)
            status = make_plan(b);
        if (is_closed(b))
            *end = ROUND_CLOSED;
    }
    return status;
}

/* Too many labels before there was any bound: make do with few. */
static gb_status settle_for_less(bound *b, round_end *end)
{
    if (*end != ROUND_STUCK || !b->out->is_trivial || is_over(b))
        return GB_OK;
    rb_memory_shrink(&b->memory);
    b->is_exact = false;
    return converge(b, end);
}

static gb_status raise_penalty(bound *b, round_end *end)
{
    gb_status status = GB_OK;

    for (uint32_t i = 0; i < 3 && status == GB_OK && *end == ROUND_CONVERGED
         && b->master.missing > 1e-6;
         i++) {
        b->master.penalty *= 8;
        status = converge_without_circles(b, end);
    }
    b->out->misses_musts = b->master.missing > 1e-6;
    return status;
}

static gb_status bound_it(bound *b)
{
    round_end end = ROUND_ON;
    gb_status status = take_known(b);

    if (status == GB_OK)
        status = converge_without_circles(b, &end);
    if (status == GB_OK)
        status = settle_for_less(b, &end);
    if (status == GB_OK)
        status = raise_penalty(b, &end);
    b->out->root_upper = b->out->upper;
    b->out->is_converged = end == ROUND_CONVERGED;
    if (status == GB_OK)
        status = make_plan(b);
    if (is_closed(b))
        end = ROUND_CLOSED;
    if (status == GB_OK)
        status = strengthen(b, &end);
    return status;
}

static gb_status begin_bound(bound *b, int64_t most_milli)
{
    const rb_model *m = b->m;
    gb_context *ctx = b->run->ctx;
    gb_status status = rb_memory_init(ctx, m, FIRST_NEAR, &b->memory);

    if (status == GB_OK)
        status = rb_pricer_init(ctx, m, &b->memory, &b->pricer);
    if (status == GB_OK)
        status = rb_master_init(ctx, m, &b->master);
    if (status)
        return status;
    b->pricer.most_labels = b->options->max_labels;
    b->master.penalty = (double)most_milli / 1000 * 2 + 1;
    b->blend = BLEND / 2;
    b->wanted.rows
        = base_alloc_zeroed(m->mem, m->n_rows, sizeof(int64_t));
    b->centre.rows
        = base_alloc_zeroed(m->mem, m->n_rows, sizeof(int64_t));
    b->used.rows = base_alloc_zeroed(m->mem, m->n_rows, sizeof(int64_t));
    b->order = base_alloc_array(m->mem, 2 * (size_t)m->n_customers,
                                sizeof *b->order);
    return b->wanted.rows && b->centre.rows && b->used.rows && b->order
        ? GB_OK
        : base_fail_nomem(ctx);
}

static void end_bound(bound *b)
{
    base_mem *mem = b->m->mem;

    b->out->n_columns = b->master.n_made;
    b->out->n_labels = b->pricer.n_labels;
    b->out->n_cuts = b->master.n_cuts;
    rb_pricer_clear(&b->pricer);
    rb_master_clear(&b->master);
    rb_memory_clear(mem, &b->memory);
    base_free(mem, b->wanted.rows);
    base_free(mem, b->centre.rows);
    base_free(mem, b->used.rows);
    base_free(mem, b->order);
    base_array_clear(mem, &b->stops);
}

gb_status rb_solve(base_run *run, const rb_model *m,
                   const gb_route_bound_options *options, int64_t most_milli,
                   rb_known *known, rb_plan_fn plan, void *user,
                   rb_outcome *out)
{
    bound b = { .run = run, .m = m, .options = options, .known = known,
                .plan = plan, .user = user, .out = out };
    gb_status status;

    memset(out, 0, sizeof *out);
    take_trivial(&b);
    out->root_upper = out->upper;
    if (m->n_customers == 0 || m->n_kinds == 0)
        return GB_OK;
    status = begin_bound(&b, most_milli);
    if (status == GB_OK)
        status = bound_it(&b);
    end_bound(&b);
    return status;
}
