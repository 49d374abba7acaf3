/*
 * grid_locate.h - the capacitated p-median by the search of grid_median.h, and
 * its lower bound.  Data are checked, see location_api.c.
 */
#ifndef GRID_LOCATE_H
#define GRID_LOCATE_H

#include <gridbeat/location.h>

#include "base_run.h"

typedef struct grid_locate_problem {
    size_t n, k;
    const int64_t *demand, *capacity; /* n */
    const double *far; /* n rows of n: of the node of the row from that of the
                          column */
} grid_locate_problem;

typedef struct grid_locate_result {
    uint64_t n_priced;
    double first_valid_s; /* < 0: none */
} grid_locate_result;

/* n_starts searches that share the iterations; the best plan met. */
gb_status grid_locate(base_run *run, const grid_locate_problem *p,
                      const gb_location_options *options, uint32_t *owner,
                      grid_locate_result *result);

/* No plan within the capacities costs less than *bound; `upper` is the cost of
 * one, or a guess at it, and only guides the steps. */
gb_status grid_locate_bound(base_run *run, const grid_locate_problem *p,
                            int32_t n_rounds, double upper, double *bound);

#endif
