/*
 * route_data.h - a routing problem, checked and laid out for the search.
 *
 * The caller's arrays are optional and of any size known; here every client
 * and vehicle is one flat record, every client has at least one window, and
 * who may serve whom is a bit set.  Immutable once built; the matrices stay
 * the caller's.
 *
 * An item of a route is a client's number, or GB_ROUTE_BREAK(k) for break k of
 * the vehicle: as in the public interface.
 */
#ifndef ROUTE_DATA_H
#define ROUTE_DATA_H

#include <gridbeat/route.h>

#include "base_run.h"

/* Later than every time, and far from overflow. */
#define ROUTE_NEVER (INT32_MAX / 2)

enum {
    ROUTE_MOST_BREAKS = 8,
    ROUTE_MOST_BANDS = 16,
    ROUTE_MOST_LOADS = 8,
    ROUTE_MOST_DAYS = 64
};

typedef struct route_client {
    uint32_t location, place;
    uint32_t n_windows;
    int32_t early_s, late_s;  /* of the first window */
    int32_t service_s;
    int32_t access_s;         /* of its place; 0 where it has none */
    int32_t release_s;        /* -ROUTE_NEVER: at any time */
    uint32_t group, bundle;   /* or GB_ROUTE_NONE */
    uint32_t after;           /* client_after, or GB_ROUTE_NONE */
    const gb_route_window *windows; /* all of them */
    const int64_t *load;      /* n_loads; NULL without loads */
    int64_t prize;            /* the greatest, where it has several */
    bool is_must;             /* it itself, not its group */
    uint8_t n_musts;          /* what serving it counts: itself, its group */
} route_client;

typedef struct route_vehicle {
    /* Matrices of seconds with the vehicle's speed; where travel depends on
       the hour, `seconds` is the least of all bands: a lower bound. */
    const int32_t *seconds;
    const int32_t *metres;           /* NULL: all 0 */
    const int32_t *cost;             /* points a leg; NULL: all 0 */
    const int64_t *prizes;           /* see route_prizes_of() */
    const int64_t *capacity;         /* n_loads; NULL: no limits */
    const int32_t *band_start_s;
    const int32_t *const *band_seconds;
    uint32_t n_bands;                /* 0: `seconds` at any time */
    uint32_t start, end;             /* locations or GB_ROUTE_NONE */
    int32_t shift_start_s, shift_end_s;
    int32_t max_duration_s;          /* ROUTE_NEVER: no limit */
    int32_t max_travel_s;            /* ROUTE_NEVER: no limit */
    uint32_t max_clients;            /* UINT32_MAX: no limit */
    int64_t max_distance_m;          /* INT64_MAX: no limit */
    int64_t cost_per_s_milli, cost_per_m_milli, cost_per_travel_s_milli;
    int64_t fixed_milli;
    uint64_t skills;
    gb_route_break breaks[ROUTE_MOST_BREAKS];
    uint32_t n_breaks;
    uint32_t day, prize_kind;
    uint32_t first_slot; /* that in which the shift begins */
    uint32_t most_items; /* no route of it can be longer */
    bool must_use;
} route_vehicle;

/* Matrices of a profile at a speed, where they are not the caller's own. */
typedef struct route_travel {
    uint32_t profile, speed_permille;
    int32_t *memory;        /* what was derived, all of it */
    const int32_t *seconds; /* the least of all bands */
    const int32_t *bands[ROUTE_MOST_BANDS];
} route_travel;

typedef struct route_data {
    base_mem *mem;
    uint32_t n_locations, n_clients, n_vehicles, n_slots, n_groups;
    uint32_t n_loads, n_prize_kinds, n_bundles;
    const int32_t *slot_start_s;
    const int64_t *kind_prizes; /* client_kind_prize; NULL: no kinds */
    route_client *clients;
    route_vehicle *vehicles;
    uint64_t *allowed; /* n_words a client: bit v; skills are in it */
    size_t n_words;
    /* The caller's, for reasons: what `allowed` is made of; NULL: none. */
    const uint32_t *named_first, *named;
    const uint64_t *skills; /* of clients */
    uint8_t *group_must; /* 1: a must, and somebody is in it; NULL: none */
    /* Clients whose `after` is c: followers[first_follower[c]] and on. */
    uint32_t *first_follower, *followers;
    /* Clients of bundle b: members[first_member[b]] and on, rising. */
    uint32_t *first_member, *members;
    const uint32_t *first_pattern;
    const uint64_t *patterns;
    /* Vehicles of day d: by_day[first_of_day[d]] and on, rising. */
    uint32_t *by_day;
    uint32_t first_of_day[ROUTE_MOST_DAYS + 1];
    int64_t longest_per_s_milli, spread_per_s_milli;
    route_travel *travels;
    uint32_t n_travels;
    bool is_flat; /* no slots, no kinds, no costs: worth its prize anywhere */
    bool has_order;   /* somebody comes after somebody */
    bool has_release;
    bool has_balance; /* a price on the longest route or on the spread */
} route_data;

gb_status route_data_build(gb_context *ctx, const gb_route_problem *given,
                           route_data *data);
void route_data_clear(route_data *data);

static inline bool route_is_break(uint32_t item)
{
    return (item & UINT32_C(0x80000000)) != 0;
}

static inline uint32_t route_break_of(uint32_t item)
{
    return item & UINT32_C(0x7fffffff);
}

static inline bool route_may_serve(const route_data *data, uint32_t vehicle,
                                   uint32_t client)
{
    return (data->allowed[client * data->n_words + vehicle / 64]
            >> (vehicle % 64)) & 1;
}

/*
 * The prizes of client c by slot, one where there are no slots; NULL: it has
 * but one, client->prize.
 */
static inline const int64_t *route_prizes_of(const route_data *data,
                                             const route_vehicle *vehicle,
                                             uint32_t c)
{
    return vehicle->prizes
        ? vehicle->prizes + (size_t)c * (data->n_slots ? data->n_slots : 1)
        : NULL;
}

#endif
