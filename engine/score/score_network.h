/*
 * score_network.h - density along streets: the kernel follows the street and
 * divides where streets meet.
 *
 * At a junction of m streets each of the others takes 2 / m of what comes in,
 * and 2 / m - 1 is thrown back (the equal-split continuous kernel): so the
 * density is the same on all streets that meet there, and the mass is kept.
 *
 * Epanechnikov and quartic are summed over all paths within the radius, which
 * is exact, and grows with the number of paths.  For the Gaussian the same sum
 * is the heat that has spread after half the squared radius; that is solved
 * on a sixteenth of the radius, whatever the number of paths.
 *
 * Method: A. Okabe, T. Satoh, K. Sugihara, "A kernel density estimation method
 * for networks", Int. J. of Geographical Information Science 23 (2009); for the
 * heat, G. McSwiggan, A. Baddeley, G. Nair, "Kernel density estimation on a
 * linear network", Scandinavian J. of Statistics 44 (2017).  Time is stepped
 * after Crank and Nicolson behind four half steps of Euler (Rannacher), each
 * solved by conjugate gradients.
 */
#ifndef SCORE_NETWORK_H
#define SCORE_NETWORK_H

#include <gridbeat/score.h>

#include "base_run.h"

typedef struct score_network {
    const gb_streets *streets;
    const gb_street_place *points; /* sorted: see score_network_sort() */
    const double *weights;
    size_t n_points;
    const gb_street_place *at;
    size_t n_at;
    gb_kernel kernel;
    double radius_m;
    double *values;
} score_network;

/* Sums over paths; polynomial kernels. */
gb_status score_network_paths(base_run *run, const score_network *n);
/* Heat; the Gaussian. */
gb_status score_network_heat(base_run *run, const score_network *n);

#endif
