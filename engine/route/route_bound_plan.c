/*
 * route_bound_plan.c - plans out of whole routes: see route_bound_state.h.
 */
#include <string.h>

#include "route_bound_state.h"

enum {
    ROUNDS_OF_DIVE = 30, /* of pricing, after each route that is fixed */
    ROUNDS_OF_BOLD = 12, /* likewise, before any is fixed, while they bring */
    MANY_COLUMNS = 10,
    FEW_COLUMNS = 4
};

/* Nobody goes to those whom a fixed route visits: to the program that may
 * cost nothing, and would bring routes that it cannot take. */
static void mark_taken(rb_bound *b)
{
    const rb_master *t = &b->master;

    memset(b->is_taken, 0, b->m->n_customers);
    for (size_t c = 0; c < t->columns.n; c++) {
        const rb_column *column = &t->columns.items[c];

        for (uint32_t i = 0; i < column->n && column->is_fixed; i++)
            b->is_taken[t->stops.items[column->first + i]]
                = !b->m->customers[t->stops.items[column->first + i]]
                       .has_patterns;
    }
    b->pricer.is_taken = b->is_taken;
}

/* Routes without proof, around those that are fixed. */
static gb_status price_around(rb_bound *b, uint32_t *n_new, rb_price_end *end)
{
    gb_status status;

    mark_taken(b);
    b->pricer.is_near = !b->pricer.wants_strict;
    status = rb_price_all(b, false, n_new, end);
    b->pricer.is_near = false;
    b->pricer.is_taken = NULL;
    return status;
}

/* A few rounds of program and pricing with the routes fixed so far.  Where a
 * pricing takes long: the multipliers of a program with few routes are wild,
 * those of the best bound tell better what a customer is worth. */
static gb_status fit_routes(rb_bound *b)
{
    const uint32_t few = b->pricer.wants_strict ? FEW_COLUMNS : 1;

    b->blend = b->pricer.wants_strict ? RB_BLEND * 3 / 4 : 0;
    for (uint32_t i = 0; i < ROUNDS_OF_DIVE && !b->run->is_late; i++) {
        uint32_t n_new = 0;
        rb_price_end end = RB_PRICE_DONE;
        gb_status status = rb_master_solve(b->run, &b->master, &b->wanted);

        if (status == GB_OK && !b->run->is_late) {
            rb_blend_duals(b);
            status = price_around(b, &n_new, &end);
        }
        if (status || b->run->is_late || end != RB_PRICE_DONE || n_new == 0)
            return status;
        if (n_new < few)
            break;
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

/* Columns as they are driven, and more of them while there are many: the
 * labels of a proof stand for more than there is. */
static gb_status fit_boldly(rb_bound *b)
{
    gb_status status = GB_OK;
    uint32_t n_new = MANY_COLUMNS;

    rb_revalue(b);
    b->master.has_moved = true;
    b->blend = 0;
    for (uint32_t i = 0; i < ROUNDS_OF_BOLD && n_new >= MANY_COLUMNS
         && !b->run->is_late && status == GB_OK;
         i++) {
        rb_price_end end = RB_PRICE_DONE;

        n_new = 0;
        status = rb_master_solve(b->run, &b->master, &b->wanted);
        if (status || b->run->is_late)
            break;
        rb_blend_duals(b);
        b->pricer.is_near = true;
        status = rb_price_all(b, false, &n_new, &end);
        b->pricer.is_near = false;
    }
    return status;
}

static gb_status find_routes(rb_bound *b, bool *is_whole)
{
    const int32_t blend = b->blend;
    gb_status status = GB_OK;

    *is_whole = false;
    b->pricer.wants_bold = b->pricer.wants_strict;
    if (b->pricer.wants_strict)
        status = fit_boldly(b);
    if (status == GB_OK && !b->run->is_late)
        status = dive(b, is_whole);
    rb_master_release(&b->master);
    b->pricer.wants_bold = false;
    b->blend = blend;
    return status;
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
    status = find_routes(b, &is_whole);
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

