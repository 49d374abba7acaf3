/*
 * route_tour.c - see route_tour.h; plans are in route_plan.c.
 */
#include "route_tour.h"

#include <string.h>

#include "base_check.h"

/* --- what a tour knows --- */

/* The states from `from` on; the one before it is known, but for 0. */
static void find_states(const route_data *data, route_tour *tour,
                        uint32_t from, bool *ok)
{
    route_state state;

    *ok = true;
    tour->behind_last = route_behind_last(tour->items, tour->n_items);
    if (from == 0) {
        tour->states[0] = route_walk_begin(tour->vehicle);
        tour->states[0].release_s = tour->release_s;
    }
    state = tour->states[from];
    for (uint32_t i = from; i < tour->n_items; i++) {
        if (state.clock_s >= ROUTE_NEVER
            || !route_walk_item(data, tour->vehicle, &state, tour->items[i])) {
            if (i < tour->behind_last)
                *ok = false;
            state.clock_s = ROUTE_NEVER;
        }
        tour->states[i + 1] = state;
    }
}

/* The latest end of item i so that all from client `next` on is in time. */
static int32_t latest_before(const route_data *data, const route_tour *tour,
                             uint32_t next, uint32_t location, uint32_t place)
{
    const route_client *client;
    int32_t leg_s;

    if (next == tour->behind_last) {
        leg_s = route_leg_s(data, tour->vehicle, location, tour->vehicle->end);
        return route_latest_end(tour->vehicle, leg_s, tour->items + next,
                                tour->n_items - next);
    }
    client = &data->clients[tour->items[next]];
    leg_s = route_leg_s(data, tour->vehicle, location, client->location);
    return leg_s == GB_ROUTE_UNREACHABLE
        ? -ROUTE_NEVER
        : tour->late_s[next] - leg_s
            - (client->place != place ? client->access_s : 0);
}

static void find_latest(const route_data *data, route_tour *tour)
{
    uint32_t next = tour->behind_last, i = tour->behind_last;
    int32_t put_off_s = ROUTE_NEVER;

    while (i-- > 0) {
        const route_state *state = &tour->states[i + 1];
        const int32_t most = state->idle_s + state->slack_s;

        if (state->n_clients > 0 && most < put_off_s)
            put_off_s = most;
        tour->put_off_s[i] = put_off_s;
        if (!route_is_break(tour->items[i])) {
            const route_client *client = &data->clients[tour->items[i]];
            int32_t limit_s = latest_before(data, tour, next, client->location,
                                            client->place);

            for (uint32_t k = next; k-- > i + 1;) {
                const gb_route_break *b
                    = &tour->vehicle->breaks[route_break_of(tour->items[k])];

                limit_s -= b->length_s;
                if (b->late_s < limit_s)
                    limit_s = b->late_s;
            }
            tour->late_s[i]
                = route_last_start(client, limit_s - client->service_s);
            next = i;
        }
    }
}

static void find_room(const route_data *data, route_tour *tour)
{
    tour->most_room_s = -1;
    for (uint32_t p = tour->n_frozen; p <= tour->n_items; p++) {
        const int32_t clock_s = tour->states[p].clock_s;
        int32_t room_s;

        tour->behind[p] = GB_ROUTE_NONE;
        if (clock_s >= ROUTE_NEVER) {
            room_s = -1;
        } else if (p == tour->n_items) {
            room_s = tour->vehicle->shift_end_s - clock_s;
            tour->behind[p] = tour->vehicle->end;
        } else if (route_is_break(tour->items[p])) {
            room_s = ROUTE_NEVER; /* looked at in full */
        } else {
            room_s = tour->late_s[p] - clock_s;
            tour->behind[p] = data->clients[tour->items[p]].location;
        }
        tour->room_s[p] = room_s;
        if (room_s > tour->most_room_s)
            tour->most_room_s = room_s;
    }
}

/* The end of the route when the breaks from item `first` on follow. */
static bool walk_end_from(const route_data *data, const route_tour *tour,
                          const route_state *state, uint32_t first,
                          route_end *end)
{
    return route_walk_end(data, tour->vehicle, state, tour->items + first,
                          tour->n_items - first, end);
}

bool route_tour_refresh_from(const route_data *data, route_tour *tour,
                             uint32_t from)
{
    bool ok;

    if (data->has_release) {
        const int32_t release_s
            = route_release_of(data, tour->items, tour->n_items);

        from = release_s != tour->release_s ? 0 : from;
        tour->release_s = release_s;
    }
    find_states(data, tour, from, &ok);
    if (!ok
        || !(tour->vehicle->n_bands
                 ? route_walk(data, tour->vehicle, tour->items, tour->n_items,
                              &tour->end)
                 : walk_end_from(data, tour, &tour->states[tour->behind_last],
                                 tour->behind_last, &tour->end)))
        return false;
    find_latest(data, tour);
    find_room(data, tour);
    return true;
}

bool route_tour_refresh(const route_data *data, route_tour *tour)
{
    return route_tour_refresh_from(data, tour, 0);
}

/* --- insertions --- */

/* As route_tour_fits, where breaks come between the gap and what follows. */
static bool fits_before_break(const route_data *data, const route_tour *tour,
                              uint32_t gap, uint32_t c, int32_t *detour_s)
{
    const route_client *client = &data->clients[c], *behind;
    route_state state = tour->states[gap];
    uint32_t i = gap;
    int32_t leg_s;

    if (!route_walk_client(data, tour->vehicle, &state, c))
        return false;
    if (gap >= tour->behind_last) {
        route_end end;

        leg_s = route_leg_s(data, tour->vehicle, client->location,
                            tour->vehicle->end);
        if (leg_s == GB_ROUTE_UNREACHABLE)
            return false;
        *detour_s = state.travel_s - tour->states[gap].travel_s
            + (client->place != tour->states[gap].place ? client->access_s : 0)
            + leg_s
            - (tour->behind_last > 0
                   ? route_leg_s(data, tour->vehicle,
                                 tour->states[gap].location,
                                 tour->vehicle->end)
                   : 0);
        return route_tour_must_drive(data, tour, c, GB_ROUTE_NONE)
            || walk_end_from(data, tour, &state, gap, &end);
    }
    for (; route_is_break(tour->items[i]); i++)
        if (!route_walk_break(tour->vehicle, &state,
                              route_break_of(tour->items[i])))
            return false;
    behind = &data->clients[tour->items[i]];
    leg_s = route_leg_s(data, tour->vehicle, client->location,
                        behind->location);
    if (leg_s == GB_ROUTE_UNREACHABLE)
        return false;
    if (client->place != behind->place)
        leg_s += behind->access_s;
    if (state.clock_s + leg_s > tour->late_s[i])
        return false;
    *detour_s = state.travel_s - tour->states[gap].travel_s + leg_s
        + (client->place != tour->states[gap].place ? client->access_s : 0)
        - (tour->states[i + 1].travel_s - tour->states[gap].travel_s)
        - (behind->place != tour->states[gap].place ? behind->access_s : 0);
    return true;
}

bool route_tour_fits(const route_data *data, const route_tour *tour,
                     uint32_t gap, uint32_t c, int32_t *detour_s)
{
    const route_client *client = &data->clients[c];
    const route_state *before = &tour->states[gap];
    const int32_t room_s = tour->room_s[gap];
    int32_t to_s, on_s, done_s, late_s, old_s = 0;

    if (client->service_s > room_s)
        return false;
    if (gap < tour->n_items && route_is_break(tour->items[gap]))
        return fits_before_break(data, tour, gap, c, detour_s);
    to_s = route_leg_s(data, tour->vehicle, before->location,
                       client->location);
    if (to_s > room_s) /* so is the one of no way */
        return false;
    if (client->place != before->place)
        to_s += client->access_s;
    if (to_s + client->service_s > room_s)
        return false;
    done_s = route_first_start(client, before->clock_s + to_s, &late_s);
    if (done_s >= ROUTE_NEVER)
        return false;
    done_s += client->service_s;
    if (gap < tour->behind_last) {
        const route_client *behind = &data->clients[tour->items[gap]];

        on_s = route_leg_s(data, tour->vehicle, client->location,
                           behind->location);
        if (on_s > room_s)
            return false;
        old_s = tour->states[gap + 1].travel_s - before->travel_s;
        if (client->place != behind->place)
            on_s += behind->access_s;
        if (before->place != behind->place)
            old_s += behind->access_s;
    } else {
        on_s = route_leg_s(data, tour->vehicle, client->location,
                           tour->vehicle->end);
        if (on_s > room_s)
            return false;
        if (tour->behind_last > 0)
            old_s = route_leg_s(data, tour->vehicle, before->location,
                                tour->vehicle->end);
    }
    *detour_s = to_s + on_s - old_s;
    return done_s + on_s <= before->clock_s + room_s;
}

/* The state after the last client, when from item i on all is as it was. */
static route_state rest_as_it_was(const route_tour *tour, uint32_t i,
                                  const route_state *now)
{
    const route_state *then = &tour->states[i];
    route_state last = tour->states[tour->behind_last];
    const int32_t more_idle_s = now->idle_s - then->idle_s;

    last.idle_s += more_idle_s;
    last.put_off_s = now->put_off_s;
    if (i < tour->behind_last
        && tour->put_off_s[i] + more_idle_s < last.put_off_s)
        last.put_off_s = tour->put_off_s[i] + more_idle_s;
    last.base_s = now->base_s;
    last.break_s += now->break_s - then->break_s;
    last.travel_s += now->travel_s - then->travel_s;
    last.n_clients += now->n_clients - then->n_clients;
    last.n_musts += now->n_musts - then->n_musts;
    last.metres += now->metres - then->metres;
    last.leg_cost += now->leg_cost - then->leg_cost;
    last.prize += now->prize - then->prize;
    return last;
}

/* A break more behind the last client. */
static bool price_last_break(const route_data *data, const route_tour *tour,
                             uint32_t gap, uint32_t item, route_end *end)
{
    uint32_t breaks[ROUTE_MOST_BREAKS + 1], n = 0;

    for (uint32_t i = tour->behind_last; i <= tour->n_items; i++) {
        if (i == gap)
            breaks[n++] = item;
        if (i < tour->n_items)
            breaks[n++] = tour->items[i];
    }
    return route_walk_end(data, tour->vehicle,
                          &tour->states[tour->behind_last], breaks, n, end);
}

/* The items from `i` on as they are, from another state before them. */
static bool walk_rest(const route_data *data, const route_tour *tour,
                      route_state state, uint32_t i, route_end *end)
{
    const uint32_t first_behind
        = i > tour->behind_last ? i : tour->behind_last;

    for (; i < tour->behind_last; i++) {
        const route_state *then = &tour->states[i + 1];

        if (!route_walk_item(data, tour->vehicle, &state, tour->items[i]))
            return false;
        if (route_is_break(tour->items[i]))
            continue;
        if (state.start_s > tour->late_s[i])
            return false;
        if (state.clock_s == then->clock_s
            && state.start_s == then->start_s) {
            state = rest_as_it_was(tour, i + 1, &state);
            break;
        }
    }
    return walk_end_from(data, tour, &state, first_behind, end);
}

/* All of it, with `item` before items[gap], or in place of it. */
static bool drive_all(const route_data *data, const route_tour *tour,
                      uint32_t gap, bool is_instead, uint32_t item,
                      route_end *end)
{
    const uint32_t rest = gap + is_instead, n_behind = tour->n_items - rest;

    memcpy(tour->trial, tour->items, gap * sizeof *tour->trial);
    tour->trial[gap] = item;
    memcpy(tour->trial + gap + 1, tour->items + rest,
           n_behind * sizeof *tour->trial);
    return route_walk(data, tour->vehicle, tour->trial, gap + 1 + n_behind,
                      end);
}

bool route_tour_price(const route_data *data, const route_tour *tour,
                      uint32_t gap, uint32_t item, route_end *end)
{
    route_state state = tour->states[gap];

    if (route_tour_must_drive(data, tour, item, GB_ROUTE_NONE))
        return drive_all(data, tour, gap, false, item, end);

    if (state.clock_s >= ROUTE_NEVER)
        return false;
    if (route_is_break(item) && gap >= tour->behind_last)
        return price_last_break(data, tour, gap, item, end);
    return route_walk_item(data, tour->vehicle, &state, item)
        && walk_rest(data, tour, state, gap, end);
}

bool route_tour_price_instead(const route_data *data, const route_tour *tour,
                              uint32_t i, uint32_t client, route_end *end)
{
    route_state state = tour->states[i];

    assert(i < tour->behind_last);
    if (route_tour_must_drive(data, tour, client, tour->items[i]))
        return drive_all(data, tour, i, true, client, end);
    return route_walk_client(data, tour->vehicle, &state, client)
        && walk_rest(data, tour, state, i + 1, end);
}

bool route_tour_price_order(const route_data *data, const route_tour *tour,
                            const uint32_t *items, uint32_t first,
                            uint32_t rest, route_end *end)
{
    const bool ends_alike = rest < tour->behind_last;
    const uint32_t from
        = first < tour->behind_last ? first : tour->behind_last;
    const uint32_t until
        = ends_alike ? rest : route_behind_last(items, tour->n_items);
    route_state state = tour->states[from];

    if (tour->vehicle->n_bands)
        return route_walk(data, tour->vehicle, items, tour->n_items, end);
    if (data->has_order && !route_order_holds(data, items, tour->n_items))
        return false;
    for (uint32_t i = from; i < until; i++)
        if (!route_walk_item(data, tour->vehicle, &state, items[i]))
            return false;
    if (ends_alike)
        return walk_rest(data, tour, state, rest, end);
    return route_walk_end(data, tour->vehicle, &state, items + until,
                          tour->n_items - until, end);
}
