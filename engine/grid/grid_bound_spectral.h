/*
 * grid_bound_spectral.h - how much must be cut, by eigenvalues.
 *
 * With C the Laplacian of the adjacency (each arc by its cost) and W the
 * weights, a territory S costs x'Cx, x being 1 in S and 0 elsewhere, and has
 * x'Wx of weight.  The vectors of all territories are W-orthogonal, so
 *
 *   2 cut = sum_t x_t'Cx_t >= low * (l_1 + ... + l_k)
 *
 * with the k least eigenvalues of C x = l W x, low being the least weight of
 * a territory.  W. Donath, A. Hoffman, IBM J. Res. Dev. 17 (1973) 420-425.
 *
 * An eigenvalue is bounded from below by counting: as many are below s as the
 * factorisation L D L' of C - s W has negative pivots (Sylvester).
 *
 * Valid for any map and weak where territories have many areas: it grows as
 * the number of territories, the true cut as its root times that of the areas.
 */
#ifndef GRID_BOUND_SPECTRAL_H
#define GRID_BOUND_SPECTRAL_H

#include "grid_bound.h"

/* Rounded down by a millionth; a limit ends it early with what is proven. */
gb_status grid_bound_spectral(base_run *run, const grid_bound_task *task,
                              double *lower);

#endif
