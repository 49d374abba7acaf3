/*
 * grid_familiar.h - territories for people who know some areas already, where
 * no plan is balanced: what is beyond the tolerances, who does not know his
 * areas and how far they lie apart are weighed against each other.
 *
 * As the set of couriers in Hanoi is published: 1000 times the sum of what the
 * territories have beyond the tolerances, in the units of the measures, and 500
 * times the sum of the levels of familiarity, and the sum of distances to the
 * best own area.  Territories are connected, whatever it costs.
 */
#ifndef GRID_FAMILIAR_H
#define GRID_FAMILIAR_H

#include <gridbeat/grid.h>

#include "base_run.h"

typedef struct grid_familiar_problem {
    const gb_areas *areas;    /* balance is of measures 1 on */
    size_t k;
    const double *tolerances; /* n_measures */
    const double *familiarity; /* k rows of n: a level, the lower the better */
    const double *distances;  /* n rows of n, from the area of the row */
} grid_familiar_problem;

typedef struct grid_familiar_value {
    double objective, imbalance, familiarity, compactness;
} grid_familiar_value;

typedef struct grid_familiar_options {
    uint64_t seed, max_iterations; /* of all starts; 0: by the run's time */
    uint32_t n_starts;
} grid_familiar_options;

/* GB_ERR_INFEASIBLE where the areas fall into more components than there are
 * territories; n_priced may be NULL. */
gb_status grid_familiar_solve(base_run *run, const grid_familiar_problem *p,
                              const grid_familiar_options *options,
                              uint32_t *owner, uint64_t *n_priced);

/* Of any plan, recomputed from the data. */
gb_status grid_familiar_measure(base_run *run, const grid_familiar_problem *p,
                                const uint32_t *owner,
                                grid_familiar_value *out);

#endif
