/*
 * plan_travel.h - how far each cell is from each branch.
 */
#ifndef PLAN_TRAVEL_H
#define PLAN_TRAVEL_H

#include "plan_data.h"

/* Metres a second by mode, where there is no map to tell. */
extern const double PLAN_GUESSED_M_PER_S[GB_MODE_COUNT];

/*
 * Seconds by a mode from each branch to the centre of each cell: n_branches
 * rows of data->cells.n, GB_GRID_UNREACHABLE where there is no way.  Without
 * roads, straight lines at the speed of an approximation.
 */
gb_status plan_travel(plan_data *data, gb_mode mode, const gb_point *centres,
                      uint32_t *seconds);

#endif
