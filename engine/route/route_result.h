/*
 * route_result.h - a finished solution: what the public accessors answer from.
 *
 * Made once from a plan, with every stop's times worked out for the departure
 * that was put off; immutable after that.
 */
#ifndef ROUTE_RESULT_H
#define ROUTE_RESULT_H

#include "route_tour.h"

struct gb_route_solution {
    base_mem *mem; /* counted: outlives the context */
    uint32_t n_clients, n_vehicles, n_items, n_unserved;
    gb_route_summary summary;
    gb_route_totals *totals; /* n_vehicles */
    uint32_t *first_item;    /* n_vehicles + 1 */
    gb_route_stop *stops;    /* n_items */
    gb_route_reason *reasons; /* n_unserved */
    uint32_t *vehicle_of, *item_of; /* of each client; NONE: unserved */
};

/* NULL when there is no memory.  Reasons are there, of kind NONE. */
gb_route_solution *route_result_new(const route_plan *plan);

/*
 * The same from plain lists: the items of vehicle v, all its breaks among
 * them, are items[first[v]] up to before items[first[v + 1]]; n_frozen may be
 * NULL.  One route at a time is driven, so this takes no memory but the
 * solution's.  GB_ERR_INTERNAL when one cannot be driven.
 */
gb_status route_result_from_items(gb_context *ctx, const route_data *data,
                                  const uint32_t *first,
                                  const uint32_t *items,
                                  const uint32_t *n_frozen,
                                  gb_route_solution **out);

/*
 * The stops of a route with their times, as it is told; adds to service_s,
 * access_s and wait_s of the totals.
 */
void route_result_schedule(const route_data *data, const route_tour *tour,
                           gb_route_stop *stops, gb_route_totals *totals);

/*
 * route_reason.c: say of each unserved client why.  `scratch` has room for the
 * items of the longest route and one more.
 */
gb_status route_explain(base_run *run, const route_plan *plan,
                        uint32_t *scratch, gb_route_solution *solution);

/*
 * The shortest run of items of one route that client c could stand in for;
 * among the shortest the one that is worth most.  False: there is none.
 */
typedef struct route_displacement {
    uint32_t vehicle, first, n;
    bool is_all;        /* of the route; then breaks are arranged anew: */
    uint32_t arrangement; /* see route_alone_items() */
    route_end end;      /* of the route with c */
    route_worth change; /* of all routes */
} route_displacement;
bool route_displace(const route_plan *plan, uint32_t c, uint32_t *scratch,
                    route_displacement *out);
/* As far as so many items driven go; *work is 0 when they did not do. */
bool route_displace_within(const route_plan *plan, uint32_t c,
                           uint32_t *scratch, uint64_t *work,
                           route_displacement *out);
/* Write the items of that route down; their number. */
uint32_t route_displaced_items(const route_tour *tour, uint32_t c,
                               const route_displacement *displacement,
                               uint32_t *items);

#endif
