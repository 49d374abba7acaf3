/*
 * route_walk_bands.c - travel by time of day.  See route_walk.h.
 *
 * Who leaves later never arrives earlier, so the earliest departure decides
 * what can be driven, and the departures that lose nothing are an interval:
 * its end is found by halving, walking the route as it is and the one put off
 * side by side.
 */
#include "route_walk.h"

#include <string.h>

int32_t route_leg_in_bands(const route_data *data,
                           const route_vehicle *vehicle, uint32_t from,
                           uint32_t to, int32_t clock_s)
{
    int32_t least_s = GB_ROUTE_UNREACHABLE;
    uint32_t b = 0;
    size_t at;

    if (from == GB_ROUTE_NONE || to == GB_ROUTE_NONE)
        return 0;
    at = (size_t)from * data->n_locations + to;
    while (b + 1 < vehicle->n_bands && vehicle->band_start_s[b + 1] <= clock_s)
        b++;
    for (uint32_t first = b; b < vehicle->n_bands; b++) {
        const int32_t wait_s
            = b > first ? vehicle->band_start_s[b] - clock_s : 0;
        const int32_t leg_s = vehicle->band_seconds[b][at];

        if (wait_s >= least_s)
            break;
        if (leg_s != GB_ROUTE_UNREACHABLE && wait_s + leg_s < least_s)
            least_s = wait_s + leg_s;
    }
    return least_s;
}

typedef struct banded {
    const route_data *data;
    const route_vehicle *vehicle;
    const uint32_t *items;
    uint32_t n_items, n_clients_until; /* items up to the last client */
    uint32_t n_on_spot;
    int32_t release_s;
} banded;

/* The state before the way home, when leaving as early as can be. */
static bool walk_early(const banded *b, route_state *state)
{
    const uint32_t n = b->n_clients_until + b->n_on_spot;

    *state = route_walk_begin(b->vehicle);
    state->release_s = b->release_s;
    for (uint32_t i = 0; i < n; i++)
        if (!route_walk_item(b->data, b->vehicle, state, b->items[i]))
            return false;
    return true;
}

/*
 * The same, leaving at `depart_s`: true when every service and every break
 * then begins no later than it may without a loss.
 */
static bool walk_late(const banded *b, int32_t depart_s, route_state *late)
{
    const uint32_t n = b->n_clients_until + b->n_on_spot;
    route_state early = route_walk_begin(b->vehicle);

    *late = early;
    early.release_s = b->release_s;
    late->release_s = depart_s;
    for (uint32_t i = 0; i < n; i++) {
        (void)route_walk_item(b->data, b->vehicle, &early, b->items[i]);
        if (!route_walk_item(b->data, b->vehicle, late, b->items[i])
            || (early.n_clients > 0
                && late->start_s > early.start_s + early.slack_s))
            return false;
    }
    return true;
}

static int32_t way_home(const banded *b, const route_state *state)
{
    return route_leg_at(b->data, b->vehicle, state->location,
                        b->vehicle->end, state->clock_s);
}

/* The latest departure that loses nothing, and the state before going home. */
static int32_t put_off(const banded *b, int32_t end_s, route_state *state)
{
    int32_t low_s = state->base_s, high_s = end_s + 1;

    while (high_s - low_s > 1) {
        const int32_t middle_s = low_s + (high_s - low_s) / 2;
        route_state late;

        if (walk_late(b, middle_s, &late)
            && way_home(b, &late) <= end_s - late.clock_s) {
            low_s = middle_s;
            *state = late;
        } else {
            high_s = middle_s;
        }
    }
    return low_s;
}

static bool finish(const banded *b, route_end *end)
{
    const uint32_t behind = b->n_clients_until + b->n_on_spot;
    route_state state;
    int32_t leg_s;

    if (!walk_early(b, &state))
        return false;
    leg_s = way_home(b, &state);
    if (leg_s == GB_ROUTE_UNREACHABLE
        || state.clock_s + leg_s
            > route_home_by(b->vehicle, b->items + behind,
                            b->n_items - behind))
        return false;
    state.base_s = put_off(b, state.clock_s + leg_s, &state);
    state.put_off_s = 0; /* it is done */
    if (!route_walk_home(b->data, b->vehicle, &state, b->items + behind,
                         b->n_items - behind, end))
        return false;
    end->n_on_spot = b->n_on_spot;
    return true;
}

bool route_walk_bands(const route_data *data, const route_vehicle *vehicle,
                      const uint32_t *items, uint32_t n_items,
                      uint32_t behind_last, route_end *end)
{
    banded b = { .data = data,
                 .vehicle = vehicle,
                 .items = items,
                 .n_items = n_items,
                 .n_clients_until = behind_last,
                 .release_s = route_release_of(data, items, behind_last) };
    bool is_done = false;

    if (behind_last == 0) {
        const route_state state = route_walk_begin(vehicle);

        return route_walk_home(data, vehicle, &state, items, n_items, end);
    }
    for (; b.n_on_spot <= n_items - behind_last && !is_done; b.n_on_spot++)
        is_done = finish(&b, end);
    return is_done;
}
