/*
 * grid_bound_tree.h - which areas are centres, by branch and bound.
 *
 * Best bound first: a node says of some areas that they are centres, or are
 * not; its bound is that of grid_bound_hess.h after some more steps of the
 * prices.  Where the centres are all known, grid_bound_assign.h goes on.  The
 * least bound of an open node is the bound of all.
 */
#ifndef GRID_BOUND_TREE_H
#define GRID_BOUND_TREE_H

#include "grid_bound.h"
#include "grid_bound_hess.h"

/* `prices` are those of the root; result->lower is raised, to the optimum
 * where no limit comes first. */
gb_status grid_bound_tree(base_run *run, const grid_bound_task *task,
                          hess_prices *prices, gb_bound_result *result,
                          uint32_t *owners);

#endif
