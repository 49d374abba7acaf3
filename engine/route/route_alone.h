/*
 * route_alone.h - can a client be served at all, with all others out of the
 * way; if not, what stands against it and what is the smallest mend.
 *
 * Vehicles that are alike to a client alone are looked at once.  A mend is
 * read off the route with the constraint out of the way, and then held to the
 * route with just that mend, and with one less; where that is not so it is
 * found by halving (a later end never makes a route impossible).  So the
 * answer is true by construction.
 */
#ifndef ROUTE_ALONE_H
#define ROUTE_ALONE_H

#include "route_walk.h"

typedef struct route_alone {
    const route_data *data;
    uint32_t *kind_of;    /* of each vehicle: an index into kinds */
    route_vehicle *kinds; /* without loads */
    uint32_t n_kinds;
    uint8_t *fits;        /* of each kind, for the client asked: 0: not known,
                             1: no, 2: yes */
    uint8_t *is_tried;    /* of each kind: diagnosed for this client */
} route_alone;

bool route_alone_init(route_alone *alone, const route_data *data);
void route_alone_clear(route_alone *alone);

/* True when c cannot be served even alone; then the reason says why. */
bool route_alone_impossible(route_alone *alone, uint32_t c,
                            gb_route_reason *reason);

/*
 * The client alone, with breaks before and behind it: an order of them and a
 * set that comes behind make an arrangement, by number.  Answers the number of
 * items.
 */
uint32_t route_alone_items(const route_vehicle *vehicle, uint32_t c,
                           uint32_t arrangement, uint32_t *items);
/* The first arrangement that can be driven, and the route. */
bool route_alone_drive(const route_data *data, const route_vehicle *vehicle,
                       uint32_t c, uint32_t *arrangement, route_end *end);

#endif
