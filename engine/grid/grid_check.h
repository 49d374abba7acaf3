/*
 * grid_check.h - is this a valid partition?  And the figures of any plan.
 *
 * Written apart from the search, on purpose: works on the caller's arrays
 * alone, uses nothing of grid_problem.h, grid_state.h or grid_contiguity.h,
 * and recomputes all.  Connectivity is by union-find here and by search there.
 */
#ifndef GRID_CHECK_H
#define GRID_CHECK_H

#include <gridbeat/grid.h>

#include "base_array.h"
#include "base_run.h"

typedef BASE_ARRAY(gb_territory_finding) grid_findings;

/* What is checked, and what it is to be held against. */
typedef struct grid_plan {
    const uint32_t *owners;
    const uint32_t *previous; /* NULL: none; then nothing is frozen */
    uint64_t max_moved;       /* 0: no limit */
} grid_plan;

gb_status grid_check(base_run *run, const gb_areas *areas,
                     const gb_territory_rules *rules, const grid_plan *plan,
                     grid_findings *findings);

/* activity and deviation may be NULL. */
gb_status grid_measure(base_run *run, const gb_areas *areas,
                       const gb_territory_rules *rules,
                       const uint32_t *owners, gb_territory_measure *measures,
                       double *activity, double *deviation);

/* Adjacencies between territories, and soft barrier within them. */
uint64_t grid_count_cut(const gb_areas *areas, const uint32_t *owners,
                        double *barrier_m);

/* The smallest tolerance, in millionths, that allows this activity. */
double grid_mend_tolerance(double activity, double target);

#endif
