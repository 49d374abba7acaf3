/*
 * plan_problem.h - a manager's candidates as a routing problem.
 *
 * Locations are the gates of places, the branch first; candidates that no
 * street leads to are settled at once, the others become clients.  Each has
 * two lists of prizes: by the hour, and its mean at any hour.  All arrays are
 * in the arena of the day.
 */
#ifndef PLAN_PROBLEM_H
#define PLAN_PROBLEM_H

#include "plan_route.h"

typedef struct plan_problem {
    const plan_data *data;
    base_run *run;
    plan_manager_day *day;
    const store_manager *manager;
    gb_lonlat *at;            /* of locations; 0 is the branch */
    uint32_t *place_of;       /* of locations: of data->places, or none */
    uint32_t *location;       /* of candidates */
    gb_roads_place *snapped;  /* of locations */
    uint32_t *client_of;      /* of candidates; NONE: not in the problem */
    uint32_t *candidate_of;   /* of clients */
    size_t n_locations;
    const plan_prizes *prizes;
    int64_t *hourly_prize, *flat_prize; /* n_clients x n_slots */
    gb_route_problem problem;
    gb_route_vehicle vehicle;
    gb_route_break lunch;
    gb_route_profile profile;
} plan_problem;

/* Fill everything but data, run, day, manager and prizes, which are given.
 * problem.n_clients 0: nobody can be visited. */
gb_status plan_problem_build(plan_problem *p);

/* Memory of the day's arena; NULL: there is none. */
void *plan_problem_take(plan_problem *p, size_t n, size_t size);

const store_target *plan_problem_target(const plan_problem *p,
                                        size_t candidate);

/* The end of a candidate who is not visited; `reason` is a literal. */
void plan_problem_settle(plan_problem *p, size_t candidate, int32_t state,
                         const char *reason);

/* Whatever the search went by, a visit counts what its hour promises. */
int64_t plan_problem_prize(const plan_problem *p, const gb_route_stop *stop);

#endif
