/*
 * route_bound_round.c - rounds of program and pricing: see route_bound_state.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "route_bound_state.h"

enum {
    COLUMNS_A_KIND = 60, /* taken from one pricing */
    LEAST_BLEND = 16,
    FEW_COLUMNS = 4,
    SEARCH_AFTER = 16,   /* this part of the time */
    ROUNDS_A_BOUND = 10  /* at most between two exact pricings */
};

void rb_copy_duals(const rb_model *m, rb_duals *to, const rb_duals *from)
{
    memcpy(to->rows, from->rows, m->n_rows * sizeof *to->rows);
    memcpy(to->cuts, from->cuts, sizeof to->cuts);
}

void rb_blend_duals(rb_bound *b)
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

/* The joint's route, with what it is worth by itself: what it gains, less what
 * others put in. */
static gb_status read_joint(rb_bound *b, uint32_t kind, const rb_joint *joint,
                            rb_column *column)
{
    rb_master *t = &b->master;

    b->stops.n = 0;
    if (!rb_joint_stops(&b->pricer, joint, &b->stops)
        || !base_array_reserve(t->mem, &t->stops, b->stops.n))
        return base_fail_nomem(b->run->ctx);
    memcpy(t->stops.items + t->stops.n, b->stops.items,
           b->stops.n * sizeof *t->stops.items);
    *column = (rb_column){ .first = t->stops.n, .n = (uint32_t)b->stops.n,
                           .kind = kind };
    column->value = joint->value - rb_master_gain(t, column, &b->used);
    return GB_OK;
}

/* Take the joint's route when it gains against the program's multipliers. */
static gb_status take_joint(rb_bound *b, uint32_t kind, const rb_joint *joint,
                            bool *is_new)
{
    rb_master *t = &b->master;
    rb_column column;
    const gb_status status = read_joint(b, kind, joint, &column);

    *is_new = false;
    if (status)
        return status;
    if (rb_master_gain(t, &column, &b->wanted) - t->kind_duals[kind]
        <= b->m->grain / 1000)
        return GB_OK;
    if (!rb_master_add(t, kind, b->stops.items, column.n, column.value,
                       is_new))
        return base_fail_nomem(b->run->ctx);
    return GB_OK;
}

static gb_status take_joints(rb_bound *b, uint32_t kind, uint32_t *n_new)
{
    rb_pricer *p = &b->pricer;
    uint32_t n = 0, taken = 0;

    for (uint32_t i = 0; i < 2 * p->graph.n; i++)
        if (p->joints[i].value > 0)
            b->order[n++] = p->joints[i];
    qsort(b->order, n, sizeof *b->order, compare_joints);
    for (uint32_t i = 0; i < n && taken < COLUMNS_A_KIND; i++) {
        bool is_new;
        gb_status status;

        if (i > 0 && compare_joints(&b->order[i - 1], &b->order[i]) == 0)
            continue;
        status = take_joint(b, kind, &b->order[i], &is_new);

        if (status)
            return status;
        taken += is_new;
    }
    *n_new += taken;
    if (p->is_exact && !p->is_quick && taken == 0 && !p->efforts[kind].is_sure)
        (void)rb_try_harder(p, kind);
    return GB_OK;
}

/* The most that a route we have of this kind gains against the blend; none of
 * those that are fixed, or that no plan can have. */
static int64_t best_known(const rb_bound *b, uint32_t kind)
{
    int64_t best = 0;

    for (size_t c = 0; c < b->master.columns.n; c++) {
        const rb_column *column = &b->master.columns.items[c];
        const bool is_out = b->master.is_diving
            && (column->is_fixed || column->is_bad);
        const int64_t gain = column->kind == kind && !is_out
            ? rb_master_gain(&b->master, column, &b->used)
            : 0;

        if (gain > best)
            best = gain;
    }
    return best;
}

/* Whether all vehicles of a kind have a fixed route. */
static bool is_spent(const rb_bound *b, uint32_t kind)
{
    uint32_t n = 0;

    for (size_t c = 0; c < b->master.columns.n; c++)
        n += b->master.columns.items[c].is_fixed
            && b->master.columns.items[c].kind == kind;
    return n >= b->m->kinds[kind].count;
}

/* All kinds against the blend.  Exactly: a bound, unless *end says otherwise. */
gb_status rb_price_all(rb_bound *b, bool is_exact, uint32_t *n_new,
                           rb_price_end *end)
{
    rb_wide sum = rb_master_offset(&b->master, &b->used);

    *n_new = 0;
    *end = RB_PRICE_DONE;
    b->has_moved = false;
    for (uint32_t k = 0; k < b->m->n_kinds; k++) {
        const int64_t known = is_exact || b->pricer.wants_bold
            ? best_known(b, k)
            : 0;
        int64_t best;
        gb_status status;

        if (b->master.is_diving && is_spent(b, k))
            continue;
        status = rb_price(b->run, &b->pricer, k, &b->used, b->master.cuts,
                          b->master.n_cuts, is_exact, known, end, &best);
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
        b->has_centre = b->has_moved = true;
    }
    return GB_OK;
}

/* --- rounds ---------------------------------------------------------------- */

bool rb_is_over(const rb_bound *b)
{
    return b->run->is_late || b->out->n_rounds >= b->options->max_rounds;
}

/* Whether strict labels of some kind stand for more than there is. */
static bool has_spans(const rb_bound *b)
{
    for (uint32_t k = 0; k < b->m->n_kinds; k++)
        if (b->pricer.efforts[k].is_strict && b->pricer.efforts[k].slack > 0)
            return true;
    return false;
}

/* The program has come so near to the bound that rounds are better spent
 * elsewhere, or cannot let it fall to the next value below. */
static bool has_met(const rb_bound *b)
{
    static const double NEAR = 2e-4, WARM = 4e-3;
    const double near
        = b->is_warming_up || has_spans(b) ? WARM : NEAR;
    const double lp = b->master.objective;

    const int64_t floor_lp = floor_to_grain(
        (rb_wide)floor(lp + 1e-7 * fabs(lp) + 1e-3), b->m->grain);

    if (!b->has_centre || b->master.missing > 1e-6)
        return false;
    if (floor_lp >= b->out->upper)
        return true;
    /* Where the program comes down to the plan, it is worth the rest. */
    if (b->known->has_plan && b->known->musts >= b->m->n_musts
        && floor_lp <= b->known->value_milli)
        return false;
    return (double)b->out->upper - lp < near * fabs(lp);
}

/* Now and then a bound, whatever it is: a centre to blend with.  Without
 * waits on purpose it would be none better than the one that there is. */
static gb_status price_quickly(rb_bound *b, rb_price_end *priced)
{
    const uint64_t round = b->out->n_rounds;
    uint32_t n_new;
    gb_status status;

    if (b->is_exact || (round > 1 && round % ROUNDS_A_BOUND)
        || b->pricer.wants_strict)
        return GB_OK;
    b->pricer.is_quick = true;
    status = rb_price_all(b, true, &n_new, priced);
    b->pricer.is_quick = false;
    return status;
}

/* Routes without proof: to who is close first, then to all.  Strict ones only
 * while columns have lost worth and others are wanted: then those of a proof
 * are fewer, and bring more. */
static gb_status price_roughly(rb_bound *b, uint32_t *n_new,
                               rb_price_end *priced)
{
    gb_status status;

    if (b->pricer.wants_strict && !b->has_lost)
        return GB_OK;
    b->pricer.is_near = true;
    status = rb_price_all(b, false, n_new, priced);
    b->pricer.is_near = false;
    b->has_lost = b->has_lost && *n_new >= FEW_COLUMNS;
    if (status == GB_OK && *priced == RB_PRICE_DONE && *n_new < FEW_COLUMNS
        && !b->pricer.wants_strict)
        status = rb_price_all(b, false, n_new, priced);
    return status;
}

/* More labels or shorter spans for all kinds; false: that is all there is. */
static bool try_harder(rb_bound *b)
{
    bool is_harder = false;

    for (uint32_t k = 0; k < b->m->n_kinds; k++)
        is_harder |= rb_try_harder(&b->pricer, k);
    if (is_harder && b->pricer.wants_strict) {
        rb_revalue(b);
        b->is_exact = false;
        b->blend = RB_BLEND / 2;
    }
    return is_harder;
}

/* What an exact pricing with so many new routes tells. */
static void judge(rb_bound *b, uint32_t n_new, rb_round_end *end)
{
    const bool is_blend = b->has_centre && b->blend > 0;

    if (rb_is_closed(b)) {
        *end = RB_ROUND_CLOSED;
    } else if (has_met(b)) {
        if (!has_spans(b) || !try_harder(b))
            *end = RB_ROUND_CONVERGED;
    } else if (n_new > 0) {
        b->blend = b->blend ? b->blend : RB_BLEND / 2;
        b->is_exact = n_new < FEW_COLUMNS;
    } else if (is_blend && !b->has_moved) {
        /* It hid the routes that gain, if any. */
        b->blend = b->blend > LEAST_BLEND ? b->blend / 4 : 0;
    } else if (!is_blend && !try_harder(b)) {
        *end = RB_ROUND_CONVERGED;
    }
}

static gb_status price_round(rb_bound *b, rb_round_end *end)
{
    uint32_t n_new = 0;
    rb_price_end priced = RB_PRICE_DONE;
    gb_status status = price_quickly(b, &priced);

    if (status)
        return status;
    if (!b->is_exact && priced != RB_PRICE_LATE) {
        status = price_roughly(b, &n_new, &priced);
        if (status || (priced == RB_PRICE_DONE && n_new >= FEW_COLUMNS))
            return status;
        b->is_exact = true;
    }
    if (priced != RB_PRICE_LATE)
        status = rb_price_all(b, true, &n_new, &priced);
    if (status == GB_OK && priced != RB_PRICE_DONE)
        *end = RB_ROUND_STUCK;
    else if (status == GB_OK)
        judge(b, n_new, end);
    return status;
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
    rb_blend_duals(b);
    status = price_round(b, end);
    return status;
}

/* A better plan is the cheapest way to a smaller gap, unless the day is closed
 * in no time. */
static gb_status search_anew(rb_bound *b)
{
    const double limit_s = (double)b->options->time_limit_ms / 1000;
    const int64_t before = b->known->value_milli;
    gb_status status;

    if (b->has_searched || !b->plan || limit_s <= 0
        || base_run_elapsed_s(b->run) < limit_s / SEARCH_AFTER)
        return GB_OK;
    b->has_searched = true;
    status = b->plan(b->user, NULL, NULL, b->known);
    return status == GB_OK && b->known->has_plan
            && b->known->value_milli > before
        ? rb_take_known(b)
        : status;
}

gb_status rb_converge(rb_bound *b, rb_round_end *end)
{
    gb_status status = GB_OK;

    do {
        if (!rb_is_over(b))
            status = search_anew(b);
        if (status == GB_OK && !rb_is_over(b))
            status = run_round(b, end);
    } while (status == GB_OK && *end == RB_ROUND_ON && !rb_is_over(b));
    if (rb_is_over(b) && *end == RB_ROUND_ON)
        *end = RB_ROUND_STUCK;
    return status;
}

