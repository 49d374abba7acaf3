/*
 * route_bound.c - see route_bound_solve.h.
 *
 * A round solves the program over the routes known, takes its multipliers,
 * blended with the best ones so far, and looks for routes that gain against
 * them.  When labels find the best route exactly, the multipliers give a
 * bound, whatever they are.  When no route gains any more, the routes with
 * circles show whom to remember, then cuts are looked for.
 */
#include <string.h>

#include "route_bound_state.h"

enum {
    FIRST_NEAR = 8,   /* ng-neighbours to begin with */
    ROUNDS_A_PLAN = 3 /* of cuts */
};

gb_status rb_take_known(rb_bound *b)
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

/* What a visit brings at most, if it is made only where it brings something
 * or has to be: multipliers against which no route gains anything. */
static int64_t trivial_dual(const rb_model *m, const rb_customer *customer)
{
    if (!customer->can_visit)
        return 0;
    if (m->counts_musts)
        return 1000 * (int64_t)customer->musts;
    return customer->most_net_milli > 0
            || (customer->is_must && !customer->has_patterns)
        ? customer->most_net_milli
        : 0;
}

/* All of them: a bound that needs no pricing. */
static void take_trivial(rb_bound *b)
{
    rb_wide sum = 0;

    for (uint32_t u = 0; u < b->m->n_customers; u++) {
        const rb_customer *customer = &b->m->customers[u];

        sum += (rb_wide)(customer->has_patterns ? customer->n_visits : 1)
            * trivial_dual(b->m, customer);
    }
    b->out->upper = INT64_MAX;
    (void)rb_take_bound(b, sum);
    b->out->is_trivial = true;
}

static gb_status strengthen(rb_bound *b, rb_round_end *end)
{
    gb_status status = GB_OK;

    for (uint32_t i = 1; status == GB_OK && *end == RB_ROUND_CONVERGED; i++) {
        uint32_t n_new = 0;

        if (rb_is_over(b))
            break;
        /* Plans and cuts in between have moved the program. */
        status = rb_master_solve(b->run, &b->master, &b->wanted);
        if (status == GB_OK && !b->run->is_late)
            status = rb_find_cuts(b, &n_new);
        if (status || n_new == 0)
            break;
        b->is_exact = false;
        b->blend = RB_BLEND / 2;
        status = rb_converge_whole(b, end);
        if (status == GB_OK && i % ROUNDS_A_PLAN == 0)
            status = rb_make_plan(b);
        if (rb_is_closed(b))
            *end = RB_ROUND_CLOSED;
    }
    return status;
}

static gb_status raise_penalty(rb_bound *b, rb_round_end *end)
{
    gb_status status = GB_OK;

    for (uint32_t i = 0; i < 3 && status == GB_OK && *end == RB_ROUND_CONVERGED
         && b->master.missing > 1e-6;
         i++) {
        b->master.penalty *= 8;
        status = rb_converge_whole(b, end);
    }
    b->out->misses_musts = b->master.missing > 1e-6;
    return status;
}

static gb_status bound_it(rb_bound *b)
{
    rb_round_end end = RB_ROUND_ON;
    gb_status status = rb_take_known(b);

    b->is_warming_up = rb_can_tighten(b);
    if (status == GB_OK)
        status = rb_converge_whole(b, &end);
    if (status == GB_OK)
        status = raise_penalty(b, &end);
    if (status == GB_OK)
        status = rb_tighten(b, &end);
    b->out->root_upper = b->out->upper;
    b->out->is_converged = end == RB_ROUND_CONVERGED;
    if (status == GB_OK)
        status = rb_make_plan(b);
    if (status == GB_OK)
        status = rb_close(b);
    if (rb_is_closed(b))
        end = RB_ROUND_CLOSED;
    if (status == GB_OK)
        status = strengthen(b, &end);
    return status;
}

/* The multipliers of the trivial bound: far from wild, as the program's are at
 * first. */
static void begin_centre(rb_bound *b)
{
    for (uint32_t u = 0; u < b->m->n_customers; u++) {
        const rb_customer *customer = &b->m->customers[u];
        const uint32_t n = customer->has_patterns ? b->m->n_days : 1;

        for (uint32_t d = 0; d < n; d++)
            b->centre.rows[customer->row + d]
                = trivial_dual(b->m, customer);
    }
    b->has_centre = true;
}

static gb_status begin_bound(rb_bound *b, int64_t most_milli)
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
    b->blend = RB_BLEND / 2;
    b->wanted.rows
        = base_alloc_zeroed(m->mem, m->n_rows, sizeof(int64_t));
    b->centre.rows
        = base_alloc_zeroed(m->mem, m->n_rows, sizeof(int64_t));
    b->used.rows = base_alloc_zeroed(m->mem, m->n_rows, sizeof(int64_t));
    b->centre_best
        = base_alloc_zeroed(m->mem, m->n_kinds, sizeof *b->centre_best);
    b->used_best
        = base_alloc_zeroed(m->mem, m->n_kinds, sizeof *b->used_best);
    b->order = base_alloc_array(m->mem, 2 * (size_t)m->n_customers,
                                sizeof *b->order);
    b->is_taken = base_alloc_zeroed(m->mem, m->n_customers, 1);
    if (!b->is_taken || !b->wanted.rows || !b->centre.rows || !b->used.rows || !b->order
        || !b->centre_best || !b->used_best)
        return base_fail_nomem(ctx);
    begin_centre(b);
    return GB_OK;
}

static void end_bound(rb_bound *b)
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
    base_free(mem, b->centre_best);
    base_free(mem, b->used_best);
    base_free(mem, b->order);
    base_free(mem, b->is_taken);
    base_array_clear(mem, &b->stops);
}

gb_status rb_solve(base_run *run, const rb_model *m,
                   const gb_route_bound_options *options, int64_t most_milli,
                   rb_known *known, rb_plan_fn plan, void *user,
                   rb_outcome *out)
{
    rb_bound b = { .run = run, .m = m, .options = options, .known = known,
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
