/*
 * grid_start.h - first plans for the search to improve.
 *
 * Weighted inertial bisection: cut across the long axis so that both sides
 * get their share of the slots, and so on; milliseconds, well balanced, and
 * straight.  Balanced power diagram: from there, move centres to the means
 * and allot by exact transport, until it stands still; rounder and slower.
 *
 *   V. Cohen-Addad, P. Klein, N. Young, Balanced centroidal power diagrams
 *   for redistricting, 2018, doi:10.1145/3274895.3274979
 *
 * Neither minds contiguity; grid_start_mend() makes any owners a plan that is
 * contiguous, without empty territories, and true to locks as far as that is
 * possible at all.
 */
#ifndef GRID_START_H
#define GRID_START_H

#include "base_rng.h"
#include "grid_problem.h"

/* `rng` NULL: straight across the long axis; else turned by chance. */
gb_status grid_start_bisect(base_run *run, const grid_problem *problem,
                            base_rng *rng, uint32_t *owner);

/* At most `rounds` rounds from the owners given. */
gb_status grid_start_power(base_run *run, const grid_problem *problem,
                           size_t rounds, uint32_t *owner);

/*
 * The owners are a diagram: carry on with it to its end, draw so many others,
 * or as many as are drawn until then by base_clock_s(), and take the one with
 * the least moment.
 */
gb_status grid_start_round(base_run *run, const grid_problem *problem,
                           base_rng *rng, uint64_t tries, double until_s,
                           uint32_t *owner);

/* Give the parts numbers that fit shares, locks and travel. */
gb_status grid_start_number(base_run *run, const grid_problem *problem,
                            uint32_t *owner);

/* Owners of k and more are unowned, and will be owned. */
gb_status grid_start_mend(base_run *run, const grid_problem *problem,
                          uint32_t *owner);

/*
 * Pass excess on from territory to territory until every load is allowed, in
 * milliseconds; owners are a contiguous plan, and stay one.
 */
gb_status grid_start_balance(base_run *run, const grid_problem *problem,
                             uint32_t *owner, bool *is_valid);

/* One figure for all measures: mean over them of load / total, times n. */
double grid_start_weight(const grid_problem *problem, size_t area);

#endif
