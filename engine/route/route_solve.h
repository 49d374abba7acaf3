/*
 * route_solve.h - several searches, side by side, and what comes of them.
 */
#ifndef ROUTE_SOLVE_H
#define ROUTE_SOLVE_H

#include "route_result.h"

/*
 * As gb_route_solve(); `options` are resolved, `start` may be NULL.  On
 * GB_ERR_CANCELLED *out may hold the best so far.
 */
gb_status route_solve(base_run *run, const route_data *data,
                      const gb_route_options *options,
                      const route_plan *start, gb_route_solution **out);

#endif
