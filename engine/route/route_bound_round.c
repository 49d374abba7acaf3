/*
 * route_bound_round.c - rounds of program and pricing: see route_bound_state.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "route_bound_state.h"

enum {
    COLUMNS_A_KIND = 60, /* taken from one pricing */
    ROUNDS_A_BOUND = 10  /* at most between two exact pricings */
};

void rb_copy_duals(const rb_model *m, rb_duals *to, const rb_duals *from)
{
    memcpy(to->rows, from->rows, m->n_rows * sizeof *to->rows);
    memcpy(to->cuts, from->cuts, sizeof to->cuts);
}

static void blend_duals(rb_bound *b)
{
    const int64_t a = b->has_centre ? b->blend : 0;

    for (uint32_t r = 0; r < b->m->n_rows; r++)
        b->used.rows[r] = (b->centre.rows[r] * a
                           + b->wanted.rows[r] * (RB_BLEND - a))
            / RB_BLEND;
    for (uint32_t c = 0; c < b->master.n_cuts; c++)
        b->used.cuts[c]
            = (b->centre.cuts[c] * a + b->wanted.cuts[c] * (RB_BLEND - a))
            / RB_BLEND;
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
bool rb_take_bound(rb_bound *b, rb_wide value)
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

bool rb_is_closed(const rb_bound *b)
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
static gb_status take_joint(rb_bound *b, uint32_t kind, const rb_joint *joint,
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

static gb_status take_joints(rb_bound *b, uint32_t kind, uint32_t *n_new)
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

/* The most that a route we have of this kind gains against the blend. */
static int64_t best_known(const rb_bound *b, uint32_t kind)
{
    int64_t best = 0;

    for (size_t c = 0; c < b->master.columns.n; c++) {
        const rb_column *column = &b->master.columns.items[c];
        const int64_t gain = column->kind == kind
            ? rb_master_gain(&b->master, column, &b->used)
            : 0;

        if (gain > best)
            best = gain;
    }
    return best;
}

/* All kinds against the blend.  Exactly: a bound, unless *end says otherwise. */
gb_status rb_price_all(rb_bound *b, bool is_exact, uint32_t *n_new,
                           rb_price_end *end)
{
    rb_wide sum = rb_master_offset(&b->master, &b->used);

    *n_new = 0;
    *end = RB_PRICE_DONE;
    b->pricer.can_try_harder = false;
    for (uint32_t k = 0; k < b->m->n_kinds; k++) {
        int64_t best;
        gb_status status
            = rb_price(b->run, &b->pricer, k, &b->used, b->master.cuts,
                       b->master.n_cuts, is_exact,
                       is_exact ? best_known(b, k) : 0, end, &best);

        if (status == GB_OK && *end == RB_PRICE_DONE)
            status = take_joints(b, k, n_new);
        if (status || *end != RB_PRICE_DONE)
            return status;
        b->used_best[k] = best;
        sum += (rb_wide)best * b->m->kinds[k].count;
        if (b->pricer.graph.drops_limits)
            b->out->relaxed |= GB_ROUTE_RELAXED_LIMITS;
    }
    if (is_exact && rb_take_bound(b, sum)) {
        rb_copy_duals(b->m, &b->centre, &b->used);
        memcpy(b->centre_best, b->used_best,
               b->m->n_kinds * sizeof *b->centre_best);
        b->has_centre = true;
    }
    return GB_OK;
}

/* --- rounds ---------------------------------------------------------------- */

bool rb_is_over(const rb_bound *b)
{
    return b->run->is_late || b->out->n_rounds >= b->options->max_rounds;
}

/* The program has come so near to the bound that rounds are better spent
 * elsewhere, or cannot let it fall to the next value below. */
static bool has_met(const rb_bound *b)
{
    static const double NEAR = 2e-4, WARM = 4e-3;
    const double near = b->is_warming_up ? WARM : NEAR;
    const double lp = b->master.objective;

    if (!b->has_centre || b->master.missing > 1e-6)
        return false;
    return (double)b->out->upper - lp < near * fabs(lp)
        || floor_to_grain((rb_wide)floor(lp + 1e-7 * fabs(lp) + 1e-3),
                          b->m->grain)
        >= b->out->upper;
}

static gb_status price_round(rb_bound *b, rb_round_end *end)
{
    uint32_t n_new = 0;
    rb_price_end priced = RB_PRICE_DONE;
    gb_status status = GB_OK;

    /* Now and then a rough one: a bound early, a centre to blend with. */
    if (!b->is_exact
        && (b->out->n_rounds == 1 || b->out->n_rounds % ROUNDS_A_BOUND == 0)) {
        b->pricer.is_quick = true;
        status = rb_price_all(b, true, &n_new, &priced);
        b->pricer.is_quick = false;
        if (status)
            return status;
    }
    if (!b->is_exact) {
        status = rb_price_all(b, false, &n_new, &priced);
        if (status || (priced == RB_PRICE_DONE && n_new > 0))
            return status;
        b->is_exact = true;
    }
    if (priced != RB_PRICE_LATE)
        status = rb_price_all(b, true, &n_new, &priced);
    if (status)
        return status;
    if (priced != RB_PRICE_DONE) {
        *end = RB_ROUND_STUCK;
        return GB_OK;
    }
    if (rb_is_closed(b))
        *end = RB_ROUND_CLOSED;
    else if (has_met(b))
        *end = RB_ROUND_CONVERGED;
    else if (n_new == 0 && b->has_centre && b->blend > 0)
        b->blend = 0; /* the blend hid the routes that gain, if any */
    else if (n_new == 0 && b->pricer.can_try_harder)
        b->is_exact = true;
    else if (n_new == 0)
        *end = RB_ROUND_CONVERGED;
    else {
        b->blend = b->blend ? b->blend : RB_BLEND / 2;
        b->is_exact = n_new < 4;
    }
    return GB_OK;
}

static gb_status run_round(rb_bound *b, rb_round_end *end)
{
    gb_status status;

    *end = RB_ROUND_ON;
    rb_master_tidy(&b->master);
    status = rb_master_solve(b->run, &b->master, &b->wanted);
    if (status)
        return status;
    b->out->n_rounds++;
    if (b->run->is_late) {
        *end = RB_ROUND_STUCK;
        return GB_OK;
    }
    blend_duals(b);
    return price_round(b, end);
}

gb_status rb_converge(rb_bound *b, rb_round_end *end)
{
    gb_status status = GB_OK;

    do
        status = rb_is_over(b) ? GB_OK : run_round(b, end);
    while (status == GB_OK && *end == RB_ROUND_ON && !rb_is_over(b));
    if (rb_is_over(b) && *end == RB_ROUND_ON)
        *end = RB_ROUND_STUCK;
    return status;
}

