/*
 * route_vroom_walk.h - a route as VROOM walks it.  Private to
 * route_vroom_walk.c and route_vroom_write.c.
 */
#ifndef ROUTE_VROOM_WALK_H
#define ROUTE_VROOM_WALK_H

#include "route_vroom.h"

enum { VROOM_MOST_BREAKS = 8 };

typedef enum step_kind { STEP_START, STEP_JOB, STEP_BREAK, STEP_END } step_kind;

typedef struct vroom_step {
    step_kind kind;
    uint32_t ref;      /* client, or number of the break */
    uint32_t location; /* or GB_ROUTE_NONE */
    int64_t leg_s, leg_m;
    int64_t arrival_s, setup_s, service_s, wait_s;
    int64_t late_s; /* above 0: begun so long after its last window */
} vroom_step;

typedef struct vroom_sums {
    int64_t cost, setup_s, service_s, travel_s, wait_s, distance_m, priority;
    int64_t loads[8];
    uint32_t n_routes;
} vroom_sums;

typedef struct vroom_writer {
    gb_context *ctx;
    const gb_route_file *file;
    const vroom_file *own; /* NULL: the file is of another format */
    const gb_route_solution *solution;
    base_text *text;
    vroom_step *steps; /* of the route at hand */
    uint32_t n_steps;
    vroom_step *jobs; /* its steps without breaks: start, jobs, end */
    uint32_t n_jobs;
    int64_t
        *earliest; /* n_jobs rows of VROOM_MOST_BREAKS + 1: see place_breaks */
    vroom_sums all;
} vroom_writer;

/* Measures of loads, and what a client's load is in one. */
uint32_t route_vroom_n_measures(const vroom_writer *w);
int64_t route_vroom_load_of(const vroom_writer *w, uint32_t client, uint32_t k);

/* Steps and sums of a vehicle's route; false: it serves nobody. */
bool route_vroom_make_route(vroom_writer *w, uint32_t v, vroom_sums *sums);

#endif
