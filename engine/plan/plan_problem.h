/*
 * plan_problem.h - a manager's candidates as a routing problem.
 *
 * Locations are the gates of places, the branch first; candidates that no
 * street leads to are settled at once, the others are open.  Those of them
 * who may be visited on a day are the clients of its problem.  Each has two
 * lists of prizes: by the hour, and its mean at any hour.  All arrays are in
 * the scratch arena, but for what outlives the problem.
 */
#ifndef PLAN_PROBLEM_H
#define PLAN_PROBLEM_H

#include "base_text.h"
#include "plan_route.h"

/* Arrays by client, of the problem. */
typedef struct plan_clients {
    uint32_t *location, *place, *first_window;
    int32_t *service_s, *access_s; /* access: by location */
    uint8_t *must;
    gb_route_window *windows;
} plan_clients;

typedef struct plan_problem {
    const plan_data *data;
    base_run *run;
    plan_manager_day *day;
    const store_manager *manager;
    gb_lonlat *at;            /* of locations; 0 is the branch */
    uint32_t *place_of;       /* of locations: of data->places, or none */
    uint32_t *location;       /* of candidates */
    gb_roads_place *snapped;  /* of locations */
    base_arena scratch;
    bool *is_open;            /* of candidates: may still get a visit */
    uint32_t n_open;          /* at first */
    uint32_t day_no;          /* of the horizon: whose clients these are */
    uint32_t *candidate_of;   /* of clients */
    size_t n_locations;
    const plan_prizes *prizes;
    int64_t *hourly_prize, *flat_prize; /* n_clients x n_slots */
    plan_clients clients;
    gb_route_problem problem;
    gb_route_vehicle vehicle;
    gb_route_break lunch;
    gb_route_profile profile;
} plan_problem;

/* Fill everything but data, run, day, manager, prizes and the arena, which are
 * given; no clients yet.  n_open 0: nobody can be visited. */
gb_status plan_problem_build(plan_problem *p);

/* The open candidates of a day of the horizon as clients, with its prizes. */
void plan_problem_of_day(plan_problem *p, uint32_t day_no);

/* Memory of the scratch arena; NULL: there is none. */
void *plan_problem_take(plan_problem *p, size_t n, size_t size);

const store_target *plan_problem_target(const plan_problem *p,
                                        size_t candidate);

/* Milli points a metre for a way at so many points an hour. */
int64_t plan_problem_way_price(const plan_problem *p, int64_t per_h);

/* A copy in the day's arena; clears the text.  NULL: no memory. */
const char *plan_problem_text(plan_problem *p, base_text *text);

/* The end of a candidate who is not visited; `reason` is a literal. */
void plan_problem_settle(plan_problem *p, size_t candidate, int32_t state,
                         const char *reason);

/* Points of the candidate on that day times the chance to meet him then. */
int64_t plan_problem_points(const plan_problem *p, uint32_t candidate,
                            size_t slot);

/* The chance to meet the client of a stop at its hour, in thousandths. */
int64_t plan_problem_chance(const plan_problem *p, const gb_route_stop *stop);

/* Whatever the search went by, a visit counts what its hour promises. */
int64_t plan_problem_prize(const plan_problem *p, const gb_route_stop *stop);

/* What it counts beside waiting for a better day (plan_horizon.h). */
int64_t plan_problem_gain(const plan_problem *p, const gb_route_stop *stop);

#endif
