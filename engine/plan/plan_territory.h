/*
 * plan_territory.h - the step `territory`: cells to branches, and the cells
 * of each branch to its managers.
 *
 * The measure shared out is expected work in seconds (plan_workload.h).
 *
 * Territory i of a branch is made for its manager i, in the order of their
 * references: its share is the time that he works, its travel is by his mode.
 */
#ifndef PLAN_TERRITORY_H
#define PLAN_TERRITORY_H

#include "plan_data.h"

/* Data must have targets and cells.  Saves a draft; *version is its number. */
gb_status plan_territories(plan_data *data, int64_t *version,
                           json_t **result);

#endif
