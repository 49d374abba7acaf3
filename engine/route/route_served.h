/*
 * route_served.h - why a client is served as it is: what the next best places
 * would change, all others staying put.
 */
#ifndef ROUTE_SERVED_H
#define ROUTE_SERVED_H

#include <gridbeat/route_reason.h>

#include "route_result.h"

typedef struct route_served {
    const route_plan *plan;   /* as it is */
    route_plan without, with; /* the client taken out; put elsewhere */
    uint32_t *items;
    uint8_t *which;           /* of each vehicle */
    gb_route_stop *stops;
    bool has_plans;
} route_served;

bool route_served_init(route_served *served, const route_plan *plan);
void route_served_clear(route_served *served);
void route_served_explain(route_served *served, uint32_t c,
                          gb_route_served_reason *out);

#endif
