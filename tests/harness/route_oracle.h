/*
 * route_oracle.h - the best solution of a tiny routing problem, by trying
 * everything: each set of clients on each vehicle, each order of it, each
 * position of each break, each pattern of each bundle.
 *
 * Plain and slow: every route is walked from its start again, by the list in
 * gridbeat/route.h and nothing else.  Up to ORACLE_CLIENTS clients and
 * ORACLE_VEHICLES vehicles; with prices on balance five clients are enough.
 */
#ifndef ROUTE_ORACLE_H
#define ROUTE_ORACLE_H

#include <gridbeat/route.h>

enum { ORACLE_CLIENTS = 8, ORACLE_VEHICLES = 4, ORACLE_ITEMS = 16 };

typedef struct oracle_route {
    int64_t value_milli, field_s, travel_s;
    uint32_t n_items, items[ORACLE_ITEMS];
} oracle_route;

typedef struct oracle_best {
    uint32_t n_musts_unserved;
    int64_t value_milli, field_s, travel_s;
    oracle_route routes[ORACLE_VEHICLES];
} oracle_best;

/* Drive one route, all others empty; false when it breaks a rule. */
bool oracle_drive(const gb_route_problem *problem, uint32_t vehicle,
                  const uint32_t *items, uint32_t n, oracle_route *out);

/* Of each set of clients (bit c: client c) the route of this vehicle that is
 * worth most; without items where there is none.  1 << n_clients of them. */
void oracle_routes(const gb_route_problem *problem, uint32_t vehicle,
                   oracle_route *of_set);

/* Ends the process where there is no memory or the problem is too large. */
void oracle_solve(const gb_route_problem *problem, oracle_best *best);

#endif
