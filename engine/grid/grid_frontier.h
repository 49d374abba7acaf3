/*
 * grid_frontier.h - all plans of a small map, met area by area.
 *
 * The areas are taken in a fixed order.  Of those taken, the ones that have a
 * neighbour to come are the frontier.  What is still to be decided depends on
 * the areas behind it only through: which frontier areas are joined already
 * (parts), which parts must never be joined, as a border runs between them,
 * how heavy each part is, and how many territories are finished.  Plans that
 * agree in that are one state; the cheapest way to it is kept.
 *
 *   J. Kawahara, T. Horiyama, K. Hotta, S. Minato, WALCOM 2017, and
 *   B. Fifield, K. Imai, J. Kawahara, C. Kenny, Statistics and Public Policy
 *   2020, doi:10.1080/2330443X.2020.1791773 (who count plans that way)
 *
 * Weights make states too many.  A scale is the same map with weights rounded
 * to a unit and limits widened by all that the rounding can do, so that every
 * plan stays a plan: the least rest of a rough scale is a bound for the finer
 * one, and cuts its states away.
 */
#ifndef GRID_FRONTIER_H
#define GRID_FRONTIER_H

#include "grid_problem.h"

enum {
    GRID_FRONTIER_WIDTH = 40, /* areas on a frontier, at most */
    GRID_FRONTIER_PARTS = 16  /* parts of it, at most */
};

/* What taking one area does to the frontier. */
typedef struct grid_frontier_step {
    uint32_t area;
    uint32_t width;             /* of the frontier before */
    uint32_t back_from, back_to; /* of `slots`, `costs`: its neighbours there */
    uint32_t n_kept;
    uint8_t kept[GRID_FRONTIER_WIDTH + 1]; /* slots before that remain after;
                                    the area itself is slot `width` */
} grid_frontier_step;

typedef struct grid_frontier {
    size_t n, k;
    grid_frontier_step *steps; /* n */
    uint8_t *slots;
    int64_t *costs;
    size_t width; /* the largest */
} grid_frontier;

/* One rounding of the weights. */
typedef struct grid_scale {
    uint32_t *weight; /* n; by step */
    uint32_t *rest;   /* n + 1; of all areas from this step on */
    uint32_t low, high;
    bool is_exact;
    bool is_blind; /* parts beside a border may still be joined: fewer fronts,
                      and a lesser bound */
} grid_scale;

/* What is known behind a frontier. */
typedef struct grid_front {
    uint32_t n_closed, n_parts;
    uint8_t part[GRID_FRONTIER_WIDTH + 1];
    uint32_t apart[GRID_FRONTIER_PARTS + 1]; /* a bit for each other part */
    uint32_t weight[GRID_FRONTIER_PARTS + 1];
    uint32_t rough[GRID_FRONTIER_PARTS + 1]; /* by the scale before */
} grid_front;

/*
 * Find an order with narrow frontiers.
 * GB_ERR_NOT_FOUND, without a message, when there is none narrow enough.
 * `costs`: as the problem's neighbours, or NULL: 1 each.
 */
gb_status grid_frontier_build(base_run *run, const grid_problem *problem,
                              const int64_t *costs, grid_frontier *out);
void grid_frontier_clear(grid_frontier *frontier, base_mem *mem);

/* Weights in `unit`s of load; `low` and `high` are loads. */
bool grid_scale_init(grid_scale *scale, base_mem *mem,
                     const grid_problem *problem,
                     const grid_frontier *frontier, double unit, int64_t low,
                     int64_t high);
void grid_scale_clear(grid_scale *scale, base_mem *mem);

/* One step further: the area has joined these parts (bits) of the front
 * before, at `cost`.  False stops. */
typedef bool grid_frontier_visit(const grid_front *front, uint32_t joined,
                                 int64_t cost, void *user);

/* All ways to take the area of step i. */
bool grid_frontier_expand(const grid_frontier *frontier,
                          const grid_scale *scale, const grid_scale *rough,
                          size_t i, const grid_front *front,
                          grid_frontier_visit *visit, void *user);

#endif
