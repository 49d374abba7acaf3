/*
 * route_tour_bound.c - what a route can gain at most by a client more, or by one
 * in the place of another.
 *
 * Most changes that fit lose, and a search asks after very many: here only
 * clock and prizes are walked on, exactly, and no wait is paid for.  The exact
 * prices settle what remains.  See route_tour.h.
 */
#include "route_tour.h"

/* A clock that goes by the hours of the prizes. */
typedef struct glance {
    const route_data *data;
    const route_vehicle *vehicle;
    int32_t clock_s, start_s;
    uint32_t slot;
    int64_t prize;
} glance;

static bool serve(glance *g, uint32_t c, int32_t way_s)
{
    const route_client *client = &g->data->clients[c];
    const int64_t *prizes = route_prizes_of(g->data, g->vehicle, c);
    int32_t late_s;

    g->start_s = route_first_start(client, g->clock_s + way_s, &late_s);
    if (g->start_s >= ROUTE_NEVER)
        return false;
    g->clock_s = g->start_s + client->service_s;
    if (!prizes) {
        g->prize += client->prize;
        return true;
    }
    while (g->slot + 1 < g->data->n_slots
           && g->data->slot_start_s[g->slot + 1] <= g->start_s)
        g->slot++;
    g->prize += prizes[g->slot];
    return true;
}

static bool rest(glance *g, const route_vehicle *vehicle, uint32_t number)
{
    const gb_route_break *b = &vehicle->breaks[number];

    if (g->clock_s < b->early_s)
        g->clock_s = b->early_s;
    if (g->clock_s > b->late_s)
        return false;
    g->clock_s += b->length_s;
    return true;
}

/* The way to client item k with access, as the tour goes now. */
static int32_t way_before(const route_tour *tour, uint32_t k)
{
    const route_state *before = &tour->states[k], *after = before + 1;

    return after->start_s - (after->idle_s - before->idle_s)
        - before->clock_s;
}

/* The prizes of items k on; those as before once the clock is the old one. */
static bool glance_on(glance *g, const route_tour *tour, uint32_t k)
{
    for (; k < tour->behind_last; k++) {
        const uint32_t item = tour->items[k];
        const route_state *then = &tour->states[k + 1];

        if (route_is_break(item)) {
            if (!rest(g, tour->vehicle, route_break_of(item)))
                return false;
            continue;
        }
        if (!serve(g, item, way_before(tour, k)))
            return false;
        if (g->start_s == then->start_s) {
            g->prize += tour->states[tour->behind_last].prize - then->prize;
            return true;
        }
    }
    return true;
}

/* A leg with the access behind it. */
typedef struct leg {
    int32_t seconds, access_s, metres, cost;
} leg;

static leg leg_to(const route_data *data, const route_tour *tour,
                  uint32_t from, uint32_t place, const route_client *to)
{
    return (leg){ route_leg_s(data, tour->vehicle, from, to->location),
                  place != to->place ? to->access_s : 0,
                  route_leg_m(data, tour->vehicle, from, to->location),
                  route_leg_cost(data, tour->vehicle, from, to->location) };
}

static leg leg_home(const route_data *data, const route_tour *tour,
                    uint32_t from)
{
    return (leg){ route_leg_s(data, tour->vehicle, from, tour->vehicle->end),
                  0,
                  route_leg_m(data, tour->vehicle, from, tour->vehicle->end),
                  route_leg_cost(data, tour->vehicle, from,
                                 tour->vehicle->end) };
}

/* Field time without any wait. */
static int64_t busy_s(const route_data *data, const route_tour *tour)
{
    const route_state *last = &tour->states[tour->behind_last];

    return (int64_t)last->clock_s - last->base_s - last->idle_s
        - last->break_s + leg_home(data, tour, last->location).seconds;
}

/* The legs around client c where it stands at a gap, and those of now. */
typedef struct detour {
    leg to, on, old_to, old_on;
    int32_t more_service_s;
} detour;

/* The client behind the gap, over breaks; behind_last: the way home. */
static uint32_t next_client(const route_tour *tour, uint32_t k)
{
    while (k < tour->behind_last && route_is_break(tour->items[k]))
        k++;
    return k;
}

static detour find_detour(const route_data *data, const route_tour *tour,
                          uint32_t gap, bool is_instead, uint32_t c)
{
    const route_state *before = &tour->states[gap];
    const route_client *client = &data->clients[c];
    const uint32_t k = next_client(tour, gap + is_instead);
    uint32_t location = before->location, place = before->place;
    detour d = { .more_service_s = client->service_s };

    d.to = leg_to(data, tour, location, place, client);
    if (is_instead) {
        const route_client *served = &data->clients[tour->items[gap]];

        d.old_to = leg_to(data, tour, location, place, served);
        d.more_service_s -= served->service_s;
        location = served->location;
        place = served->place;
    }
    if (k < tour->behind_last) {
        const route_client *next = &data->clients[tour->items[k]];

        d.on = leg_to(data, tour, client->location, client->place, next);
        d.old_on = leg_to(data, tour, location, place, next);
    } else {
        d.on = leg_home(data, tour, client->location);
        d.old_on = leg_home(data, tour, location);
    }
    return d;
}

/* All prizes from the gap on, with the client there. */
static bool glance_with(glance *g, const route_tour *tour, uint32_t gap,
                        bool is_instead, uint32_t c, const detour *d)
{
    uint32_t k = gap + is_instead;

    if (!serve(g, c, d->to.seconds + d->to.access_s))
        return false;
    for (; k < tour->behind_last && route_is_break(tour->items[k]); k++)
        if (!rest(g, tour->vehicle, route_break_of(tour->items[k])))
            return false;
    if (k >= tour->behind_last)
        return true;
    return serve(g, tour->items[k], d->on.seconds + d->on.access_s)
        && glance_on(g, tour, k + 1);
}

bool route_tour_bound(const route_data *data, const route_tour *tour,
                      uint32_t gap, bool is_instead, uint32_t c,
                      int64_t *most_milli)
{
    const detour d = find_detour(data, tour, gap, is_instead, c);
    const route_state *before = &tour->states[gap];
    /* The way to the first client waits for what is released last. */
    const int32_t clock_s
        = before->n_clients == 0 && before->clock_s < before->release_s
        ? before->release_s
        : before->clock_s;
    glance g = { .data = data,
                 .vehicle = tour->vehicle,
                 .clock_s = clock_s,
                 .slot = tour->vehicle->first_slot };
    int64_t more_s, more_m, more_travel_s, more_cost;

    if (d.to.seconds == GB_ROUTE_UNREACHABLE
        || d.on.seconds == GB_ROUTE_UNREACHABLE
        || !glance_with(&g, tour, gap, is_instead, c, &d))
        return false;
    more_s = (int64_t)d.to.seconds + d.to.access_s + d.more_service_s
        + d.on.seconds + d.on.access_s;
    more_m = (int64_t)d.to.metres + d.on.metres;
    more_travel_s = (int64_t)d.to.seconds + d.on.seconds;
    more_cost = (int64_t)d.to.cost + d.on.cost;
    if (tour->behind_last > 0) {
        more_s += busy_s(data, tour) - tour->end.worth.field_s
            - d.old_to.seconds - d.old_to.access_s - d.old_on.seconds
            - d.old_on.access_s;
        more_m -= (int64_t)d.old_to.metres + d.old_on.metres;
        more_travel_s -= (int64_t)d.old_to.seconds + d.old_on.seconds;
        more_cost -= (int64_t)d.old_to.cost + d.old_on.cost;
    }
    *most_milli = 1000
            * (g.prize + before->prize
               - tour->states[tour->behind_last].prize)
        - tour->vehicle->cost_per_s_milli * more_s
        - tour->vehicle->cost_per_travel_s_milli * more_travel_s
        - tour->vehicle->cost_per_m_milli * more_m - 1000 * more_cost;
    return true;
}
