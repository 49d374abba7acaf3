/*
 * route_reason.c - why a client is not served: it cannot be, even alone
 * (route_alone.h); or it would have to push others out (route_displace.c); or
 * it costs more than it brings.
 *
 * The work is counted, in items driven, and shared out: a client that has
 * many gaps and many who could make way for it takes no more than its share of
 * what is left, and is then told that the answer is rough.
 */
#include "route_result.h"

#include <string.h>

#include "route_alone.h"

enum {
    MOST_WORK = 6000000, /* items driven for all reasons: a tenth of a second */
    LEAST_WORK = 500,    /* for each client */
    LATE_WORK = 500000,  /* the same where the time is up */
    LATE_LEAST = 200
};

/* How long reasons are looked into behind a deadline: seconds of the
 * processor, as other work must not cost anybody his reason. */
static const double SPARE_S = 0.02;

static const double ITEM_S = 2e-8; /* of an item driven, some */

static void tell_displaced(const route_plan *plan,
                           const route_displacement *d,
                           gb_route_reason *reason)
{
    const route_tour *tour = &plan->tours[d->vehicle];
    int64_t most = -1;

    reason->displaced_vehicle = d->vehicle;
    reason->displaced_first = d->first;
    reason->n_displaced = d->n;
    reason->gain_milli = d->change.value_milli;
    for (uint32_t i = d->first; i < d->first + d->n; i++) {
        const int64_t prize
            = tour->states[i + 1].prize - tour->states[i].prize;

        if (route_is_break(tour->items[i]))
            continue;
        reason->displaced_prize += prize;
        if (prize > most) {
            most = prize;
            reason->displaced_client = tour->items[i];
        }
    }
    reason->prize = d->end.prize - tour->end.prize + reason->displaced_prize;
}

/* --- between the others --- */

/* What client c adds at the gap in seconds and metres, time limits aside. */
static bool detour(const route_data *data, const route_tour *tour,
                   uint32_t gap, uint32_t c, int64_t *extra_s,
                   int64_t *extra_m)
{
    const route_client *client = &data->clients[c];
    const route_vehicle *vehicle = tour->vehicle;
    const uint32_t from = tour->states[gap].location;
    const uint32_t place = tour->states[gap].place;
    uint32_t next = gap, to, old_s, to_place = GB_ROUTE_NONE;
    int32_t access_s = 0;

    while (next < tour->behind_last && route_is_break(tour->items[next]))
        next++;
    to = vehicle->end;
    if (next < tour->behind_last) {
        to = data->clients[tour->items[next]].location;
        to_place = data->clients[tour->items[next]].place;
        access_s = data->clients[tour->items[next]].access_s;
    }
    if (route_leg_s(data, vehicle, from, client->location)
            == GB_ROUTE_UNREACHABLE
        || route_leg_s(data, vehicle, client->location, to)
            == GB_ROUTE_UNREACHABLE)
        return false;
    old_s = (uint32_t)(tour->behind_last > 0
                           ? route_leg_s(data, vehicle, from, to)
                           : 0);
    *extra_s = (int64_t)route_leg_s(data, vehicle, from, client->location)
        + route_leg_s(data, vehicle, client->location, to)
        + client->service_s
        + (client->place != place ? client->access_s : 0)
        + (to_place != client->place ? access_s : 0)
        - (to_place != place ? access_s : 0) - (int64_t)old_s;
    *extra_m = (int64_t)route_leg_m(data, vehicle, from, client->location)
        + route_leg_m(data, vehicle, client->location, to)
        - (tour->behind_last > 0 ? route_leg_m(data, vehicle, from, to) : 0);
    return true;
}

/* Would its bundle be whole with c on the day of v? */
static bool is_whole(const route_plan *plan, uint32_t v, uint32_t c)
{
    const uint32_t b = plan->data->clients[c].bundle;

    return b == GB_ROUTE_NONE
        || route_bundle_holds(plan->data, b,
                              plan->bundle_days[b]
                                  | UINT64_C(1)
                                      << plan->data->vehicles[v].day);
}

/* The cheapest insertion, and whether it or any other can be driven. */
static bool look_for_gap(const route_plan *plan, uint32_t c, uint64_t *work,
                         gb_route_reason *reason)
{
    const route_data *data = plan->data;
    int64_t least_s = INT64_MAX;
    route_worth best = { 0, 0, 0, 0 };
    bool is_found = false;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];
        uint32_t first = tour->n_frozen, last = tour->n_items;
        bool may;

        if (!route_may_serve(data, v, c))
            continue;
        may = route_plan_may_insert(plan, v, c) && is_whole(plan, v, c)
            && route_plan_gaps(plan, v, c, GB_ROUTE_NONE, &first, &last);
        for (uint32_t p = tour->n_frozen; p <= tour->n_items; p++) {
            int64_t extra_s, extra_m;
            int32_t detour_s;
            route_worth change = { 0, 0, 0, 0 };
            route_end end;
            bool fits;

            if (!detour(data, tour, p, c, &extra_s, &extra_m))
                continue;
            fits = may && p >= first && p <= last
                && tour->states[p].clock_s < ROUTE_NEVER
                && route_tour_fits(data, tour, p, c, &detour_s)
                && (!is_found || *work > 0);
            if (fits) {
                *work -= *work < tour->n_items ? *work : tour->n_items;
                fits = route_tour_price(data, tour, p, c, &end);
            }
            if (fits)
                change = route_plan_change(plan, v, &end, GB_ROUTE_NONE,
                                           NULL);
            if (fits ? is_found && route_worth_compare(&change, &best) <= 0
                     : is_found || extra_s >= least_s)
                continue;
            least_s = extra_s;
            reason->vehicle = v;
            reason->position = p;
            reason->extra_s = (int32_t)extra_s;
            reason->extra_m = (int32_t)extra_m;
            if (fits) {
                is_found = true;
                best = change;
                reason->gain_milli = change.value_milli;
                reason->prize = end.prize - tour->end.prize;
            }
        }
    }
    return is_found;
}

/* What else than time keeps it from the gaps, if that is all of them. */
static gb_route_constraint find_bond(const route_plan *plan, uint32_t c)
{
    const route_data *data = plan->data;
    const route_client *client = &data->clients[c];
    bool is_whole_somewhere = false, is_in_order = false;

    if (client->group != GB_ROUTE_NONE
        && plan->served_of[client->group] != GB_ROUTE_NONE)
        return GB_ROUTE_CONSTRAINT_GROUP;
    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        uint32_t first = 0, last = plan->tours[v].n_items;

        if (!route_may_serve(data, v, c))
            continue;
        is_whole_somewhere |= is_whole(plan, v, c);
        is_in_order |= route_plan_gaps(plan, v, c, GB_ROUTE_NONE, &first,
                                       &last)
            && first <= last;
    }
    if (!is_whole_somewhere)
        return GB_ROUTE_CONSTRAINT_PATTERN;
    return is_in_order ? GB_ROUTE_CONSTRAINT_NONE : GB_ROUTE_CONSTRAINT_ORDER;
}

static bool is_frozen_out(const route_plan *plan, uint32_t c)
{
    for (uint32_t v = 0; v < plan->data->n_vehicles; v++)
        if (route_may_serve(plan->data, v, c) && plan->tours[v].n_frozen > 0)
            return true;
    return false;
}

static void explain(const route_plan *plan, route_alone *alone,
                    uint32_t *scratch, uint64_t *work,
                    gb_route_reason *reason)
{
    const uint32_t c = reason->client;
    route_displacement displacement;

    if (route_alone_impossible(alone, c, reason))
        return;
    if (look_for_gap(plan, c, work, reason)) {
        reason->kind = GB_ROUTE_REASON_UNPROFITABLE;
        reason->is_rough = *work == 0; /* gaps were left out */
        return;
    }
    reason->kind = GB_ROUTE_REASON_CROWDED_OUT;
    reason->constraint = (int32_t)find_bond(plan, c);
    if (route_displace_within(plan, c, scratch, work, &displacement))
        tell_displaced(plan, &displacement, reason);
    else if (*work > 0 && reason->constraint == GB_ROUTE_CONSTRAINT_NONE
             && is_frozen_out(plan, c)) {
        reason->kind = GB_ROUTE_REASON_IMPOSSIBLE;
        reason->constraint = GB_ROUTE_CONSTRAINT_FROZEN;
    }
    reason->is_rough = *work == 0;
}

gb_status route_explain(base_run *run, const route_plan *plan,
                        uint32_t *scratch, gb_route_solution *solution)
{
    const uint32_t n = solution->n_unserved;
    const bool has_deadline = run->limits.time_limit_ms > 0;
    const double late_s = base_thread_s() + SPARE_S;
    const bool is_late = has_deadline
        && base_clock_s() + MOST_WORK * ITEM_S > run->deadline_s;
    uint64_t left = is_late ? LATE_WORK : MOST_WORK;
    gb_status status = GB_OK;
    route_alone alone;

    if (!route_alone_init(&alone, plan->data))
        return base_fail_nomem(run->ctx);
    for (uint32_t i = 0; i < n && status == GB_OK; i++) {
        uint64_t share = left / (n - i) + (is_late ? LATE_LEAST : LEAST_WORK);

        if (has_deadline && run->is_late && base_thread_s() > late_s)
            left = share = 0; /* which kind, and no more */
        left -= left < share ? left : share;
        explain(plan, &alone, scratch, &share, &solution->reasons[i]);
        left += share;
        status = base_poll_many(run, 32);
    }
    route_alone_clear(&alone);
    return status;
}

const char *gb_route_constraint_name(int32_t constraint)
{
    static const char *const names[]
        = { "none", "vehicle", "unreachable", "window", "shift", "duration",
            "break", "several", "frozen", "group", "skills", "load", "distance",
            "travel", "release", "order", "pattern" };

    if (constraint < 0
        || (size_t)constraint >= sizeof names / sizeof *names)
        return names[0];
    return names[constraint];
}
