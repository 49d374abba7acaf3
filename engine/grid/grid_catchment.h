/*
 * grid_catchment.h - which branch owns which area: growth from all branches
 * at once in the order of travel time, as Dijkstra's search grows, with the
 * branches' times scaled in rounds where shares are to be met.
 */
#ifndef GRID_CATCHMENT_H
#define GRID_CATCHMENT_H

#include <gridbeat/grid.h>

#include "base_run.h"

/* owner has n_areas; `options` are resolved. */
gb_status grid_catchment(base_run *run, const gb_areas *areas,
                         size_t n_branches, const uint32_t *travel_s,
                         const gb_catchment_options *options,
                         uint32_t *owner);

#endif
