/*
 * score_edge.h - how much of a kernel's mass lies inside a polygon.
 *
 * Seen from a place, an edge takes up an angle, and of each direction the
 * kernel has a share up to the edge.  So the mass outside is a sum over the
 * edges near by, signed by the side on which the place lies:
 *
 *   mass = (is inside ? 1 : 0) - sum over edges of
 *          1/2pi integral over t of G(d2 + t2) d / (d2 + t2)
 *
 * with d the distance to the edge's line, t along it, and G what the kernel
 * has beyond that distance in a direction: (1 - q)^2 and (1 - q)^3, q the
 * squared distance over r2, for Epanechnikov's and the quartic kernel, where
 * the integral is an arc tangent and a polynomial; exp(-q / 2) for the
 * Gaussian, where it is Owen's T.
 *
 * Method: D. B. Owen, "Tables for computing bivariate normal probabilities",
 * Annals of Mathematical Statistics 27 (1956).
 */
#ifndef SCORE_EDGE_H
#define SCORE_EDGE_H

#include <gridbeat/score.h>

#include "base_run.h"

typedef struct score_side {
    gb_point a, b; /* the inside is on the left */
    double low_m, high_m; /* in y */
} score_side;

/* The edges of a polygon by their lowest y. */
typedef struct score_window {
    score_side *sides;
    size_t n;
} score_window;

gb_status score_window_build(gb_context *ctx, const gb_shapes *shapes,
                             score_window *out);
void score_window_clear(base_mem *mem, score_window *window);

/*
 * The masses of n kernels in a row, at (x_m + i step_m, y_m).  Scratch:
 * `is_inside` n, `crossings` window->n.
 */
void score_window_row(const score_window *window, gb_kernel kernel,
                      double radius_m, double x_m, double y_m, double step_m,
                      size_t n, bool *is_inside, double *crossings,
                      double *mass);

/* Divide values by the masses; NAN outside. */
gb_status score_edge_raster(base_run *run, const gb_shapes *shapes,
                            gb_kernel kernel, double radius_m,
                            const gb_raster *raster, double *values);
/* The masses at places; 0 outside where `only_inside`.  radii_m: of each
 * place, or NULL. */
gb_status score_edge_at(base_run *run, const gb_shapes *shapes,
                        gb_kernel kernel, double radius_m,
                        const double *radii_m, const gb_point *at, size_t n,
                        bool only_inside, double *mass);

/* The weight that lies in each shape once all kernels are spread. */
gb_status score_edge_sums(base_run *run, const gb_point *points,
                          const double *weights, size_t n,
                          const gb_shapes *shapes, gb_kernel kernel,
                          double radius_m, double *sums);

#endif
