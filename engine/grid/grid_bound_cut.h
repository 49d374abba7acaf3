/*
 * grid_bound_cut.h - a proven least border between territories, on small maps.
 *
 * A search over frontiers (grid_frontier.h), at finer and finer scales of the
 * weights, each cut down by the least rests of the one before.  Where even
 * the exact scale is searched through, the plan found is proven to be best;
 * where states become too many, the largest goal disproved so far is the
 * bound.
 *
 * What it does not look at - measures but the first, locks, seeds, pairs,
 * hard barriers, unequal shares - can only make plans dearer: the bound holds,
 * and is_relaxed says that the plan need not be valid.
 */
#ifndef GRID_BOUND_CUT_H
#define GRID_BOUND_CUT_H

#include "grid_problem.h"

typedef struct grid_bound_cut_result {
    int64_t lower;      /* no plan is cheaper; in arcs or border units */
    bool is_closed;     /* lower is reached by `owner`, or is `upper` */
    bool has_plan;      /* `owner` costs `lower`, which is below `upper` */
    bool is_infeasible; /* proven: no plan at all, whatever the cost */
    bool is_relaxed;    /* see above: check `owner`, and close it yourself */
    uint64_t n_states;  /* of all searches */
    size_t width;       /* of the frontier; 0: too wide, nothing searched */
} grid_bound_cut_result;

/*
 * @param with_border  the cost is border; else adjacencies
 * @param upper        the cost of a known plan, or INT64_MAX: none
 * @param max_states   of one search, kept in memory at some 100 bytes each
 * @param owner        n; set when has_plan
 * @return GB_OK, also when limits end it early (run->is_late);
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM
 */
gb_status grid_bound_cut(base_run *run, const grid_problem *problem,
                         bool with_border, int64_t upper, uint64_t max_states,
                         grid_bound_cut_result *out, uint32_t *owner);

#endif
