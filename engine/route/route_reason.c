/*
 * route_reason.c - why a client is not served: it cannot be, even alone; or
 * it would have to push others out; or it costs more than it brings.
 *
 * What makes a client impossible is found by relaxing one constraint at a
 * time, by the least number of seconds (halving the interval: a later end
 * never makes a route impossible), and driving the route of that one client.
 * So the answer is true by construction.  See route_result.h.
 */
#include "route_result.h"

#include <string.h>

enum {
    MOST_MEND_S = 1 << 28,
    MOST_WINDOWS = 16 /* the last ones; earlier ones are over anyway */
};

/* --- alone --- */

/* The client alone: the breaks of the set `after` behind it. */
static uint32_t write_alone(const route_vehicle *vehicle, uint32_t c,
                            uint32_t after, uint32_t *items)
{
    uint32_t n = 0;

    for (uint32_t k = 0; k < vehicle->n_breaks; k++)
        if (!(after >> k & 1))
            items[n++] = GB_ROUTE_BREAK(k);
    items[n++] = c;
    for (uint32_t k = 0; k < vehicle->n_breaks; k++)
        if (after >> k & 1)
            items[n++] = GB_ROUTE_BREAK(k);
    return n;
}

/* The first such set, and the route, when there is one. */
static bool drive_alone(const route_data *data, const route_vehicle *vehicle,
                        uint32_t c, uint32_t *after, route_end *end)
{
    uint32_t items[ROUTE_MOST_BREAKS + 1];

    for (*after = 0; *after < 1u << vehicle->n_breaks; ++*after) {
        const uint32_t n = write_alone(vehicle, c, *after, items);

        if (route_walk(data, vehicle, items, n, end))
            return true;
    }
    return false;
}

static bool fits_alone(const route_data *data, const route_vehicle *vehicle,
                       uint32_t c)
{
    uint32_t after;
    route_end end;

    return drive_alone(data, vehicle, c, &after, &end);
}

/* As fits_alone, with one constraint relaxed by some seconds. */
static bool fits_relaxed(const route_data *data, const route_vehicle *vehicle,
                         uint32_t c, gb_route_constraint constraint,
                         int32_t more_s)
{
    /* A problem of one client, number 0, that may be changed. */
    route_client client = data->clients[c];
    gb_route_window windows[MOST_WINDOWS];
    uint32_t n_windows = client.n_windows;
    route_vehicle relaxed = *vehicle;
    route_data alone = *data;

    alone.clients = &client;
    switch (constraint) {
    case GB_ROUTE_CONSTRAINT_WINDOW:
        if (n_windows > MOST_WINDOWS) {
            client.windows += n_windows - MOST_WINDOWS;
            n_windows = MOST_WINDOWS;
        }
        memcpy(windows, client.windows, n_windows * sizeof *windows);
        windows[n_windows - 1].late_s += more_s;
        client.windows = windows;
        client.n_windows = n_windows;
        client.early_s = windows[0].early_s;
        client.late_s = windows[0].late_s;
        break;
    case GB_ROUTE_CONSTRAINT_SHIFT:
        relaxed.shift_end_s += more_s;
        break;
    case GB_ROUTE_CONSTRAINT_DURATION:
        if (relaxed.max_duration_s >= ROUTE_NEVER)
            return false;
        relaxed.max_duration_s += more_s;
        break;
    case GB_ROUTE_CONSTRAINT_BREAK:
        for (uint32_t k = 0; k < relaxed.n_breaks; k++)
            relaxed.breaks[k].late_s += more_s;
        break;
    case GB_ROUTE_CONSTRAINT_UNREACHABLE:
        if (route_leg_s(data, vehicle, vehicle->start, client.location)
            == GB_ROUTE_UNREACHABLE)
            relaxed.start = GB_ROUTE_NONE;
        if (route_leg_s(data, vehicle, client.location, vehicle->end)
            == GB_ROUTE_UNREACHABLE)
            relaxed.end = GB_ROUTE_NONE;
        break;
    default:
        return false;
    }
    return fits_alone(&alone, &relaxed, 0);
}

/* The fewest seconds that mend it; 0: none do. */
static int32_t least_mend_s(const route_data *data,
                            const route_vehicle *vehicle, uint32_t c,
                            gb_route_constraint constraint)
{
    int32_t low_s = 0, high_s = MOST_MEND_S;

    if (!fits_relaxed(data, vehicle, c, constraint, high_s))
        return 0;
    while (high_s - low_s > 1) {
        const int32_t middle_s = low_s + (high_s - low_s) / 2;

        if (fits_relaxed(data, vehicle, c, constraint, middle_s))
            high_s = middle_s;
        else
            low_s = middle_s;
    }
    return high_s;
}

static bool is_cut_off(const route_data *data, const route_vehicle *vehicle,
                       uint32_t c)
{
    const uint32_t at = data->clients[c].location;

    return route_leg_s(data, vehicle, vehicle->start, at)
        == GB_ROUTE_UNREACHABLE
        || route_leg_s(data, vehicle, at, vehicle->end)
        == GB_ROUTE_UNREACHABLE;
}

/* How near one vehicle comes, kept in the reason where it is the nearest. */
static void diagnose_vehicle(const route_data *data, uint32_t v, uint32_t c,
                             gb_route_reason *reason)
{
    static const gb_route_constraint in_turn[]
        = { GB_ROUTE_CONSTRAINT_WINDOW, GB_ROUTE_CONSTRAINT_SHIFT,
            GB_ROUTE_CONSTRAINT_DURATION, GB_ROUTE_CONSTRAINT_BREAK };
    const route_vehicle *vehicle = &data->vehicles[v];

    if (is_cut_off(data, vehicle, c)) {
        const int32_t constraint
            = fits_relaxed(data, vehicle, c, GB_ROUTE_CONSTRAINT_UNREACHABLE,
                           0)
            ? GB_ROUTE_CONSTRAINT_UNREACHABLE
            : GB_ROUTE_CONSTRAINT_SEVERAL;

        if (reason->constraint == GB_ROUTE_CONSTRAINT_NONE
            || (reason->constraint == GB_ROUTE_CONSTRAINT_SEVERAL
                && constraint == GB_ROUTE_CONSTRAINT_UNREACHABLE)) {
            reason->constraint = constraint;
            reason->vehicle = v;
        }
        return;
    }
    for (size_t k = 0; k < sizeof in_turn / sizeof *in_turn; k++) {
        const int32_t mend_s = least_mend_s(data, vehicle, c, in_turn[k]);

        if (mend_s > 0 && (reason->mend_s == 0 || mend_s < reason->mend_s)) {
            reason->constraint = (int32_t)in_turn[k];
            reason->vehicle = v;
            reason->mend_s = mend_s;
        }
    }
    if (reason->constraint == GB_ROUTE_CONSTRAINT_NONE) {
        reason->constraint = GB_ROUTE_CONSTRAINT_SEVERAL;
        reason->vehicle = v;
    }
}

/* True when the client cannot be served even alone; the reason says why. */
static bool is_impossible(const route_plan *plan, uint32_t c,
                          gb_route_reason *reason)
{
    const route_data *data = plan->data;
    bool may_any = false;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        if (!route_may_serve(data, v, c))
            continue;
        if (fits_alone(data, &data->vehicles[v], c))
            return false;
        may_any = true;
    }
    reason->kind = GB_ROUTE_REASON_IMPOSSIBLE;
    if (!may_any) {
        reason->constraint = GB_ROUTE_CONSTRAINT_VEHICLE;
        return true;
    }
    for (uint32_t v = 0; v < data->n_vehicles; v++)
        if (route_may_serve(data, v, c))
            diagnose_vehicle(data, v, c, reason);
    return true;
}

/* --- in place of others --- */

uint32_t route_displaced_items(const route_tour *tour, uint32_t c,
                               const route_displacement *displacement,
                               uint32_t *items)
{
    const uint32_t first = displacement->first;
    const uint32_t behind = first + displacement->n;
    uint32_t count = 0;

    if (displacement->is_all)
        return write_alone(tour->vehicle, c, displacement->after, items);
    for (uint32_t i = 0; i < tour->n_items; i++) {
        if (i == first)
            items[count++] = c;
        if (i < first || i >= behind || route_is_break(tour->items[i]))
            items[count++] = tour->items[i];
    }
    return count;
}

static void keep_better(const route_tour *tour, route_displacement *this,
                        route_displacement *best)
{
    this->change = this->end.worth;
    route_worth_add(&this->change, &tour->end.worth, -1);
    if (best->n == 0 || route_worth_compare(&this->change, &best->change) > 0)
        *best = *this;
}

static void try_displacement(const route_plan *plan, uint32_t v, uint32_t c,
                             uint32_t first, uint32_t n, uint32_t *scratch,
                             route_displacement *best)
{
    const route_data *data = plan->data;
    const route_tour *tour = &plan->tours[v];
    const uint32_t group = data->clients[c].group;
    route_displacement this = { .vehicle = v, .first = first, .n = n };
    bool frees_group = group == GB_ROUTE_NONE
        || plan->served_of[group] == GB_ROUTE_NONE;
    uint32_t n_clients = 0, count;

    for (uint32_t i = first; i < first + n; i++)
        if (!route_is_break(tour->items[i])) {
            n_clients++;
            if (group != GB_ROUTE_NONE
                && plan->served_of[group] == tour->items[i])
                frees_group = true;
        }
    if (n_clients == 0 || !frees_group
        || route_is_break(tour->items[first + n - 1]))
        return;
    count = route_displaced_items(tour, c, &this, scratch);
    if (route_walk(data, tour->vehicle, scratch, count, &this.end))
        keep_better(tour, &this, best);
}

/* All of a route, where the client then needs the breaks elsewhere. */
static void try_all(const route_plan *plan, uint32_t c,
                    route_displacement *best)
{
    const route_data *data = plan->data;
    const uint32_t group = data->clients[c].group;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];
        route_displacement this
            = { .vehicle = v, .n = tour->n_items, .is_all = true };

        if (route_may_serve(data, v, c) && tour->n_frozen == 0
            && tour->n_items > 0
            && (group == GB_ROUTE_NONE
                || plan->served_of[group] == GB_ROUTE_NONE
                || plan->tour_of[plan->served_of[group]] == v)
            && drive_alone(data, tour->vehicle, c, &this.after, &this.end))
            keep_better(tour, &this, best);
    }
}

bool route_displace(const route_plan *plan, uint32_t c, uint32_t *scratch,
                    route_displacement *out)
{
    const route_data *data = plan->data;
    bool is_longer = true;

    memset(out, 0, sizeof *out);
    for (uint32_t n = 1; out->n == 0 && is_longer; n++) {
        is_longer = false;
        for (uint32_t v = 0; v < data->n_vehicles; v++) {
            const route_tour *tour = &plan->tours[v];

            if (!route_may_serve(data, v, c))
                continue;
            for (uint32_t i = tour->n_frozen; i + n <= tour->n_items; i++) {
                is_longer = true;
                try_displacement(plan, v, c, i, n, scratch, out);
            }
        }
    }
    if (out->n == 0)
        try_all(plan, c, out);
    return out->n > 0;
}

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

/* The cheapest insertion, and whether it or any other can be driven. */
static bool look_for_gap(const route_plan *plan, uint32_t c,
                         gb_route_reason *reason)
{
    const route_data *data = plan->data;
    int64_t least_s = INT64_MAX;
    route_worth best = { 0, 0, 0, 0 };
    bool is_found = false;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];

        if (!route_may_serve(data, v, c))
            continue;
        for (uint32_t p = tour->n_frozen; p <= tour->n_items; p++) {
            int64_t extra_s, extra_m;
            route_worth change = { 0, 0, 0, 0 };
            route_end end;
            bool fits;

            if (!detour(data, tour, p, c, &extra_s, &extra_m))
                continue;
            fits = route_plan_may_insert(plan, v, c)
                && route_tour_price(data, tour, p, c, &end);
            if (fits) {
                change = end.worth;
                route_worth_add(&change, &tour->end.worth, -1);
            }
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

static void explain(const route_plan *plan, uint32_t *scratch,
                    gb_route_reason *reason)
{
    const uint32_t c = reason->client;
    const uint32_t group = plan->data->clients[c].group;
    route_displacement displacement;

    if (is_impossible(plan, c, reason))
        return;
    if (look_for_gap(plan, c, reason)) {
        reason->kind = GB_ROUTE_REASON_UNPROFITABLE;
        return;
    }
    if (group != GB_ROUTE_NONE && plan->served_of[group] != GB_ROUTE_NONE)
        reason->constraint = GB_ROUTE_CONSTRAINT_GROUP;
    reason->kind = GB_ROUTE_REASON_CROWDED_OUT;
    if (route_displace(plan, c, scratch, &displacement))
        tell_displaced(plan, &displacement, reason);
    else if (reason->constraint == GB_ROUTE_CONSTRAINT_NONE) {
        reason->kind = GB_ROUTE_REASON_IMPOSSIBLE;
        reason->constraint = GB_ROUTE_CONSTRAINT_FROZEN;
    }
}

gb_status route_explain(base_run *run, const route_plan *plan,
                        uint32_t *scratch, gb_route_solution *solution)
{
    gb_status status = GB_OK;

    for (uint32_t i = 0; i < solution->n_unserved && status == GB_OK; i++) {
        explain(plan, scratch, &solution->reasons[i]);
        status = base_poll_many(run, 32);
    }
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
