/*
 * grid_median_areas.h - territories of the least median: the search of
 * grid_median.h on a problem of areas.
 */
#ifndef GRID_MEDIAN_AREAS_H
#define GRID_MEDIAN_AREAS_H

#include "grid_search.h"

/* Areas few enough, and nothing asked for that the search does not price. */
bool grid_median_fits(const grid_problem *p,
                      const gb_territory_options *options);

/*
 * `owner` is a plan, connected; it becomes the best met by n_starts searches
 * of max_iterations proposals each, or within the run's time.
 */
gb_status grid_median_solve(base_run *run, const grid_problem *p,
                            const gb_territory_options *options,
                            uint32_t *owner, grid_result *result);

#endif
