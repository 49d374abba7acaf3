/*
 * grid_bound_assign.h - the best plan about given centres, by branch and bound.
 *
 * At each node the limits of the k centres are priced: with prices m_j, no
 * assignment costs less than
 *
 *   sum_i w_i min_j (km2_ij + m_j) - sum_j (m_j > 0 ? m_j high : m_j low)
 *
 * and the prices that make it largest come from a transport problem with k
 * sinks, solved by shortest augmenting paths over k + 1 nodes.  It leaves
 * fewer than k areas split; the heaviest is branched on.  What would cost too
 * much by its reduced cost is ruled out; so is what is cut off from its
 * centre, or would make it too heavy; what lies between a centre and an area
 * that must be its own must be, too.
 *
 * An assignment without a split is connected, or an area on the way of its
 * part that is cut off is branched on: contiguity is exact.
 */
#ifndef GRID_BOUND_ASSIGN_H
#define GRID_BOUND_ASSIGN_H

#include "grid_bound_hess.h"

enum { ASSIGN_MOST_CENTRES = 64 };

/* A plan that is connected and in balance about the centres: is it valid, and
 * better?  Lowers *cut, below which the search goes on. */
typedef gb_status (*assign_found_fn)(void *user, const uint32_t *owners,
                                     double value, double *cut);

typedef struct assign_level assign_level;

typedef struct assign_search {
    base_run *run;
    const hess_model *m;
    size_t n, k;
    int64_t *load;      /* n; whole numbers, of low and high as well */
    int64_t low, high;
    uint32_t *first, *neighbours; /* open arcs */
    assign_found_fn found;
    void *user;
    uint64_t n_nodes, max_nodes;
    bool is_stopped;    /* by a limit: nothing is proven */

    uint32_t *centre;   /* k */
    double *far;        /* n rows of k */
    uint64_t *base;     /* n; who may be whose, of this set of centres */
    assign_level **levels;
    size_t n_levels;
    /* scratch of a node */
    int64_t *flow;      /* n rows of k */
    uint32_t *owner;    /* n */
    uint32_t *queue, *depth, *least, *parent, *next; /* n */
    uint8_t *mark;      /* n */
} assign_search;

gb_status assign_init(base_run *run, assign_search *search,
                      const gb_areas *areas, const hess_model *model,
                      assign_found_fn found, void *user);
void assign_clear(assign_search *search);

/* All plans about these k centres below *cut; asks `found` about each. */
gb_status assign_solve(assign_search *search, const uint32_t *centres,
                       double *cut);

#endif
