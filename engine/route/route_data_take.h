/*
 * route_data_take.h - the parts of route_data_build(): each checks a piece of
 * the caller's problem and lays it out.  See route_data.h.
 */
#ifndef ROUTE_DATA_TAKE_H
#define ROUTE_DATA_TAKE_H

#include "route_data.h"

enum {
    ROUTE_MOST_SECONDS = 10000000,  /* of a leg, a service, an access */
    ROUTE_MOST_CLOCK_S = 100000000, /* of any time of day, either sign */
    ROUTE_MOST_RATE = 100000
};
#define ROUTE_MOST_PRIZE INT64_C(1000000000000)
/* Of all prizes together, or all fixed costs: 1000 of it are an int64_t. */
#define ROUTE_MOST_SUM INT64_C(4000000000000000)

/* route_data_travel.c */
gb_status route_take_profiles(gb_context *ctx, const gb_route_problem *p);
/* The vehicle's matrices at its speed; derived ones are made once. */
gb_status route_take_travel(gb_context *ctx, const gb_route_problem *p,
                            const gb_route_vehicle *given, route_data *data,
                            route_vehicle *vehicle);

/* route_data_client.c */
gb_status route_take_client(gb_context *ctx, const gb_route_problem *p,
                            uint32_t c, route_data *data);
/* All prizes together, and so on: what no client shows alone. */
gb_status route_take_sums(gb_context *ctx, const gb_route_problem *p,
                          const route_data *data);

/* route_data_vehicle.c */
gb_status route_take_vehicle(gb_context *ctx, const gb_route_problem *p,
                             uint32_t v, route_data *data);
gb_status route_take_days(gb_context *ctx, route_data *data);

/* route_data_links.c: who follows whom, who belongs together. */
gb_status route_take_order(gb_context *ctx, route_data *data);
gb_status route_take_bundles(gb_context *ctx, const gb_route_problem *p,
                             route_data *data);

#endif
