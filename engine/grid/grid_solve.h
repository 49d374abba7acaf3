/*
 * grid_solve.h - from a problem to a plan: starts, prices, independent
 * searches, the best of them.
 */
#ifndef GRID_SOLVE_H
#define GRID_SOLVE_H

#include "grid_search.h"

/* owner has n.  `options` are resolved: no zero means a default any more. */
gb_status grid_solve(base_run *run, const grid_problem *problem,
                     const gb_territory_options *options, uint32_t *owner,
                     grid_result *result);

#endif
