/*
 * score_density.h - kernel density of weighted points, exactly.
 *
 * On a raster polynomial kernels are swept (score_density_sweep.h), the
 * Gaussian goes by way of nodes (score_density_gauss.h), and both are summed
 * point by point where the radius is too narrow for that to pay.  At places
 * the points near by are summed.
 *
 * The plain twin (tests) is the double loop over places and points.
 */
#ifndef SCORE_DENSITY_H
#define SCORE_DENSITY_H

#include <gridbeat/score.h>

#include "base_run.h"

/* What is smoothed, and how; checked. */
typedef struct score_density_task {
    const gb_point *points;
    const double *weights; /* NULL: 1 each */
    const double *radii_m; /* of each point; NULL: radius_m for all */
    size_t n_points;
    gb_kernel kernel;
    double radius_m;
} score_density_task;

gb_status score_density_raster(base_run *run, const score_density_task *task,
                               const gb_raster *raster, double *values);
gb_status score_density_at(base_run *run, const score_density_task *task,
                           const gb_point *at, size_t n_at, double *values);

/* A power of two that brings the largest weight to between 1/2 and 1, and
 * whether any is below 0. */
double score_weight_scale(const double *weights, size_t n, bool *is_negative);

#endif
