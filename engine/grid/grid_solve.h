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

/* Areas up to which grid_solve_about() can be asked. */
enum { GRID_ABOUT_MOST = 400 };

/*
 * The plan of least sum, over areas, of measure 0 times the distance (its
 * square) to the best of the territory's own areas, as grid_hess.h measures
 * it: on the ellipsoid where `places` is not NULL.  Areas and rules are
 * checked, options resolved; there is no previous plan.  owners has n_areas.
 */
gb_status grid_solve_about(base_run *run, const gb_areas *areas,
                           const gb_lonlat *places,
                           const gb_territory_rules *rules,
                           const gb_territory_options *options,
                           bool is_squared, uint32_t *owners,
                           grid_result *result);

#endif
