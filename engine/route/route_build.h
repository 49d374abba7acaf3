/*
 * route_build.h - plans that are not searched for: routes given by hand, the
 * greedy list, the nearest neighbour.
 */
#ifndef ROUTE_BUILD_H
#define ROUTE_BUILD_H

#include "route_tour.h"

/* As gb_route_evaluate(); marks what is frozen. */
gb_status route_build_order(gb_context *ctx, const gb_route_order *order,
                            route_plan *plan);

/* As gb_route_greedy(). */
gb_status route_build_greedy(base_run *run, const uint32_t *clients,
                             size_t n_clients, route_plan *plan);

/*
 * Append those of the `n` clients that can be, nearest first, to the empty
 * route of vehicle v; `clients` is used up.  True when all were.
 */
bool route_build_nearest(route_plan *plan, uint32_t v, uint32_t *clients,
                         uint32_t n);

/* Visits of bundles that came to no pattern are not kept. */
void route_build_take_out_broken(route_plan *plan);

#endif
