/*
 * route_exact.h - the best order of a few stops, proven.
 *
 * Dynamic programming over sets of items (clients and breaks): a label is the
 * state of the walk after some items, with its last client.  Of two labels of
 * one set and one last client the other goes, when whatever may follow it is
 * no better behind it; where prizes depend on the hour only labels of the same
 * clock compare.  Labels that cannot come up to what is known go as well.
 * Walking is route_walk's, so windows, slots, access, breaks and the put-off
 * departure are those of the model.
 *
 *   M. Held, R. Karp, A dynamic programming approach to sequencing problems,
 *   J. SIAM 10 (1962) 196-210, doi:10.1137/0110015
 */
#ifndef ROUTE_EXACT_H
#define ROUTE_EXACT_H

#include "route_walk.h"

enum {
    ROUTE_EXACT_CLIENTS = 12,
    ROUTE_EXACT_BREAKS = 3,
    ROUTE_EXACT_ITEMS = ROUTE_EXACT_CLIENTS + ROUTE_EXACT_BREAKS
};

typedef struct route_exact {
    /* in */
    uint32_t most_labels; /* where they do not suffice nothing is proven */
    bool may_drop;        /* also routes of some of the clients alone */
    /* out */
    bool is_proven;       /* no order is better than the best of what was
                             given and what was found */
    bool is_found;        /* a better one than what was given */
    uint32_t items[ROUTE_EXACT_ITEMS];
    uint32_t n_items;
    route_worth worth;
    uint32_t n_labels;    /* that were kept */
    struct route_exact_room *room; /* see below; NULL: taken for each call */
    uint64_t n_tried;     /* extensions that were walked */
} route_exact;

/*
 * Can the route of v through so many clients be made exact?  Not with travel
 * by time of day, release times or prices on balance.
 */
bool route_exact_suits(const route_data *data, uint32_t v, uint32_t n_clients);

/*
 * The best route of vehicle v through the clients.  They may be served
 * together: nothing but the order, the clock and the limits of distance and
 * time is looked at.  `known` is what a given route through all of them is
 * worth; NULL: there is none.  False: no memory.
 */
bool route_exact_solve(const route_data *data, uint32_t v,
                       const uint32_t *clients, uint32_t n,
                       const route_worth *known, route_exact *exact);

/*
 * Room for any route with exact->most_labels, so that the calls that follow
 * ask for no memory.  False: there is none.
 */
bool route_exact_take_room(const route_data *data, route_exact *exact);
void route_exact_give_room(const route_data *data, route_exact *exact);

#endif
