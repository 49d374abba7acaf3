/*
 * grid_bound_hess.h - Hess's location model with the assignment priced.
 *
 * Each area i has a price a_i a unit of weight, the reward for covering it.
 * A centre j then takes, of the areas within its reach, those with the least
 * km2(i, j) - a_i, itself always, until its weight is in [low, high]: a
 * continuous knapsack.  The prices of all areas and the cheapest k centres
 * add up to a figure that no plan is below, whatever the prices are.
 *
 * The slope of that figure is what is left uncovered or covered twice.  It is
 * climbed with the choice of centres smoothed (Yu. Nesterov's way): without,
 * all that are taken crowd at one place and the steps lead nowhere.
 *
 *   S. W. Hess et al., Oper. Res. 13 (1965) 998-1006
 *   Yu. Nesterov, Math. Program. 103 (2005) 127-152
 *   H. Validi, A. Buchanan, E. Lykhovyd, Oper. Res. 70 (2022) 867-892
 *
 * Nothing here knows of contiguity but the reach: an area is out of reach of
 * a centre when every way there is heavier than `high`.
 */
#ifndef GRID_BOUND_HESS_H
#define GRID_BOUND_HESS_H

#include <math.h>

#include <gridbeat/grid.h>

#include "base_run.h"
#include "grid_hess.h"

/* What is known of an area as a centre. */
typedef enum hess_choice { HESS_FREE = 0, HESS_IN = 1, HESS_OUT = 2 } hess_choice;

typedef struct hess_model {
    base_mem *mem;
    size_t n, k;
    const double *weight; /* n; borrowed */
    double low, high;     /* of any territory */
    bool is_squared;      /* else all that is called km2 is in km */
    uint32_t *first;      /* n + 1: what is within reach of a centre ... */
    uint32_t *area;       /* ... itself first, then from near to far */
    double *km2;          /* as area */
    size_t n_blocks;      /* of areas that lie together */
    uint32_t *block;      /* n */
    double *beyond_km2;   /* n rows of n_blocks: nothing of the block that was
                             left out is nearer; INFINITY: nothing was */
    double *most;         /* n_blocks; scratch: the highest price */
    uint32_t *first_member, *member; /* areas by block */
    grid_spot *spots;     /* n */
    double *edge;         /* n; all nearer than that are on the list */
} hess_model;

static inline double hess_far(const hess_model *m, uint32_t a, uint32_t b)
{
    const double km2 = grid_spot_km2(&m->spots[a], &m->spots[b]);

    return m->is_squared ? km2 : sqrt(km2);
}

/* Places may be NULL.  `is_whole`: every area that can be reached is kept;
 * else the nearest, some times `high` in weight. */
gb_status hess_model_build(base_run *run, const gb_areas *areas,
                           const gb_lonlat *places, size_t k, double low,
                           double high, bool is_squared, bool is_whole,
                           hess_model *out);
void hess_model_clear(hess_model *model);

/* The state of the prices; `choice` is set by the caller. */
typedef struct hess_prices {
    const hess_model *m;
    uint8_t *choice;   /* n; hess_choice */
    double *price;     /* n; of the best bound so far */
    double *value;     /* n; of each centre at those prices */
    double *share;     /* n; how often a centre was taken of late, 0 to 1 */
    double lower;      /* the bound at those prices, rounded down */
    double threshold;  /* value of the last centre taken */
    uint64_t n_iterations;
    double lambda;
    double heat;       /* of the choice of centres in the slope; 0: the
                          cheapest */
    /* scratch */
    double *tried, *tried_value, *slope, *mean, *key, *load, *pivot;
    double *limit;   /* n; up to which key a centre looked beyond its list */
    uint32_t *item;  /* n */
    uint32_t *order; /* k; the centres taken */
} hess_prices;

gb_status hess_prices_init(base_run *run, hess_prices *prices,
                           const hess_model *model);
void hess_prices_clear(hess_prices *prices);

/*
 * Good prices from nothing: n_iterations steps, in which at first all centres
 * count by how near they come to being taken, then the cheapest alone: along
 * a slope that is smooth, to where it no longer is.  Centres that no plan
 * below `upper` (INFINITY: not known) can have become HESS_OUT.
 */
gb_status hess_prices_begin(base_run *run, hess_prices *prices,
                            uint64_t n_iterations, double upper);

/* Prices and choices of another time: n each; sets value and lower. */
void hess_prices_set(hess_prices *prices, const double *price,
                     const uint8_t *choice);

/*
 * Better prices from good ones, after other choices: at most n_iterations
 * steps, to where `lower` passes `upper`.  `lower` and `choice` as before.
 */
gb_status hess_prices_improve(base_run *run, hess_prices *prices,
                              uint64_t n_iterations, double upper);

#endif
