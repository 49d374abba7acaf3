/*
 * grid_pool.h - many short searches that share what they find.
 *
 * For graphs of up to some hundred areas, where one long search misses the
 * best now and then and many short ones hardly ever do.  A fixed number of
 * streams, each with its own generator, make cycles of grid_roam.h, each with
 * a course drawn by chance, because no one course is right for all graphs.
 * They meet at fixed points; there the best plans of all become the elite, and
 * part of the next cycles begin from one of them, less hot.  As long as no
 * plan is within its tolerance, every other stream searches by grid_search.h
 * instead, which holds to the balance more strictly.
 *
 * By iterations, the plan does not depend on the number of threads.  By time,
 * there are as many streams as threads.
 */
#ifndef GRID_POOL_H
#define GRID_POOL_H

#include "grid_search.h"

typedef struct grid_pool_order {
    const grid_prices *prices;
    const double *far;    /* see grid_about.h; NULL: none.  Its sum is the
                             objective, beside the prices */
    uint64_t seed;
    uint64_t n_proposals; /* of all streams; 0: by the run's time limit */
    bool is_fine;         /* see grid_schedule */
} grid_pool_order;

/* Enough proposals for a pool, and areas few enough. */
bool grid_pool_fits(const grid_problem *problem, uint64_t n_proposals);

/* owner has n: a first plan, contiguous; then the best. */
gb_status grid_pool(base_run *run, const grid_problem *problem,
                    const grid_pool_order *order, uint32_t *owner,
                    grid_result *result);

#endif
