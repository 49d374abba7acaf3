/*
 * plan_territory.h - the step `territory`: cells to branches, and the cells
 * of each branch to its managers.
 *
 * The measure shared out is expected work in seconds: to visit every located
 * target that is to be visited once, with the access to its place and the way
 * between places.  The way is the continuous approximation of a tour through
 * m places in an area A, 0.7124 sqrt(m A) (J. Beardwood, J. Halton,
 * J. Hammersley 1959, doi:10.1017/S0305004100034095; the constant from
 * D. Johnson, L. McGeoch 1996), stretched by the detour of streets.
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

/* Seconds of expected work in each cell: data->cells.n of them. */
gb_status plan_workload(plan_data *data, double *work_s);

#endif
