/*
 * route_tour.h - one vehicle's route while it is being improved, and all of
 * them as a plan.
 *
 * A tour keeps the state before each item and, for each client, the latest
 * start that still lets the rest be driven; so whether a client fits at a gap
 * is found in O(1), and its price by walking on only until the clock is the
 * old one again.  Gap p is before items[p]; gap n_items is the last.
 *
 * All memory is taken once: tours share a store that is proportional to
 * clients plus vehicles, where a tour that grows moves; nothing here allocates
 * after route_plan_init().  So `items` and the like are good until the next
 * change of the tour.
 */
#ifndef ROUTE_TOUR_H
#define ROUTE_TOUR_H

#include "route_walk.h"

typedef struct route_tour {
    const route_vehicle *vehicle;
    uint32_t number;        /* of the vehicle */
    uint32_t n_items;
    uint32_t capacity;      /* items of the longest route there can be */
    uint32_t room;          /* records that the tour has in the store */
    uint32_t n_frozen;      /* first items that stay */
    uint32_t behind_last;   /* the index behind the last client */
    int32_t release_s;      /* the last of its clients */
    uint32_t *items;
    /* states[p]: before items[p]; clock_s is ROUTE_NEVER where breaks behind
       the last client could not be taken on the road. */
    route_state *states;
    int32_t *late_s;        /* of clients: the latest start, see above; where
                               travel depends on the hour, at the latest */
    int32_t *room_s;        /* of gaps: from clock to latest next start;
                               ROUTE_NEVER where breaks follow */
    int32_t *put_off_s;     /* least idle + slack from this item on */
    uint32_t *behind;       /* of gaps: location that follows, or NONE */
    uint32_t *trial;        /* room for the items of any route; shared */
    int64_t *loads;         /* n_loads: of all its clients */
    int32_t most_room_s;
    route_end end;
} route_tour;

/* Where the tours are: one array for each of their members. */
typedef struct route_store {
    route_state *states;
    uint32_t *items, *behind;
    int32_t *late_s, *room_s, *put_off_s;
} route_store;

typedef struct route_plan {
    const route_data *data;
    route_tour *tours;      /* of each vehicle */
    uint32_t *tour_of;      /* of each client, or GB_ROUTE_NONE */
    uint32_t *served_of;    /* of each group: its client, or GB_ROUTE_NONE */
    uint64_t *bundle_days;  /* of each bundle: when it is visited */
    route_worth worth;      /* of all routes, without the price of balance */
    route_store stores[2];  /* tours move from one to the other when full */
    size_t store_size, used; /* records, of the store in use */
    uint32_t in_use;
    uint32_t *trial, *kept; /* room for the items of any route */
    int64_t *loads;
    void *memory;
} route_plan;

bool route_plan_init(route_plan *plan, const route_data *data);
void route_plan_clear(route_plan *plan);
/* Copy the routes of those vehicles v with which[v]; NULL: of all. */
void route_plan_copy(route_plan *to, const route_plan *from,
                     const uint8_t *which);
/* The same of the n vehicles in a list. */
void route_plan_copy_some(route_plan *to, const route_plan *from,
                          const uint32_t *vehicles, uint32_t n);
/* Serve nobody by v, and hold no break: before clients change vehicles. */
void route_plan_forget(route_plan *plan, uint32_t v);

/*
 * Give a tour other items; false, with the tour spoilt, if not drivable.  The
 * items are none of this plan's own.  Order and bundles over several routes
 * are not looked at, nor are groups.
 */
bool route_plan_set(route_plan *plan, uint32_t v, const uint32_t *items,
                    uint32_t n_items);
/* Insert at a gap where it is known to fit; remove without looking. */
bool route_plan_insert(route_plan *plan, uint32_t v, uint32_t gap,
                       uint32_t item);

/* The price of balance; and the worth of all with it. */
int64_t route_plan_balance(const route_plan *plan);
route_worth route_plan_worth(const route_plan *plan);
/*
 * What the worth of all changes by where the routes of v and w end otherwise;
 * w is GB_ROUTE_NONE for one route alone.
 */
route_worth route_plan_change(const route_plan *plan, uint32_t v,
                              const route_end *end, uint32_t w,
                              const route_end *other_end);
static inline bool route_plan_improves(const route_plan *plan, uint32_t v,
                                       const route_end *end)
{
    route_worth change;

    if (!plan->data->has_balance)
        return route_worth_compare(&end->worth, &plan->tours[v].end.worth)
            > 0;
    change = route_plan_change(plan, v, end, GB_ROUTE_NONE, NULL);
    return route_worth_compare(&change, &(route_worth){ 0, 0, 0, 0 }) > 0;
}

/* Are these days none at all, or a pattern of the bundle? */
bool route_bundle_holds(const route_data *data, uint32_t bundle,
                        uint64_t days);
/* May client c leave its route, its bundle being what it is? */
bool route_plan_may_leave(const route_plan *plan, uint32_t c);

/* Where an item of the tour stands in it. */
static inline uint32_t route_tour_position(const route_tour *tour,
                                           uint32_t item)
{
    uint32_t i = 0;

    while (tour->items[i] != item)
        i++;
    return i;
}

/* Recompute what a tour knows about its items, all of them or from one on. */
bool route_tour_refresh(const route_data *data, route_tour *tour);
bool route_tour_refresh_from(const route_data *data, route_tour *tour,
                             uint32_t from);

/*
 * Must all be driven to know the price, because the client in (or the one
 * that goes; or NONE) changes the clock before the gap, or travel depends on
 * the hour?  What is asked in O(1) is then only needed, not enough.
 */
static inline bool route_tour_must_drive(const route_data *data,
                                         const route_tour *tour, uint32_t c,
                                         uint32_t instead_of)
{
    return tour->vehicle->n_bands > 0
        || (data->has_release
            && ((!route_is_break(c)
                 && data->clients[c].release_s > tour->release_s)
                || (instead_of != GB_ROUTE_NONE
                    && data->clients[instead_of].release_s
                        > -ROUTE_NEVER)));
}

/*
 * May the client be served by v at all: vehicle, group, loads, number of
 * clients, a day on which its bundle is not visited, no other route that it
 * is bound to?  Not asked: whether its bundle is then whole.
 */
bool route_plan_may_insert(const route_plan *plan, uint32_t v, uint32_t c);

/* Do loads allow the client in place of another (or NONE)? */
bool route_tour_may_load(const route_data *data, const route_tour *tour,
                         uint32_t c, uint32_t instead_of);

/*
 * Narrow the gaps [*first, *last] of tour v to those that are behind the one
 * that c comes after and before those that come after c, client `but` (or
 * NONE) aside; false: there is none, or they are on another route.
 */
bool route_plan_gaps(const route_plan *plan, uint32_t v, uint32_t c,
                     uint32_t but, uint32_t *first, uint32_t *last);

/*
 * May v, and w where it is not NONE, have these items instead of what they
 * have: is nobody parted from those he is in an order with, and does every
 * bundle keep its days?  Clients may change places between the two.
 */
bool route_plan_allows(const route_plan *plan, uint32_t v,
                       const uint32_t *items, uint32_t n_items, uint32_t w,
                       const uint32_t *other_items, uint32_t n_other);

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
