/*
 * route_replan_search.c - see route_replan.h: what the budget buys.
 *
 * A plan is changed in few places, filled up there, and kept when it is worth
 * more and nobody's change is one too many.  Nothing worse is ever kept, so
 * the answer is at least the repaired plan.
 */
#include "route_replan.h"

#include <string.h>

enum {
    MOST_AT_A_TIME = 4, /* clients taken out, or let off */
    MOST_OFFERED = 24   /* unserved clients offered to a route, each time */
};

static uint32_t below(route_replan *r, uint32_t bound)
{
    return (uint32_t)base_rng_below(&r->rng, bound);
}

/* --- counting --- */

/* When the clients of v are served, as it is told. */
static void tell_times(route_replan *r, const route_plan *plan, uint32_t v,
                       int32_t *start_s)
{
    const route_tour *tour = &plan->tours[v];
    gb_route_totals totals;

    if (tour->behind_last == 0)
        return;
    memset(&totals, 0, sizeof totals);
    route_result_schedule(&r->data, tour, r->stops, &totals);
    for (uint32_t i = 0; i < tour->n_items; i++)
        if (!route_is_break(tour->items[i]))
            start_s[tour->items[i]] = r->stops[i].start_s;
}

static bool is_counted(const route_replan *r, const route_plan *plan,
                       const int32_t *start_s, uint32_t c)
{
    const route_changes *k = r->changes;
    const uint32_t v = plan->tour_of[c];
    int32_t moved_s;

    if (k->is_forced[c] || (v == GB_ROUTE_NONE && v == r->was_vehicle[c]))
        return false;
    if (v != r->was_vehicle[c])
        return true;
    moved_s = start_s[c] - r->was_s[c];
    return k->tolerance_s >= 0
        && (moved_s > k->tolerance_s || moved_s < -k->tolerance_s);
}

static uint32_t count_changes(const route_replan *r, const route_plan *plan,
                              const int32_t *start_s)
{
    uint32_t n = 0;

    for (uint32_t c = 0; c < r->data.n_clients; c++)
        n += is_counted(r, plan, start_s, c);
    return n;
}

/* Is nobody out whom the lock holds? */
static bool keeps_lock(const route_replan *r, const route_plan *plan)
{
    const route_changes *k = r->changes;

    for (uint32_t c = 0; k->lock != GB_ROUTE_LOCK_NONE && c < r->data.n_clients;
         c++)
        if (r->was_vehicle[c] != GB_ROUTE_NONE
            && plan->tour_of[c] == GB_ROUTE_NONE && !k->is_gone[c]
            && r->plan.tour_of[c] != GB_ROUTE_NONE)
            return false;
    return true;
}

/* --- filling up --- */

/* Unserved clients between the others, who keep their promises. */
static gb_status fill(route_replan *r)
{
    uint32_t n = 0, n_counted = count_changes(r, &r->plan, r->start_s);
    gb_status status = GB_OK;

    for (uint32_t c = 0; c < r->data.n_clients; c++)
        if (r->plan.tour_of[c] == GB_ROUTE_NONE && !r->changes->is_gone[c]
            && !r->changes->is_forced[c]) {
            route_replan_choice choice = { .vehicle = GB_ROUTE_NONE };

            for (uint32_t v = 0; v < r->data.n_vehicles; v++)
                (void)route_replan_gap(r, &r->plan, v, c, &choice);
            if (route_replan_pays(&r->data, c, &choice))
                r->offers[n++] = c;
        }
    route_replan_sort(&r->data, r->offers, n);
    for (uint32_t i = 0; i < n && n_counted < r->max_changes
         && status == GB_OK;
         i++) {
        uint32_t v;

        if (route_replan_place(r, &r->plan, r->offers[i], NULL, &v)) {
            tell_times(r, &r->plan, v, r->start_s);
            n_counted++;
        }
        status = base_poll_many(r->run, 16);
    }
    return status;
}

/* --- a trial --- */

static void copy_touched(route_replan *r, route_plan *to,
                         const route_plan *from)
{
    route_plan_copy(to, from, r->touched);
    memset(r->touched, 0, r->data.n_vehicles);
}

static void let_off(route_replan *r, uint32_t c)
{
    if (!r->is_released[c] && r->changes->promised[c].n > 0) {
        route_replan_release(r, c);
        r->let_off[r->n_let_off++] = c;
    }
}

/* Take up to n clients of v out, from item `from` on or all over. */
static bool take_out(route_replan *r, uint32_t v, uint32_t from, uint32_t n,
                     bool is_string)
{
    const route_tour *tour = &r->trial.tours[v];
    uint32_t count = 0, n_taken = 0;

    for (uint32_t i = 0; i < tour->n_items; i++) {
        const uint32_t item = tour->items[i];

        if (i < tour->n_frozen || i < from || n_taken == n
            || route_is_break(item) || (!is_string && below(r, 2))) {
            r->list[count++] = item;
            continue;
        }
        n_taken++;
        r->removed[r->n_removed++] = item;
        let_off(r, item);
    }
    r->touched[v] = 1;
    return n_taken == 0 || route_plan_set(&r->trial, v, r->list, count);
}

/* Let up to n clients of v, from item `from` on, off their promise. */
static bool loosen(route_replan *r, uint32_t v, uint32_t from, uint32_t n)
{
    const route_tour *tour = &r->trial.tours[v];

    for (uint32_t i = from; i < tour->n_items && n > 0; i++)
        if (i >= tour->n_frozen && !route_is_break(tour->items[i])) {
            let_off(r, tour->items[i]);
            n--;
        }
    memcpy(r->list, tour->items, tour->n_items * sizeof *r->list);
    r->touched[v] = 1;
    return route_plan_set(&r->trial, v, r->list, tour->n_items);
}

/* A client that waits for a place and must have one; NONE: there is none. */
static uint32_t draw_wanted(route_replan *r)
{
    uint32_t n = 0, chosen = GB_ROUTE_NONE;

    for (uint32_t c = 0; c < r->data.n_clients; c++)
        if (r->trial.tour_of[c] == GB_ROUTE_NONE && !r->changes->is_gone[c]
            && r->data.clients[c].is_must && below(r, ++n) == 0)
            chosen = c;
    return chosen;
}

static uint32_t draw_vehicle(route_replan *r, uint32_t wanted)
{
    uint32_t n = 0, chosen = GB_ROUTE_NONE;

    for (uint32_t v = 0; v < r->data.n_vehicles; v++) {
        const route_tour *tour = &r->trial.tours[v];

        if (tour->behind_last > tour->n_frozen
            && (wanted == GB_ROUTE_NONE
                || route_may_serve(&r->data, v, wanted))
            && below(r, ++n) == 0)
            chosen = v;
    }
    return chosen;
}

static bool disturb(route_replan *r, uint32_t wanted)
{
    const uint32_t most = r->max_changes < MOST_AT_A_TIME ? r->max_changes
                                                          : MOST_AT_A_TIME;
    const uint32_t n = 1 + below(r, most);
    const uint32_t v = draw_vehicle(r, wanted);
    const uint32_t kind
        = r->changes->lock == GB_ROUTE_LOCK_ALL ? 0 : below(r, 4);
    const route_tour *tour;
    uint32_t from;

    if (v == GB_ROUTE_NONE)
        return false;
    tour = &r->trial.tours[v];
    from = tour->n_frozen + below(r, tour->n_items - tour->n_frozen);
    if (kind == 0)
        return loosen(r, v, from, n);
    if (kind == 3 && n > 1) {
        const uint32_t w = draw_vehicle(r, wanted);

        if (w != v && !take_out(r, w, 0, n / 2, false))
            return false;
        return take_out(r, v, 0, n - n / 2, false);
    }
    return take_out(r, v, kind == 1 ? from : 0, n, kind == 1);
}

/* Those taken out and some who were not in, in a drawn order. */
static void list_offers(route_replan *r)
{
    const uint32_t n = r->data.n_clients, first = n ? below(r, n) : 0;
    uint32_t n_new = 0;

    r->n_offers = 0;
    for (uint32_t i = 0; i < r->n_removed; i++)
        r->offers[r->n_offers++] = r->removed[i];
    for (uint32_t i = 0; i < n && n_new < MOST_OFFERED; i++) {
        const uint32_t c = first + i < n ? first + i : first + i - n;
        bool is_taken_out = false;

        for (uint32_t j = 0; j < r->n_removed; j++)
            is_taken_out |= r->removed[j] == c;
        if (r->trial.tour_of[c] != GB_ROUTE_NONE || r->changes->is_gone[c]
            || is_taken_out || below(r, 4) == 0)
            continue;
        r->offers[r->n_offers++] = c;
        n_new++;
    }
    if (below(r, 2))
        route_replan_sort(&r->data, r->offers, r->n_offers);
    else
        base_rng_shuffle(&r->rng, r->offers, r->n_offers);
}

static void offer(route_replan *r, uint32_t c, bool is_everywhere)
{
    uint32_t v;

    if (r->trial.tour_of[c] == GB_ROUTE_NONE
        && route_replan_place(r, &r->trial, c,
                              is_everywhere ? NULL : r->touched, &v))
        r->touched[v] = 1;
}

static void fill_trial(route_replan *r, uint32_t wanted)
{
    if (wanted != GB_ROUTE_NONE)
        offer(r, wanted, false);
    list_offers(r);
    for (uint32_t i = 0; i < r->n_offers; i++)
        offer(r, r->offers[i], r->was_vehicle[r->offers[i]] != GB_ROUTE_NONE
                                   && r->plan.tour_of[r->offers[i]]
                                       != GB_ROUTE_NONE);
}

/* Is the trial worth more, and within the budget? */
static bool is_better(route_replan *r)
{
    const route_worth trial = route_replan_worth(r, &r->trial);
    const route_worth best = route_replan_worth(r, &r->plan);

    if (route_worth_compare(&trial, &best) <= 0 || !keeps_lock(r, &r->trial))
        return false;
    for (uint32_t v = 0; v < r->data.n_vehicles; v++)
        if (r->touched[v])
            tell_times(r, &r->trial, v, r->trial_start_s);
    return count_changes(r, &r->trial, r->trial_start_s) <= r->max_changes;
}

static void try_once(route_replan *r)
{
    const uint32_t wanted = draw_wanted(r);

    r->n_removed = r->n_let_off = 0;
    if (disturb(r, wanted)) {
        fill_trial(r, wanted);
        if (is_better(r)) {
            for (uint32_t c = 0; c < r->data.n_clients; c++)
                r->start_s[c] = r->trial_start_s[c];
            copy_touched(r, &r->plan, &r->trial);
            return;
        }
    }
    while (r->n_let_off > 0)
        route_replan_promise(r, r->let_off[--r->n_let_off]);
    copy_touched(r, &r->trial, &r->plan);
    for (uint32_t c = 0; c < r->data.n_clients; c++)
        r->trial_start_s[c] = r->start_s[c];
}

gb_status route_replan_improve(route_replan *r)
{
    gb_status status;

    for (uint32_t v = 0; v < r->data.n_vehicles; v++)
        tell_times(r, &r->plan, v, r->start_s);
    if (r->max_changes == 0 || r->data.n_clients == 0)
        return GB_OK;
    status = fill(r);
    memcpy(r->trial_start_s, r->start_s,
           r->data.n_clients * sizeof *r->start_s);
    route_plan_copy(&r->trial, &r->plan, NULL);
    for (; r->iterations < r->max_iterations && status == GB_OK;
         r->iterations++) {
        status = base_poll_many(r->run, 16);
        if (status || r->run->is_late)
            break;
        try_once(r);
    }
    return status;
}
