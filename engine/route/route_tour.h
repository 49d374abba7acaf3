/*
 * route_tour.h - one vehicle's route while it is being improved, and all of
 * them as a plan.
 *
 * A tour keeps the state before each item and, for each client, the latest
 * start that still lets the rest be driven; so whether a client fits at a gap
 * is found in O(1), and its price by walking on only until the clock is the
 * old one again.  Gap p is before items[p]; gap n_items is the last.
 *
 * All memory is taken once, for the longest route there can be: nothing here
 * allocates after route_plan_init().
 */
#ifndef ROUTE_TOUR_H
#define ROUTE_TOUR_H

#include "route_walk.h"

typedef struct route_tour {
    const route_vehicle *vehicle;
    uint32_t number;        /* of the vehicle */
    uint32_t n_items, capacity;
    uint32_t n_frozen;      /* first items that stay */
    uint32_t behind_last;   /* the index behind the last client */
    uint32_t *items;
    /* states[p]: before items[p]; clock_s is ROUTE_NEVER where breaks behind
       the last client could not be taken on the road. */
    route_state *states;
    int32_t *late_s;        /* of clients: the latest start, see above */
    int32_t *room_s;        /* of gaps: from clock to latest next start;
                               ROUTE_NEVER where breaks follow */
    int32_t *put_off_s;     /* least idle + slack from this item on */
    uint32_t *behind;       /* of gaps: location that follows, or NONE */
    int32_t most_room_s;
    route_end end;
} route_tour;

typedef struct route_plan {
    const route_data *data;
    route_tour *tours;      /* of each vehicle */
    uint32_t *tour_of;      /* of each client, or GB_ROUTE_NONE */
    uint32_t *served_of;    /* of each group: its client, or GB_ROUTE_NONE */
    route_worth worth;
    void *memory;
} route_plan;

bool route_plan_init(route_plan *plan, const route_data *data);
void route_plan_clear(route_plan *plan);
/* Copy the routes of those vehicles v with which[v]; NULL: of all. */
void route_plan_copy(route_plan *to, const route_plan *from,
                     const uint8_t *which);
/* Serve nobody by v, and hold no break: before clients change vehicles. */
void route_plan_forget(route_plan *plan, uint32_t v);

/* Give a tour other items; false, with the tour spoilt, if not drivable. */
bool route_plan_set(route_plan *plan, uint32_t v, const uint32_t *items,
                    uint32_t n_items);
/* Insert at a gap where it is known to fit; remove without looking. */
bool route_plan_insert(route_plan *plan, uint32_t v, uint32_t gap,
                       uint32_t item);

/* Recompute what a tour knows about its items. */
bool route_tour_refresh(const route_data *data, route_tour *tour);

/* May the client be served at all: vehicle, group, number of clients. */
bool route_plan_may_insert(const route_plan *plan, uint32_t v, uint32_t c);

/*
 * Does the client fit into the gap, max_duration aside?  O(1), and then
 * *detour_s is what it adds in travel and access.
 */
bool route_tour_fits(const route_data *data, const route_tour *tour,
                     uint32_t gap, uint32_t client, int32_t *detour_s);

/*
 * A quicker no: does the client's service and the way on fit into the gap's
 * room?  `row` is the client's row of seconds.
 */
static inline bool route_gap_has_room(const route_tour *tour, uint32_t gap,
                                      const route_client *client,
                                      const int32_t *row)
{
    const int32_t left_s = tour->room_s[gap] - client->service_s;

    return left_s >= 0
        && (tour->behind[gap] == GB_ROUTE_NONE
            || row[tour->behind[gap]] <= left_s);
}

/* The route with the item inserted, exactly; false: cannot be driven. */
bool route_tour_price(const route_data *data, const route_tour *tour,
                      uint32_t gap, uint32_t item, route_end *end);

/* The route with the client in place of item i, one before behind_last. */
bool route_tour_price_instead(const route_data *data, const route_tour *tour,
                              uint32_t i, uint32_t client, route_end *end);

/*
 * No more than *most_milli is gained by the client at the gap, or in place of
 * item `gap`, which is one; false: cannot be driven.  Cheaper than the exact
 * price, and says nothing of musts.  The gap's clock is known.
 */
bool route_tour_bound(const route_data *data, const route_tour *tour,
                      uint32_t gap, bool is_instead, uint32_t client,
                      int64_t *most_milli);

/* The route with n_items items of which those in [first, rest) are others. */
bool route_tour_price_order(const route_data *data, const route_tour *tour,
                            const uint32_t *items, uint32_t first,
                            uint32_t rest, route_end *end);

#endif
