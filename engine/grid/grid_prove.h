/*
 * grid_prove.h - all ways to divide a small graph, or those that could do.
 *
 * Areas are given to territories one after another, outwards from a corner,
 * and a branch is left as soon as it can lead to no plan: a load beyond its
 * limit; a territory that can no more reach its own areas, or enough load; a
 * stretch without owner that nobody around has room for.  When the work does
 * not end within its limit, nothing is said.
 */
#ifndef GRID_PROVE_H
#define GRID_PROVE_H

#include "grid_problem.h"

typedef struct grid_proof {
    bool has_plan; /* owner keeps all rules that grid_problem.h knows */
    bool has_none; /* proven: no plan does */
    double mend;   /* with has_none: the least tolerance known by which all
                      measures of less would do; infinite: none is known */
    bool has_mended; /* owner is the plan that `mend` would allow */
    bool is_least; /* proven: none less would do; if infinite, none at all */
} grid_proof;

/* Few enough areas, and components no more than territories. */
bool grid_prove_fits(const grid_problem *problem);

/*
 * `upper`: the tolerance by which a plan is known to do that keeps all else;
 * infinite: none.  owner has n, written when has_plan or
 * has_mended.  `most_work` is in
 * looks at an area, some ten nanoseconds each.
 */
gb_status grid_prove(base_run *run, const grid_problem *problem, double upper,
                     uint64_t most_work, uint32_t *owner, grid_proof *proof);

#endif
