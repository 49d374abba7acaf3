/*
 * route_served.c - see route_served.h.
 */
#include "route_served.h"

#include <stdlib.h>
#include <string.h>

#include "base_check.h"

enum { ANOTHER_TIME_S = 1800 };

bool route_served_init(route_served *s, const route_plan *plan)
{
    const route_data *data = plan->data;
    uint32_t longest = 0;

    memset(s, 0, sizeof *s);
    s->plan = plan;
    for (uint32_t v = 0; v < data->n_vehicles; v++)
        if (data->vehicles[v].most_items > longest)
            longest = data->vehicles[v].most_items;
    longest += ROUTE_MOST_BREAKS + 1;
    s->items = base_alloc_array(data->mem, longest, sizeof *s->items);
    s->stops = base_alloc_array(data->mem, longest, sizeof *s->stops);
    s->which = base_alloc_zeroed(data->mem, data->n_vehicles, 1);
    s->has_plans = true;
    if (!s->items || !s->stops || !s->which
        || !route_plan_init(&s->without, data)
        || !route_plan_init(&s->with, data)) {
        route_served_clear(s);
        return false;
    }
    route_plan_copy(&s->without, plan, NULL);
    route_plan_copy(&s->with, plan, NULL);
    return true;
}

void route_served_clear(route_served *s)
{
    base_mem *mem = s->plan ? s->plan->data->mem : NULL;

    if (!mem)
        return;
    route_plan_clear(&s->without);
    route_plan_clear(&s->with);
    base_free(mem, s->items);
    base_free(mem, s->stops);
    base_free(mem, s->which);
    memset(s, 0, sizeof *s);
}

/* --- places --- */

/* The worth of all with c at that gap, less that of the plan. */
static route_worth change_at(const route_served *s, uint32_t v,
                             const route_end *end)
{
    const route_worth now = route_plan_worth(s->plan);
    route_worth change
        = route_plan_change(&s->without, v, end, GB_ROUTE_NONE, NULL);
    const route_worth without = route_plan_worth(&s->without);

    route_worth_add(&change, &without, 1);
    route_worth_add(&change, &now, -1);
    return change;
}

static gb_route_stop stop_in(route_served *s, const route_plan *plan,
                             uint32_t v, uint32_t item)
{
    gb_route_totals totals;

    memset(&totals, 0, sizeof totals);
    route_result_schedule(plan->data, &plan->tours[v], s->stops, &totals);
    return s->stops[item];
}

/* The stop of c, when it is put there. */
static gb_route_stop stop_at(route_served *s, uint32_t v, uint32_t gap,
                             uint32_t c)
{
    gb_route_stop stop;

    (void)ALWAYS(route_plan_insert(&s->with, v, gap, c));
    stop = stop_in(s, &s->with, v, gap);
    s->which[v] = 1;
    route_plan_copy(&s->with, &s->without, s->which);
    s->which[v] = 0;
    return stop;
}

typedef struct best_place {
    uint32_t vehicle, gap; /* vehicle NONE: none */
    route_worth change;
    int64_t prize;
} best_place;

static bool is_whole(const route_plan *plan, uint32_t v, uint32_t c)
{
    const uint32_t b = plan->data->clients[c].bundle;

    return b == GB_ROUTE_NONE
        || route_bundle_holds(plan->data, b,
                              plan->bundle_days[b]
                                  | UINT64_C(1)
                                      << plan->data->vehicles[v].day);
}

/* Does the gap mean another time than now? */
static bool is_another_time(route_served *s, uint32_t v, uint32_t gap,
                            const gb_route_served_reason *now)
{
    const gb_route_stop stop = stop_at(s, v, gap, now->client);

    return s->plan->data->n_slots
        ? stop.slot != now->slot
        : abs(stop.start_s - now->start_s) >= ANOTHER_TIME_S;
}

static void look_at(route_served *s, uint32_t v,
                    const gb_route_served_reason *now, best_place *best)
{
    const route_data *data = s->plan->data;
    const route_plan *plan = &s->without;
    const route_tour *tour = &plan->tours[v];
    const uint32_t c = now->client;
    uint32_t first = tour->n_frozen, last = tour->n_items;

    if (!route_plan_may_insert(plan, v, c) || !is_whole(plan, v, c)
        || !route_plan_gaps(plan, v, c, GB_ROUTE_NONE, &first, &last))
        return;
    for (uint32_t p = first; p <= last; p++) {
        route_worth change;
        int32_t detour_s;
        route_end end;

        if (tour->states[p].clock_s >= ROUTE_NEVER
            || !route_tour_fits(data, tour, p, c, &detour_s)
            || !route_tour_price(data, tour, p, c, &end))
            continue;
        change = change_at(s, v, &end);
        if ((best->vehicle != GB_ROUTE_NONE
             && route_worth_compare(&change, &best->change) <= 0)
            || (v == now->vehicle && !is_another_time(s, v, p, now)))
            continue;
        *best = (best_place){ v, p, change, end.prize - tour->end.prize };
    }
}

static void tell(route_served *s, uint32_t c, const best_place *best,
                 gb_route_alternative *out)
{
    gb_route_stop stop;

    out->vehicle = out->slot = GB_ROUTE_NONE;
    if (best->vehicle == GB_ROUTE_NONE)
        return;
    stop = stop_at(s, best->vehicle, best->gap, c);
    out->is_possible = true;
    out->vehicle = best->vehicle;
    out->day = s->plan->data->vehicles[best->vehicle].day;
    out->slot = stop.slot;
    out->position = best->gap;
    out->start_s = stop.start_s;
    out->field_s = (int32_t)best->change.field_s;
    out->prize = best->prize;
    out->change_milli = best->change.value_milli;
}

static void copy_route(route_served *s, route_plan *to,
                       const route_plan *from, uint32_t v)
{
    s->which[v] = 1;
    route_plan_copy(to, from, s->which);
    s->which[v] = 0;
}

/* Take the client out; false: that is not allowed, or cannot be driven. */
static bool take_out(route_served *s, uint32_t v, uint32_t item)
{
    const route_tour *tour = &s->plan->tours[v];
    uint32_t n = 0;

    if (item < tour->n_frozen)
        return false;
    for (uint32_t i = 0; i < tour->n_items; i++)
        if (i != item)
            s->items[n++] = tour->items[i];
    if (!route_plan_set(&s->without, v, s->items, n))
        return false;
    copy_route(s, &s->with, &s->without, v);
    return true;
}

static void put_back(route_served *s, uint32_t v)
{
    copy_route(s, &s->without, s->plan, v);
    copy_route(s, &s->with, s->plan, v);
}

void route_served_explain(route_served *s, uint32_t c,
                          gb_route_served_reason *out)
{
    const route_data *data = s->plan->data;
    const uint32_t v = s->plan->tour_of[c];
    best_place time = { .vehicle = GB_ROUTE_NONE };
    best_place vehicle = { .vehicle = GB_ROUTE_NONE };
    best_place day = { .vehicle = GB_ROUTE_NONE };
    gb_route_stop stop;
    route_worth now, left;

    out->client = c;
    out->vehicle = v;
    out->item = out->slot = GB_ROUTE_NONE;
    out->left_out.vehicle = out->left_out.slot = GB_ROUTE_NONE;
    if (v != GB_ROUTE_NONE) {
        out->item = 0;
        while (s->plan->tours[v].items[out->item] != c)
            out->item++;
        stop = stop_in(s, s->plan, v, out->item);
        out->day = data->vehicles[v].day;
        out->slot = stop.slot;
        out->start_s = stop.start_s;
        out->prize = stop.prize;
    }
    if (v != GB_ROUTE_NONE && take_out(s, v, out->item)) {
        now = route_plan_worth(s->plan);
        left = route_plan_worth(&s->without);
        out->left_out.is_possible = route_plan_may_leave(s->plan, c);
        if (out->left_out.is_possible) {
            out->left_out.field_s = (int32_t)(left.field_s - now.field_s);
            out->left_out.change_milli = left.value_milli - now.value_milli;
        }
        for (uint32_t w = 0; w < data->n_vehicles; w++)
            look_at(s, w, out,
                    w == v                                        ? &time
                    : data->vehicles[w].day == data->vehicles[v].day ? &vehicle
                                                                  : &day);
    }
    tell(s, c, &time, &out->other_time);
    tell(s, c, &vehicle, &out->other_vehicle);
    tell(s, c, &day, &out->other_day);
    if (v != GB_ROUTE_NONE)
        put_back(s, v);
}
