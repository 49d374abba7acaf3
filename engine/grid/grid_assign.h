/*
 * grid_assign.h - exact transport: supplies of areas to capacities of
 * territories at the least cost.
 *
 * Prices of the territories say where each area wants to go; what is then too
 * much somewhere is pushed on along shortest paths.  A path is found among the
 * territories alone: what it costs to push the cheapest area out of s into t
 * is the top of a heap of their own.  The better the prices are that it begins
 * with, the less is left to push: they come from the same transport of every
 * eighth area, or from the caller, who solved one much like it before.
 *
 * GLPK solves the same only while small (2,000 x 20 takes it a second), so it
 * is the oracle of the tests and no more.
 *
 *   J. Edmonds, R. Karp, J. ACM 19 (1972), doi:10.1145/321694.321699
 */
#ifndef GRID_ASSIGN_H
#define GRID_ASSIGN_H

#include "base_run.h"

/* Some of an area's supply; `owner` is a territory. */
typedef struct grid_part {
    uint32_t area, owner;
    int64_t amount;
} grid_part;

/*
 * @param supply    n; >= 0; an area without supply goes where it is cheapest
 * @param capacity  k; >= 0; together at least all supplies
 * @param cost      n rows of k: of one unit; magnitude below 2^53
 * @param begin     NULL, or k prices to begin with, magnitude below 2^53: of
 *                  a transport like this one.  They change the time that it
 *                  takes, and which of several best it is
 * @param owner     n: where most of the area went, the lower id in a tie
 * @param parts     NULL, or the parts by owner, then by area; *n_parts of
 *                  them, to be freed
 * @param price     NULL, or k: the worth of one more unit of capacity; it may
 *                  be `begin`
 * @return GB_OK, GB_ERR_INFEASIBLE when capacity is short, GB_ERR_CANCELLED,
 *         GB_ERR_NOMEM
 */
gb_status grid_assign(base_run *run, size_t n, size_t k,
                      const int64_t *supply, const int64_t *capacity,
                      const int64_t *cost, const int64_t *begin,
                      uint32_t *owner, grid_part **parts, size_t *n_parts,
                      int64_t *price);

#endif
