/*
 * grid_search.h - improve a plan by simulated annealing.
 *
 * A proposal moves one area at the rim of a territory to a neighbour; where
 * that would break the balance, a second area is moved on (or in) to make up
 * for it, the best of a few drawn at random.  What is beyond the tolerance
 * has a price, several times what a move usually changes: so the search walks
 * a little outside of the valid plans and comes back as it cools.  Now and
 * then two neighbours are merged and cut anew (grid_recombine.h), which no
 * chain of single shifts does at a low temperature.
 *
 * Contiguity is never given up: it is asked last, of moves that would be
 * taken, as it is the dearest question.
 *
 * The temperature falls geometrically over a fixed number of proposals, or
 * over the time limit when only that is given.
 */
#ifndef GRID_SEARCH_H
#define GRID_SEARCH_H

#include "grid_state.h"

typedef struct grid_schedule {
    uint64_t n_proposals; /* 0: by the run's time limit */
    bool is_warm;         /* a good plan is at hand: begin cool */
    bool is_fine;         /* the objective is no count: end cooler */
} grid_schedule;

typedef struct grid_result {
    double cost, excess;    /* of `best` */
    uint64_t n_priced;
    double first_valid_s;   /* since the run began; < 0: never */
    int32_t outcome;        /* gb_outcome */
} grid_result;

/* `state` is set; best has n and receives the best plan met. */
gb_status grid_search(base_run *run, grid_state *state,
                      const grid_prices *prices,
                      const grid_schedule *schedule, base_rng *rng,
                      uint32_t *best, grid_result *result);

/* No excess but what rounding of sums leaves. */
static inline bool grid_is_valid(double excess)
{
    return excess < 1e-12;
}

#endif
