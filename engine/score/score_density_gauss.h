/*
 * score_density_gauss.h - the Gaussian kernel on a raster, by way of nodes.
 *
 * A Gaussian is the convolution of two narrower ones.  So the points are
 * spread onto a square lattice of nodes by the first, a fifth of the radius
 * apart, and the second carries the nodes to the raster, one axis after the
 * other: the work does not grow with radius / step.
 *
 *   g(r) = g(s) * g(t),   r2 = s2 + t2
 *
 * The sum over nodes in place of the integral is wrong by the factor
 * 1 + 4 exp(-2 pi2 (s t / r)2) with the lattice as unit, here 1 + 1.3e-14;
 * spreading over 20 x 20 nodes leaves out 1e-13 of the kernel's maximum; and
 * beyond 8 radii the kernel is cut off, where 1.3e-14 of it is left.
 * So the error is below 1e-12 of the kernel's maximum times the weight.
 *
 * Method: L. Greengard, J.-Y. Lee, "Accelerating the Nonuniform Fast Fourier
 * Transform", SIAM Review 46 (2004), whose gridding this is, with the second
 * half done on the plane instead of among frequencies.
 */
#ifndef SCORE_DENSITY_GAUSS_H
#define SCORE_DENSITY_GAUSS_H

#include "score_density.h"

/* Radius over step from which nodes pay. */
bool score_gauss_pays(double radius);

/* As score_density_raster(), for a Gaussian of one radius. */
gb_status score_gauss_raster(base_run *run, const score_density_task *task,
                             double weight_scale, const gb_raster *raster,
                             double *values, double *factor);

#endif
