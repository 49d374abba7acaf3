/*
 * plan_cells.h - the step `cells`: basic areas for the workspace, and which
 * customer lies in which.
 *
 * Cells come from the bank's own polygons where it delivered some, else out of
 * the lines of the road index, compounds uncut.  They stay as they are from
 * night to night; customers are put into them every night, since some are new
 * and some have moved.
 */
#ifndef PLAN_CELLS_H
#define PLAN_CELLS_H

#include "plan_data.h"

/* Build cells and put the customers in.  Data must have targets and cells. */
gb_status plan_cells(plan_data *data, json_t **result);

/* Put the customers into the cells that there are; *n_outside of those that
 * have a location are in none. */
gb_status plan_cells_locate(plan_data *data, size_t *n_outside,
                            json_t **result);

/* Are there cells that are ready for territories? */
bool plan_cells_are_made(const plan_data *data);

#endif
