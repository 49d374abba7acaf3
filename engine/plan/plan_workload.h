/*
 * plan_workload.h - expected work, the measure that territories share out.
 *
 * To visit every located target that is to be visited once: the service of
 * each, the access to its place once, the way from one to the next, and the
 * way from the branch and back on each day that this takes (plan_tour.h).
 * What is at the customers' is the same for everybody; the way depends on
 * the branch, and on how its managers go.  So the work of a cell is a number
 * for each branch, and linear in cells: that is the approximation.
 */
#ifndef PLAN_WORKLOAD_H
#define PLAN_WORKLOAD_H

#include "plan_data.h"

/* Targets to be visited at one place, or alone: what a route stops at. */
typedef struct plan_spot {
    uint32_t cell, place, branch; /* place: none for a target without one */
    gb_point at;
    uint32_t target; /* the first */
    double stay_s;   /* service of all, and access */
    double share_m;  /* of the way of a tour, in a straight line */
} plan_spot;

typedef struct plan_work {
    base_mem *mem;
    plan_spot *spots; /* by cell, then place */
    size_t n_spots;
    double *stay_s;   /* n_cells */
    double *n_stops;  /* n_cells: spots */
    double *tour_m;   /* n_cells: straight metres from spot to spot */
    double *pace;     /* n_branches x GB_MODE_COUNT: seconds on the road for a
                         straight metre between near spots */
} plan_work;

/* Data must have targets and cells. */
gb_status plan_work_find(plan_data *data, plan_work *out);
void plan_work_clear(plan_work *work); /* takes an empty one */

/* Of a branch's managers: mean by their hours of something by mode. */
typedef struct plan_mix {
    double of_mode[GB_MODE_COUNT]; /* sums up to 1 */
    double day_s;                  /* the mean working day */
} plan_mix;

/* Seconds of expected work in a cell for a branch that is there_s away. */
double plan_work_s(const plan_work *work, uint32_t branch, const plan_mix *mix,
                   uint32_t cell, double there_s);

#endif
