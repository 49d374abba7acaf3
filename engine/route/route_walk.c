/*
 * route_walk.c - see route_walk.h.
 */
#include "route_walk.h"

#include <string.h>

route_state route_walk_begin(const route_vehicle *vehicle)
{
    route_state state;

    memset(&state, 0, sizeof state);
    state.clock_s = vehicle->shift_start_s;
    state.start_s = vehicle->shift_start_s;
    state.base_s = vehicle->shift_start_s;
    state.release_s = -ROUTE_NEVER;
    state.put_off_s = ROUTE_NEVER;
    state.location = vehicle->start;
    state.place = GB_ROUTE_NONE;
    return state;
}

static inline void allow_delay(route_state *state, int32_t slack_s)
{
    const int32_t most = state->idle_s + slack_s;

    state->slack_s = slack_s;
    if (most < state->put_off_s)
        state->put_off_s = most;
}

/* The prize at that start, and the last start that earns the same. */
static inline int64_t prize_at(const route_data *data,
                               const route_vehicle *vehicle, uint32_t c,
                               int32_t start_s, int32_t *late_s)
{
    const int64_t *prizes = route_prizes_of(data, vehicle, c);
    uint32_t slot;

    if (!prizes)
        return data->clients[c].prize;
    slot = route_slot_of(data, vehicle, start_s);
    if (slot + 1 < data->n_slots && data->slot_start_s[slot + 1] <= *late_s)
        *late_s = data->slot_start_s[slot + 1] - 1;
    return prizes[slot];
}

bool route_walk_client(const route_data *data, const route_vehicle *vehicle,
                       route_state *state, uint32_t c)
{
    const route_client *client = &data->clients[c];
    int32_t leg_s, ready_s, late_s = 0;

    if (state->n_clients == 0 && state->clock_s < state->release_s)
        state->clock_s = state->base_s = state->release_s;
    leg_s = route_leg_at(data, vehicle, state->location, client->location,
                         state->clock_s);
    if (leg_s == GB_ROUTE_UNREACHABLE)
        return false;
    ready_s = state->clock_s + leg_s;
    if (client->place != state->place)
        ready_s += client->access_s;
    state->start_s = route_first_start(client, ready_s, &late_s);
    if (state->start_s > vehicle->shift_end_s)
        return false;
    state->idle_s += state->start_s - ready_s;
    state->prize += prize_at(data, vehicle, c, state->start_s, &late_s);
    allow_delay(state, late_s - state->start_s);
    state->clock_s = state->start_s + client->service_s;
    state->travel_s += leg_s;
    state->metres
        += route_leg_m(data, vehicle, state->location, client->location);
    state->leg_cost
        += route_leg_cost(data, vehicle, state->location, client->location);
    state->location = client->location;
    state->place = client->place;
    state->n_clients++;
    state->n_musts += client->n_musts;
    return true;
}

bool route_walk_break(const route_vehicle *vehicle, route_state *state,
                      uint32_t number)
{
    const gb_route_break *b = &vehicle->breaks[number];
    const bool is_leading = state->n_clients == 0;

    if (is_leading && b->late_s < vehicle->shift_start_s) {
        state->start_s = b->late_s;
        if (b->late_s + b->length_s > state->clock_s)
            state->clock_s = b->late_s + b->length_s;
        state->base_s = state->clock_s;
        return true;
    }
    state->start_s
        = state->clock_s > b->early_s ? state->clock_s : b->early_s;
    if (state->start_s > b->late_s)
        return false;
    if (!is_leading) {
        state->idle_s += state->start_s - state->clock_s;
        allow_delay(state, b->late_s - state->start_s);
        state->break_s += b->length_s;
    }
    state->clock_s = state->start_s + b->length_s;
    if (is_leading)
        state->base_s = state->clock_s;
    return true;
}

int32_t route_home_by(const route_vehicle *vehicle, const uint32_t *breaks,
                      uint32_t n_breaks)
{
    int32_t by_s = vehicle->shift_end_s;

    for (uint32_t i = 0; i < n_breaks; i++) {
        const gb_route_break *b = &vehicle->breaks[route_break_of(breaks[i])];

        if (b->late_s < by_s)
            by_s = b->late_s;
    }
    return by_s;
}

bool route_walk_home(const route_data *data, const route_vehicle *vehicle,
                     const route_state *state, const uint32_t *breaks,
                     uint32_t n_breaks, route_end *end)
{
    const int32_t leg_s
        = route_leg_at(data, vehicle, state->location, vehicle->end,
                       state->clock_s);
    const int32_t delay_s = state->idle_s < state->put_off_s
        ? state->idle_s
        : state->put_off_s;

    if (state->n_clients == 0) {
        memset(end, 0, sizeof *end);
        end->depart_s = end->end_s = vehicle->shift_start_s;
        return true;
    }
    if (leg_s == GB_ROUTE_UNREACHABLE
        || state->clock_s + leg_s > route_home_by(vehicle, breaks, n_breaks)
        || state->n_clients > vehicle->max_clients)
        return false;
    end->depart_s = state->base_s + delay_s;
    end->end_s = state->clock_s + leg_s;
    if (end->end_s - end->depart_s > vehicle->max_duration_s)
        return false;
    end->n_on_spot = 0;
    end->n_clients = state->n_clients;
    end->break_s = state->break_s;
    end->prize = state->prize;
    end->metres
        = state->metres
        + route_leg_m(data, vehicle, state->location, vehicle->end);
    if (end->metres > vehicle->max_distance_m
        || state->travel_s + leg_s > vehicle->max_travel_s)
        return false;
    end->worth.n_musts = state->n_musts + vehicle->must_use;
    end->worth.field_s = end->end_s - end->depart_s - state->break_s;
    end->worth.travel_s = state->travel_s + leg_s;
    end->worth.value_milli = 1000 * end->prize - vehicle->fixed_milli
        - vehicle->cost_per_s_milli * end->worth.field_s
        - vehicle->cost_per_travel_s_milli * end->worth.travel_s
        - vehicle->cost_per_m_milli * end->metres
        - 1000
            * (state->leg_cost
               + route_leg_cost(data, vehicle, state->location,
                                vehicle->end));
    return true;
}

bool route_walk_end(const route_data *data, const route_vehicle *vehicle,
                    const route_state *state, const uint32_t *breaks,
                    uint32_t n_breaks, route_end *end)
{
    route_state spot;

    if (route_walk_home(data, vehicle, state, breaks, n_breaks, end))
        return true;
    spot = *state;
    for (uint32_t k = 0; k < n_breaks; k++) {
        if (!route_walk_break(vehicle, &spot, route_break_of(breaks[k])))
            return false;
        if (route_walk_home(data, vehicle, &spot, breaks + k + 1,
                            n_breaks - k - 1, end)) {
            end->n_on_spot = k + 1;
            return true;
        }
    }
    return false;
}

int32_t route_latest_end(const route_vehicle *vehicle, int32_t leg_s,
                         const uint32_t *breaks, uint32_t n_breaks)
{
    int32_t latest_s = -ROUTE_NEVER;

    if (leg_s == GB_ROUTE_UNREACHABLE)
        return latest_s;
    for (uint32_t k = 0; k <= n_breaks; k++) {
        int32_t limit_s = route_home_by(vehicle, breaks + k, n_breaks - k) - leg_s;

        for (uint32_t i = k; i-- > 0 && limit_s > -ROUTE_NEVER;) {
            const gb_route_break *b
                = &vehicle->breaks[route_break_of(breaks[i])];

            limit_s -= b->length_s;
            if (b->late_s < limit_s)
                limit_s = b->late_s;
            if (limit_s < b->early_s)
                limit_s = -ROUTE_NEVER;
        }
        if (limit_s > latest_s)
            latest_s = limit_s;
    }
    return latest_s;
}

uint32_t route_behind_last(const uint32_t *items, uint32_t n_items)
{
    while (n_items > 0 && route_is_break(items[n_items - 1]))
        n_items--;
    return n_items;
}

int32_t route_release_of(const route_data *data, const uint32_t *items,
                         uint32_t n_items)
{
    int32_t release_s = -ROUTE_NEVER;

    for (uint32_t i = 0; i < n_items && data->has_release; i++)
        if (!route_is_break(items[i])
            && data->clients[items[i]].release_s > release_s)
            release_s = data->clients[items[i]].release_s;
    return release_s;
}

bool route_loads_fit(const route_data *data, const route_vehicle *vehicle,
                     const uint32_t *items, uint32_t n_items)
{
    for (uint32_t k = 0; vehicle->capacity && k < data->n_loads; k++) {
        int64_t sum = 0;

        for (uint32_t i = 0; i < n_items; i++)
            if (!route_is_break(items[i]))
                sum += data->clients[items[i]].load[k];
        if (sum > vehicle->capacity[k])
            return false;
    }
    return true;
}

bool route_order_holds(const route_data *data, const uint32_t *items,
                       uint32_t n_items)
{
    for (uint32_t i = 0; i < n_items && data->has_order; i++) {
        if (route_is_break(items[i])
            || data->clients[items[i]].after == GB_ROUTE_NONE)
            continue;
        for (uint32_t j = i + 1; j < n_items; j++)
            if (items[j] == data->clients[items[i]].after)
                return false;
    }
    return true;
}

bool route_walk(const route_data *data, const route_vehicle *vehicle,
                const uint32_t *items, uint32_t n_items, route_end *end)
{
    const uint32_t n = route_behind_last(items, n_items);
    route_state state = route_walk_begin(vehicle);

    if ((data->n_loads && !route_loads_fit(data, vehicle, items, n))
        || (data->has_order && !route_order_holds(data, items, n)))
        return false;
    if (vehicle->n_bands)
        return route_walk_bands(data, vehicle, items, n_items, n, end);
    if (data->has_release)
        state.release_s = route_release_of(data, items, n);
    for (uint32_t i = 0; i < n; i++)
        if (!route_walk_item(data, vehicle, &state, items[i]))
            return false;
    return route_walk_end(data, vehicle, &state, items + n, n_items - n, end);
}
