/*
 * grid_median.h - clusters of areas about the best of their own: the search
 * for the capacitated p-median, and for territories of the least median.
 *
 * Of each cluster the sum of distances to every area is kept, so what a shift
 * or a swap costs is known exactly, with the best median after it, by one look
 * at each member.  Annealing finds a first plan; then clusters are dissolved
 * here, opened there, and those around annealed again from a low temperature,
 * as no series of single shifts would move a median across the map.
 *
 * Costs are whole numbers: distances come scaled.
 *
 *   S. Kirkpatrick, C. Gelatt, M. Vecchi, Science 220 (1983),
 *   doi:10.1126/science.220.4598.671
 *   D. Pisinger, S. Ropke, Large neighborhood search, Handbook of
 *   Metaheuristics (2010), doi:10.1007/978-1-4419-1665-5_13
 */
#ifndef GRID_MEDIAN_H
#define GRID_MEDIAN_H

#include "base_rng.h"
#include "grid_problem.h"

/* At most so many areas: tables of n x n. */
enum { GRID_MEDIAN_MOST = 5000 };

/* Borrowed, and only read. */
typedef struct grid_median_problem {
    size_t n, k, n_measures;
    const int64_t *far;    /* n rows of n: what it costs to serve the area of
                              the row from that of the column; >= 0 */
    const int64_t *linear; /* n rows of k: what an area costs in a cluster;
                              NULL: nothing */
    const int64_t *load;   /* n rows of n_measures */
    const int64_t *low, *high; /* k rows of n_measures */
    const int64_t *over;   /* n_measures: the price of a unit beyond */
    const int64_t *room;   /* n: the most of measure 0 about this median;
                              NULL: `high` says all */
    bool is_soft;          /* what is beyond is paid for, not forbidden */
    const uint32_t *first, *near; /* rows of areas worth a look, by area */
    bool is_connected;     /* near are adjacencies, clusters are connected */
    const uint32_t *lock;  /* n: the cluster of an area, UINT32_MAX: any;
                              NULL: no locks */
    const grid_problem *rules; /* of grid_may_enter(); NULL: none */
} grid_median_problem;

typedef struct grid_median_cluster {
    size_t n;
    uint32_t median;
    int64_t cost;   /* of the members from the median */
    int64_t beyond; /* price of what is beyond */
} grid_median_cluster;

/* A plan, with what it takes to price a change of it. */
typedef struct grid_median {
    const grid_median_problem *p;
    base_mem *mem;
    int64_t price_factor;  /* of `over`; grows where rules are not kept */
    uint32_t *owner, *place; /* n; place among the members */
    uint32_t *members;     /* k rows of n */
    int64_t *sum;          /* k rows of n: the members from each area */
    int64_t *load;         /* k rows of n_measures */
    grid_median_cluster *clusters; /* k */
    int64_t cost, linear, beyond;  /* of all */
    uint32_t *seen, *queue, stamp; /* n; of searches for connection */
} grid_median;

/* A cluster as it would be. */
typedef struct grid_median_fit {
    int64_t cost, beyond;
    uint32_t median;
} grid_median_fit;

bool grid_median_init(grid_median *state, base_mem *mem,
                      const grid_median_problem *problem);
void grid_median_clear(grid_median *state);

/* Take a plan over; every cluster has an area. */
void grid_median_set(grid_median *state, const uint32_t *owner);
/* After moves without a fit: costs of one cluster, and of all. */
void grid_median_refit(grid_median *state, uint32_t cluster);
void grid_median_total(grid_median *state);

/* UINT32_MAX for none; `out` is a member that is not alone, `in` is none. */
grid_median_fit grid_median_weigh(const grid_median *state, uint32_t cluster,
                                  uint32_t out, uint32_t in);
/* The same, but what is beyond alone, and no median where rooms differ. */
int64_t grid_median_beyond(const grid_median *state, uint32_t cluster,
                           uint32_t out, uint32_t in);
/* Members and sums; costs are left to the caller. */
void grid_median_move(grid_median *state, uint32_t area, uint32_t to);
/* The cluster would be connected, and not empty. */
bool grid_median_holds(grid_median *state, uint32_t cluster, uint32_t out,
                       uint32_t in);

static inline int64_t grid_median_linear(const grid_median_problem *p,
                                         uint32_t area, uint32_t cluster)
{
    return p->linear ? p->linear[(size_t)area * p->k + cluster] : 0;
}

typedef struct grid_median_result {
    int64_t cost, linear, beyond; /* beyond: at prices of the problem */
    uint64_t n_priced;
    double first_valid_s; /* since the run began; < 0: none */
} grid_median_result;

/*
 * Improve `owner`, a plan without empty clusters, connected where that is
 * asked.  Ends after max_iterations proposals, or with the run's time; with
 * neither it does nothing.  `owner` becomes the best plan met; a good one is
 * warm and not annealed first.
 */
gb_status grid_median_search(base_run *run, const grid_median_problem *p,
                             base_rng *rng, uint64_t max_iterations,
                             bool is_warm, uint32_t *owner,
                             grid_median_result *result);

#endif
