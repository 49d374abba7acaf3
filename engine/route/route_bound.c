/*
 * route_bound.c - what a route can be worth at most with another client in
 * the place of one.
 *
 * Most exchanges that fit lose, and a search asks after very many: here only
 * clock and prizes are walked on, exactly, and nobody waits who need not.
 * route_tour_price_instead() settles what remains.  See route_tour.h.
 */
#include "route_tour.h"

/* A clock that goes by the hours of the prizes. */
typedef struct glance {
    const route_data *data;
    int32_t clock_s, start_s;
    uint32_t slot;
    int64_t prize;
} glance;

static bool serve(glance *g, const route_client *client, int32_t way_s)
{
    int32_t late_s;

    g->start_s = route_first_start(client, g->clock_s + way_s, &late_s);
    if (g->start_s >= ROUTE_NEVER)
        return false;
    g->clock_s = g->start_s + client->service_s;
    if (!client->slot_prizes) {
        g->prize += client->prize;
        return true;
    }
    while (g->slot + 1 < g->data->n_slots
           && g->data->slot_start_s[g->slot + 1] <= g->start_s)
        g->slot++;
    g->prize += client->slot_prizes[g->slot];
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
        if (!serve(g, &g->data->clients[item], way_before(tour, k)))
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
    int32_t seconds, access_s, metres;
} leg;

static leg leg_to(const route_data *data, const route_tour *tour,
                  uint32_t from, uint32_t place, const route_client *to)
{
    return (leg){ route_leg_s(data, tour->vehicle, from, to->location),
                  place != to->place ? to->access_s : 0,
                  route_leg_m(data, tour->vehicle, from, to->location) };
}

static leg leg_home(const route_data *data, const route_tour *tour,
                    uint32_t from)
{
    return (leg){ route_leg_s(data, tour->vehicle, from, tour->vehicle->end),
                  0,
                  route_leg_m(data, tour->vehicle, from,
                              tour->vehicle->end) };
}

/* Field time without any wait. */
static int64_t busy_s(const route_data *data, const route_tour *tour)
{
    const route_state *last = &tour->states[tour->behind_last];

    return (int64_t)last->clock_s - last->base_s - last->idle_s
        - last->break_s + leg_home(data, tour, last->location).seconds;
}

bool route_tour_may_gain_instead(const route_data *data,
                                 const route_tour *tour, uint32_t i,
                                 uint32_t c)
{
    const route_vehicle *vehicle = tour->vehicle;
    const route_state *before = &tour->states[i];
    const route_client *client = &data->clients[c];
    const route_client *served = &data->clients[tour->items[i]];
    const int64_t old_prize
        = tour->states[tour->behind_last].prize - before->prize;
    const leg to = leg_to(data, tour, before->location, before->place, client);
    const leg old_to
        = leg_to(data, tour, before->location, before->place, served);
    glance g = { .data = data, .clock_s = before->clock_s };
    leg on, old_on;
    int64_t more_s, more_m;
    uint32_t k = i + 1;

    if (to.seconds == GB_ROUTE_UNREACHABLE
        || !serve(&g, client, to.seconds + to.access_s))
        return false;
    for (; k < tour->behind_last && route_is_break(tour->items[k]); k++)
        if (!rest(&g, vehicle, route_break_of(tour->items[k])))
            return false;
    if (k < tour->behind_last) {
        const route_client *next = &data->clients[tour->items[k]];

        on = leg_to(data, tour, client->location, client->place, next);
        old_on = leg_to(data, tour, served->location, served->place, next);
        if (on.seconds == GB_ROUTE_UNREACHABLE
            || !serve(&g, next, on.seconds + on.access_s)
            || !glance_on(&g, tour, k + 1))
            return false;
    } else {
        on = leg_home(data, tour, client->location);
        old_on = leg_home(data, tour, served->location);
        if (on.seconds == GB_ROUTE_UNREACHABLE)
            return false;
    }
    more_s = (int64_t)to.seconds + to.access_s + client->service_s + on.seconds
        + on.access_s - old_to.seconds - old_to.access_s - served->service_s
        - old_on.seconds - old_on.access_s + busy_s(data, tour)
        - tour->end.worth.field_s;
    more_m = (int64_t)to.metres + on.metres - old_to.metres - old_on.metres;
    return 1000 * (g.prize - old_prize)
        >= vehicle->cost_per_s_milli * more_s
            + vehicle->cost_per_m_milli * more_m;
}
