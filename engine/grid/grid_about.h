/*
 * grid_about.h - a plan priced about the best of each territory's own areas.
 *
 * Hess's model locates a territory at one of its areas: the sum over areas of
 * weight times distance (or its square) to that area is least.  For each
 * territory the sums about all areas are kept, so that a move is priced by one
 * walk over the members of two territories, and made by one over two rows.
 * For graphs of some hundred areas: memory is n (n + k).
 *
 *   S. W. Hess et al., Nonpartisan political redistricting by computer, Oper.
 *   Res. 13 (1965), doi:10.1287/opre.13.6.998
 */
#ifndef GRID_ABOUT_H
#define GRID_ABOUT_H

#include "grid_problem.h"

typedef struct grid_about {
    size_t n, k;
    const double *far; /* n rows of n: weight of the row's area times its
                          distance to the column's; borrowed */
    double *sum;       /* k rows of n: of a territory about each area */
    double *least;     /* k: of `sum` over its own areas; 0 when empty */
    uint32_t *members; /* k rows of n */
    uint32_t *place;   /* n: in its row of members */
    uint32_t *count;   /* k */
} grid_about;

bool grid_about_init(grid_about *about, base_mem *mem, const double *far,
                     size_t n, size_t k);
void grid_about_clear(grid_about *about, base_mem *mem);
/* From all owners; the sum over territories. */
double grid_about_set(grid_about *about, const uint32_t *owner);
/* The change of the sum if the area moves. */
double grid_about_price(const grid_about *about, uint32_t area, uint32_t from,
                        uint32_t to);
void grid_about_move(grid_about *about, uint32_t area, uint32_t from,
                     uint32_t to);
double grid_about_total(const grid_about *about);

#endif
