/*
 * grid_roam.h - annealing that walks far outside the tolerance.
 *
 * Where a territory has few areas, valid plans are rare and lie far apart: no
 * chain of shifts that keeps the balance leads from one to the next.  Here
 * being beyond the tolerance costs little, so that the search is mostly
 * outside, crosses the valid plans by chance, and keeps the best that it
 * meets.  One cycle heats and cools; a search is many short ones.
 */
#ifndef GRID_ROAM_H
#define GRID_ROAM_H

#include "base_rng.h"
#include "grid_about.h"
#include "grid_lens.h"

typedef struct grid_roam_course {
    uint64_t n_proposals;
    double hot, cold; /* in mean changes of the objective by a shift */
    double slack;     /* what one mean area beyond costs, same unit */
} grid_roam_course;

enum { GRID_PATIENCE_BITS = 12 };

typedef struct grid_roamer {
    grid_state state;
    grid_lens lens;
    const grid_problem *p;
    grid_about about;   /* when is_about */
    bool is_about;
    grid_prices prices; /* of the objective, without excess */
    double excess_price;
    base_rng *rng;
    double scale;       /* mean change of the objective by a shift; 0: not
                           known yet */
    double about_total, temperature;
    double patience[1 << GRID_PATIENCE_BITS]; /* quantiles of what is put up
                           with, in temperatures */
    uint32_t *best;     /* n */
    double cost;        /* of `best`, of the last cycle; infinite: none was
                           within tolerance */
    uint64_t n_priced;
} grid_roamer;

/* `far`: see grid_about.h; NULL: the objective is all in `prices`. */
bool grid_roamer_init(grid_roamer *roamer, const grid_problem *problem,
                      const grid_prices *prices, const double *far,
                      base_rng *rng);
void grid_roamer_clear(grid_roamer *roamer);

/* One cycle from `owner`, contiguous; ends early when the run is late. */
gb_status grid_roam(base_run *run, grid_roamer *roamer,
                    const grid_roam_course *course, const uint32_t *owner);

/* What any plan costs, by the roamer's prices; it takes the plan over. */
double grid_roamer_cost(grid_roamer *roamer, const uint32_t *owner);

#endif
