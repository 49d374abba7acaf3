/*
 * route_bound_plan.c - plans out of whole routes: see route_bound_state.h.
 */
#include "route_bound_state.h"

enum { ROUNDS_OF_DIVE = 30 /* of pricing, after each route that is fixed */ };

/* A few rounds of program and pricing with the routes fixed so far. */
static gb_status fit_routes(rb_bound *b)
{
    for (uint32_t i = 0; i < ROUNDS_OF_DIVE && !b->run->is_late; i++) {
        uint32_t n_new;
        rb_price_end end;
        gb_status status = rb_master_solve(b->run, &b->master, &b->wanted);

        if (status == GB_OK && !b->run->is_late) {
            rb_copy_duals(b->m, &b->used, &b->wanted);
            b->pricer.is_near = true;
            status = rb_price_all(b, false, &n_new, &end);
            b->pricer.is_near = false;
        }
        if (status || b->run->is_late || end != RB_PRICE_DONE || n_new == 0)
            return status;
    }
    return b->run->is_late
        ? GB_OK
        : rb_master_solve(b->run, &b->master, &b->wanted);
}

/* Fix route after route, with new ones that suit those fixed. */
static gb_status dive(rb_bound *b, bool *is_whole)
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
gb_status rb_make_plan(rb_bound *b)
{
    const int64_t before = b->known->value_milli;
    uint8_t *chosen;
    bool is_whole;
    gb_status status;

    if (!b->plan || rb_is_closed(b) || b->run->is_late)
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
    if (status == GB_OK && b->known->value_milli > before)
        status = rb_take_known(b);
    return status;
}

