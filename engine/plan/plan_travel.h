/*
 * plan_travel.h - how far each cell is from where its manager starts.
 */
#ifndef PLAN_TRAVEL_H
#define PLAN_TRAVEL_H

#include "plan_data.h"

/*
 * Seconds from the branch of each manager by his mode to the centre of each
 * cell: n_managers rows of data->cells.n, GB_GRID_UNREACHABLE where there is
 * no way.  Without roads, straight lines at the speed of an approximation.
 */
gb_status plan_travel(plan_data *data, const uint32_t *managers,
                      size_t n_managers, const gb_point *centres,
                      uint32_t *seconds);

#endif
