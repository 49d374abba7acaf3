/*
 * grid_assign.h - exact transport: supplies of areas to capacities of
 * territories at the least cost.
 *
 * Successive shortest augmenting paths on the territories alone: what it
 * costs to push the cheapest area out of s into t is kept for each pair, so a
 * path is found by a dense Dijkstra over k nodes under prices that keep all
 * reduced costs non-negative.  GLPK solves the same only while small (2,000 x
 * 20 takes it a second), so it is the oracle of the tests and no more.
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
 * @param owner     n: where most of the area went, the lower id in a tie
 * @param parts     NULL, or the parts by owner; *n_parts of them, to be freed
 * @param price     NULL, or k: the worth of one more unit of capacity
 * @return GB_OK, GB_ERR_INFEASIBLE when capacity is short, GB_ERR_CANCELLED,
 *         GB_ERR_NOMEM
 */
gb_status grid_assign(base_run *run, size_t n, size_t k,
                      const int64_t *supply, const int64_t *capacity,
                      const int64_t *cost, uint32_t *owner, grid_part **parts,
                      size_t *n_parts, int64_t *price);

#endif
