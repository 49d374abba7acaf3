/*
 * grid_recombine.h - merge two neighbouring territories and cut them anew.
 *
 * The areas of both are sorted along a direction and taken in this order
 * until the first has its share; areas that come out apart from their
 * territory are given to the other.  Locked areas keep their owner, or the
 * attempt is given up.
 */
#ifndef GRID_RECOMBINE_H
#define GRID_RECOMBINE_H

#include "grid_state.h"

typedef struct grid_recombiner {
    const grid_problem *p; /* borrowed */
    struct grid_ranked *areas; /* n */
    uint32_t *before;      /* n; the owner of each of `areas` */
    size_t n_areas;        /* of the two territories */
} grid_recombiner;

bool grid_recombiner_init(grid_recombiner *recombiner,
                          const grid_problem *problem);
void grid_recombiner_clear(grid_recombiner *recombiner);

/*
 * Cut a and b, which touch, along the direction at `angle`.  The state is
 * changed unless the answer is false; *change is what it changed.
 */
bool grid_recombine(grid_recombiner *recombiner, grid_state *state,
                    uint32_t a, uint32_t b, double angle,
                    grid_terms *change);
/*
 * Let a and b change places: for territories whose shares or starts differ.
 * False, and nothing is changed, where either has a locked area, or one that
 * may not be in the other.
 */
bool grid_exchange(grid_recombiner *recombiner, grid_state *state,
                   uint32_t a, uint32_t b, grid_terms *change);
/* Take the last of either back. */
void grid_recombine_undo(grid_recombiner *recombiner, grid_state *state);

#endif
