/*
 * route_walk.h - the clock of a route, item by item.
 *
 * A route_state is what is known after an item: adding an item to it, or
 * going home from it, is O(1).  All that prices a route in the search uses
 * these few functions; the public header's list "what happens in a route" is
 * their specification.
 *
 * Departure is put off without trying: a delay d of the departure delays item
 * i by max(0, d - idle_i), where idle_i is the waiting up to and including i;
 * so item i allows d <= idle_i + (latest start that changes nothing - start),
 * the end allows d <= idle, and the smallest of these is the delay.
 */
#ifndef ROUTE_WALK_H
#define ROUTE_WALK_H

#include "route_data.h"

typedef struct route_state {
    int32_t clock_s;   /* when the item is done */
    int32_t release_s; /* the way to the first client begins no earlier */
    int32_t start_s;   /* when its service or break began */
    int32_t idle_s;    /* waits so far */
    int32_t slack_s;   /* a later start of the item that changes nothing */
    int32_t put_off_s; /* the items so far allow so much delay of departure */
    int32_t base_s;    /* departure, if it is not put off */
    int32_t break_s;   /* breaks since departure */
    int32_t travel_s;
    uint32_t location, place;
    uint32_t n_clients;
    uint32_t n_musts;
    int64_t metres;
    int64_t leg_cost; /* points, of the cost matrix */
    int64_t prize;
} route_state;

/* What a route is worth; see route_worth_compare(). */
typedef struct route_worth {
    int64_t n_musts;
    int64_t value_milli;
    int64_t field_s;
    int64_t travel_s;
} route_worth;

/* The figures of a whole route. */
typedef struct route_end {
    route_worth worth;
    int64_t prize, metres;
    int32_t depart_s, end_s, break_s;
    uint32_t n_clients;
    uint32_t n_on_spot; /* breaks between the last client and the way home */
} route_end;

/* Above 0 when `a` is better. */
static inline int route_worth_compare(const route_worth *a,
                                      const route_worth *b)
{
    if (a->n_musts != b->n_musts)
        return a->n_musts > b->n_musts ? 1 : -1;
    if (a->value_milli != b->value_milli)
        return a->value_milli > b->value_milli ? 1 : -1;
    if (a->field_s != b->field_s)
        return a->field_s < b->field_s ? 1 : -1;
    if (a->travel_s != b->travel_s)
        return a->travel_s < b->travel_s ? 1 : -1;
    return 0;
}

static inline void route_worth_add(route_worth *sum, const route_worth *more,
                                   int64_t sign)
{
    sum->n_musts += sign * more->n_musts;
    sum->value_milli += sign * more->value_milli;
    sum->field_s += sign * more->field_s;
    sum->travel_s += sign * more->travel_s;
}

/*
 * First start in a window of the client that is not before `ready_s`, with the
 * end of that window in *late_s; ROUTE_NEVER when there is none.
 */
static inline int32_t route_first_start(const route_client *client,
                                        int32_t ready_s, int32_t *late_s)
{
    if (ready_s <= client->late_s) {
        *late_s = client->late_s;
        return ready_s > client->early_s ? ready_s : client->early_s;
    }
    for (uint32_t w = 1; w < client->n_windows; w++)
        if (ready_s <= client->windows[w].late_s) {
            *late_s = client->windows[w].late_s;
            return ready_s > client->windows[w].early_s
                ? ready_s
                : client->windows[w].early_s;
        }
    return ROUTE_NEVER;
}

/* The last start that a window allows at or before `limit_s`. */
static inline int32_t route_last_start(const route_client *client,
                                       int32_t limit_s)
{
    for (uint32_t w = client->n_windows; w-- > 0;)
        if (client->windows[w].early_s <= limit_s)
            return limit_s < client->windows[w].late_s
                ? limit_s
                : client->windows[w].late_s;
    return -ROUTE_NEVER;
}

static inline uint32_t route_slot_at(const route_data *data, int32_t start_s)
{
    uint32_t slot = 0;

    while (slot + 1 < data->n_slots && data->slot_start_s[slot + 1] <= start_s)
        slot++;
    return slot;
}

/* The same, quicker where days are many: few starts come before the shift. */
static inline uint32_t route_slot_of(const route_data *data,
                                     const route_vehicle *vehicle,
                                     int32_t start_s)
{
    uint32_t slot = vehicle->first_slot;

    if (slot > 0 && data->slot_start_s[slot] > start_s)
        slot = 0;
    while (slot + 1 < data->n_slots && data->slot_start_s[slot + 1] <= start_s)
        slot++;
    return slot;
}

/*
 * Seconds from one location to another; NONE is everywhere.  Where travel
 * depends on the hour this is the least of the day.
 */
static inline int32_t route_leg_s(const route_data *data,
                                  const route_vehicle *vehicle, uint32_t from,
                                  uint32_t to)
{
    if (from == GB_ROUTE_NONE || to == GB_ROUTE_NONE)
        return 0;
    return vehicle->seconds[(size_t)from * data->n_locations + to];
}

/* route_walk_bands.c: seconds when leaving at that time. */
int32_t route_leg_in_bands(const route_data *data,
                           const route_vehicle *vehicle, uint32_t from,
                           uint32_t to, int32_t clock_s);

static inline int32_t route_leg_at(const route_data *data,
                                   const route_vehicle *vehicle,
                                   uint32_t from, uint32_t to,
                                   int32_t clock_s)
{
    return vehicle->n_bands
        ? route_leg_in_bands(data, vehicle, from, to, clock_s)
        : route_leg_s(data, vehicle, from, to);
}

static inline int32_t route_leg_m(const route_data *data,
                                  const route_vehicle *vehicle, uint32_t from,
                                  uint32_t to)
{
    if (from == GB_ROUTE_NONE || to == GB_ROUTE_NONE || !vehicle->metres)
        return 0;
    return vehicle->metres[(size_t)from * data->n_locations + to];
}

static inline int32_t route_leg_cost(const route_data *data,
                                     const route_vehicle *vehicle,
                                     uint32_t from, uint32_t to)
{
    if (from == GB_ROUTE_NONE || to == GB_ROUTE_NONE || !vehicle->cost)
        return 0;
    return vehicle->cost[(size_t)from * data->n_locations + to];
}

/* With no release to wait for. */
route_state route_walk_begin(const route_vehicle *vehicle);

/* The last release of these items, or -ROUTE_NEVER. */
int32_t route_release_of(const route_data *data, const uint32_t *items,
                         uint32_t n_items);

/* Each answers false, and leaves nonsense, where the item does not fit. */
bool route_walk_client(const route_data *data, const route_vehicle *vehicle,
                       route_state *state, uint32_t client);
bool route_walk_break(const route_vehicle *vehicle, route_state *state,
                      uint32_t number);
static inline bool route_walk_item(const route_data *data,
                                   const route_vehicle *vehicle,
                                   route_state *state, uint32_t item)
{
    return route_is_break(item)
        ? route_walk_break(vehicle, state, route_break_of(item))
        : route_walk_client(data, vehicle, state, item);
}

/* When to be home for breaks that are taken there. */
int32_t route_home_by(const route_vehicle *vehicle, const uint32_t *breaks,
                      uint32_t n_breaks);

/* Go home from `state`, in time for the `n_breaks` breaks still to take. */
bool route_walk_home(const route_data *data, const route_vehicle *vehicle,
                     const route_state *state, const uint32_t *breaks,
                     uint32_t n_breaks, route_end *end);

/*
 * The end of a route after its last client: as few as can be of the breaks
 * that follow are taken on the spot, the others at home.
 */
bool route_walk_end(const route_data *data, const route_vehicle *vehicle,
                    const route_state *state, const uint32_t *breaks,
                    uint32_t n_breaks, route_end *end);

/*
 * The latest end of the last client's service, if the way home takes `leg_s`
 * and these breaks follow; -ROUTE_NEVER where there is none.
 */
int32_t route_latest_end(const route_vehicle *vehicle, int32_t leg_s,
                         const uint32_t *breaks, uint32_t n_breaks);

/* The index behind the last client; 0 when there is none. */
uint32_t route_behind_last(const uint32_t *items, uint32_t n_items);

/* Do the loads of the clients fit into the vehicle? */
bool route_loads_fit(const route_data *data, const route_vehicle *vehicle,
                     const uint32_t *items, uint32_t n_items);

/* Is nobody before one that it comes after? */
bool route_order_holds(const route_data *data, const uint32_t *items,
                       uint32_t n_items);

/*
 * route_walk_bands.c: the items [0, behind_last), breaks behind them, with
 * travel by the hour.  Departure is put off by halving the time to it: what
 * is asked of a leg later is not known before.
 */
bool route_walk_bands(const route_data *data, const route_vehicle *vehicle,
                      const uint32_t *items, uint32_t n_items,
                      uint32_t behind_last, route_end *end);

/*
 * The whole route, with all that it depends on but the other routes; false
 * when it cannot be driven.
 */
bool route_walk(const route_data *data, const route_vehicle *vehicle,
                const uint32_t *items, uint32_t n_items, route_end *end);

#endif
