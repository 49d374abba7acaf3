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

enum { ROUTE_MOST_BREAKS = 8 };

typedef struct route_client {
    uint32_t location, place;
    uint32_t n_windows;
    int32_t early_s, late_s;  /* of the first window */
    int32_t service_s;
    int32_t access_s;         /* of its place; 0 where it has none */
    uint32_t group;
    const gb_route_window *windows; /* all of them */
    const int64_t *slot_prizes;     /* NULL: `prize` at any time */
    int64_t prize;            /* the greatest, where it has several */
    bool is_must;
} route_client;

typedef struct route_vehicle {
    const int32_t *seconds, *metres; /* metres may be NULL */
    uint32_t start, end;             /* locations or GB_ROUTE_NONE */
    int32_t shift_start_s, shift_end_s;
    int32_t max_duration_s;          /* ROUTE_NEVER: no limit */
    uint32_t max_clients;            /* UINT32_MAX: no limit */
    int64_t cost_per_s_milli, cost_per_m_milli, fixed_milli;
    gb_route_break breaks[ROUTE_MOST_BREAKS];
    uint32_t n_breaks;
    uint32_t most_items; /* no route of it can be longer */
} route_vehicle;

typedef struct route_data {
    base_mem *mem;
    uint32_t n_locations, n_clients, n_vehicles, n_slots, n_groups;
    const int32_t *slot_start_s;
    route_client *clients;
    route_vehicle *vehicles;
    uint64_t *allowed; /* n_words a client: bit v */
    size_t n_words;
    bool is_flat; /* no slots, no costs: a client is worth its prize */
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

#endif
