/*
 * score_density.h - kernel density, exact to rounding.
 *
 * Points are sorted by (y, x) once; each place then sums the points of the
 * band of y that can reach it, in that order, so that neither the order of
 * the input nor the number of threads shows in the bytes.
 *
 * The plain twin (tests) is the double loop over places and points.
 */
#ifndef SCORE_DENSITY_H
#define SCORE_DENSITY_H

#include <gridbeat/score.h>

#include "base_run.h"

/* The kernel's value at a squared distance; `radius_m` as gb_kernel says. */
double score_kernel(gb_kernel kernel, double radius_m, double distance2_m2);
/* How far it reaches. */
double score_kernel_reach_m(gb_kernel kernel, double radius_m);

gb_status score_density_raster(base_run *run, const gb_point *points,
                               const double *weights, size_t n_points,
                               const gb_raster *raster, gb_kernel kernel,
                               double radius_m, double *values);
gb_status score_density_at(base_run *run, const gb_point *points,
                           const double *weights, size_t n_points,
                           const gb_point *at, size_t n_at, gb_kernel kernel,
                           double radius_m, double *values);

#endif
