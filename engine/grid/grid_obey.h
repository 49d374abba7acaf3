/*
 * grid_obey.h - a contiguous plan comes to keep what may not be: areas barred
 * from territories, pairs to be apart, the budget of moves.
 *
 * First each area that is where it may not be goes to the nearest territory
 * that may have it, with all that lies between; what is cut off by that goes
 * along.  Where this does not do, shifts at the rim are drawn by chance, at a
 * falling temperature, until nothing is broken.  Balance is looked after only
 * where nothing else is at stake: the search comes after, and never breaks a
 * rule again that holds.
 */
#ifndef GRID_OBEY_H
#define GRID_OBEY_H

#include "base_rng.h"
#include "grid_problem.h"

/*
 * How many bars and pairs are broken, and by how many areas the budget of
 * moves.  Owners of k and more are nowhere.
 */
uint64_t grid_count_breaches(const grid_problem *problem,
                             const uint32_t *owner);

/* Owners all below k; changed only to what breaks less. */
gb_status grid_obey(base_run *run, const grid_problem *problem,
                    uint64_t seed, uint32_t *owner);

#endif
