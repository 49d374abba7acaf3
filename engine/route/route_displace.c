/*
 * route_displace.c - whom a left-out client could stand in for.  See
 * route_result.h.
 */
#include "route_alone.h"
#include "route_result.h"

#include <string.h>

uint32_t route_displaced_items(const route_tour *tour, uint32_t c,
                               const route_displacement *displacement,
                               uint32_t *items)
{
    const uint32_t first = displacement->first;
    const uint32_t behind = first + displacement->n;
    uint32_t count = 0;

    if (displacement->is_all)
        return route_alone_items(tour->vehicle, c, displacement->arrangement,
                                 items);
    for (uint32_t i = 0; i < tour->n_items; i++) {
        if (i == first)
            items[count++] = c;
        if (i < first || i >= behind || route_is_break(tour->items[i]))
            items[count++] = tour->items[i];
    }
    return count;
}

typedef struct search {
    const route_plan *plan;
    uint32_t c;
    uint32_t *scratch;
    uint64_t *work; /* items that may be driven yet; NULL: any number */
    route_displacement *best;
} search;

static bool spend(search *s, uint32_t n)
{
    if (!s->work)
        return true;
    if (*s->work < n) {
        *s->work = 0;
        return false;
    }
    *s->work -= n;
    return true;
}

/* Are order and bundles still as they must be? */
static bool is_allowed(const search *s, const route_displacement *this)
{
    const route_plan *plan = s->plan;
    const route_data *data = plan->data;
    uint32_t n;

    if (!data->has_order && data->n_bundles == 0)
        return true;
    n = route_displaced_items(&plan->tours[this->vehicle], s->c, this,
                              s->scratch);
    return route_plan_allows(plan, this->vehicle, s->scratch, n,
                             GB_ROUTE_NONE, NULL, 0);
}

static void keep_better(search *s, route_displacement *this)
{
    this->change = route_plan_change(s->plan, this->vehicle, &this->end,
                                     GB_ROUTE_NONE, NULL);
    if ((s->best->n == 0
         || route_worth_compare(&this->change, &s->best->change) > 0)
        && is_allowed(s, this))
        *s->best = *this;
}

/* Does the group of the client have no other client than those items? */
static bool frees_group(const search *s, const route_tour *tour,
                        uint32_t first, uint32_t n)
{
    const uint32_t group = s->plan->data->clients[s->c].group;

    if (group == GB_ROUTE_NONE || s->plan->served_of[group] == GB_ROUTE_NONE)
        return true;
    for (uint32_t i = first; i < first + n; i++)
        if (tour->items[i] == s->plan->served_of[group])
            return true;
    return false;
}

/*
 * A quick no: in place of item i the client is late itself, or makes the next
 * one late.  Travel is the least of the day, so this holds at any hour.
 */
static bool is_late_instead(const route_data *data, const route_tour *tour,
                            uint32_t i, uint32_t c)
{
    const route_client *client = &data->clients[c];
    const route_state *before = &tour->states[i];
    const int32_t to_s = route_leg_s(data, tour->vehicle, before->location,
                                     client->location);
    int32_t done_s, late_s, on_s;

    if (before->clock_s >= ROUTE_NEVER || to_s == GB_ROUTE_UNREACHABLE)
        return true;
    if (route_tour_must_drive(data, tour, c, tour->items[i]))
        return false;
    done_s = route_first_start(client,
                               before->clock_s + to_s
                                   + (client->place != before->place
                                          ? client->access_s
                                          : 0),
                               &late_s);
    if (done_s > tour->vehicle->shift_end_s)
        return true;
    done_s += client->service_s;
    if (i + 1 >= tour->behind_last || route_is_break(tour->items[i + 1]))
        return false;
    on_s = route_leg_s(data, tour->vehicle, client->location,
                       data->clients[tour->items[i + 1]].location);
    return on_s == GB_ROUTE_UNREACHABLE
        || done_s + on_s > tour->late_s[i + 1];
}

static bool try_one(search *s, uint32_t v, uint32_t i)
{
    const route_data *data = s->plan->data;
    const route_tour *tour = &s->plan->tours[v];
    route_displacement this = { .vehicle = v, .first = i, .n = 1 };

    if (route_is_break(tour->items[i]) || i >= tour->behind_last
        || is_late_instead(data, tour, i, s->c)
        || !route_tour_may_load(data, tour, s->c, tour->items[i])
        || !frees_group(s, tour, i, 1))
        return true;
    if (!spend(s, tour->n_items - i + 1))
        return false;
    if (route_tour_price_instead(data, tour, i, s->c, &this.end))
        keep_better(s, &this);
    return true;
}

static bool try_run(search *s, uint32_t v, uint32_t first, uint32_t n)
{
    const route_tour *tour = &s->plan->tours[v];
    route_displacement this = { .vehicle = v, .first = first, .n = n };
    uint32_t n_clients = 0, count;

    for (uint32_t i = first; i < first + n; i++)
        n_clients += !route_is_break(tour->items[i]);
    if (n_clients == 0 || route_is_break(tour->items[first + n - 1])
        || !frees_group(s, tour, first, n))
        return true;
    if (!spend(s, tour->n_items))
        return false;
    count = route_displaced_items(tour, s->c, &this, s->scratch);
    if (route_walk(s->plan->data, tour->vehicle, s->scratch, count,
                   &this.end))
        keep_better(s, &this);
    return true;
}

/* All of a route, where the client then needs the breaks elsewhere. */
static void try_all(search *s)
{
    const route_plan *plan = s->plan;
    const route_data *data = plan->data;

    for (uint32_t v = 0; v < data->n_vehicles; v++) {
        const route_tour *tour = &plan->tours[v];
        route_displacement this
            = { .vehicle = v, .n = tour->n_items, .is_all = true };

        if (route_may_serve(data, v, s->c) && tour->n_frozen == 0
            && tour->n_items > 0 && frees_group(s, tour, 0, tour->n_items)
            && route_alone_drive(data, tour->vehicle, s->c, &this.arrangement,
                                 &this.end))
            keep_better(s, &this);
    }
}

bool route_displace_within(const route_plan *plan, uint32_t c,
                           uint32_t *scratch, uint64_t *work,
                           route_displacement *out)
{
    const route_data *data = plan->data;
    search s = { plan, c, scratch, work, out };
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
                if (!(n == 1 ? try_one(&s, v, i) : try_run(&s, v, i, n)))
                    return out->n > 0;
            }
        }
    }
    if (out->n == 0)
        try_all(&s);
    return out->n > 0;
}

bool route_displace(const route_plan *plan, uint32_t c, uint32_t *scratch,
                    route_displacement *out)
{
    return route_displace_within(plan, c, scratch, NULL, out);
}
