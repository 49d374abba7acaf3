/*
 * score_spots.h - local statistics of areas on checked data.
 *
 * Values are first scaled by a power of two, which changes no statistic and
 * keeps squares of 1e308 and of 1e-308 in range, and then told from their
 * mean.  The plain twin (tests) goes by a full matrix of weights.
 */
#ifndef SCORE_SPOTS_H
#define SCORE_SPOTS_H

#include <math.h>

#include <gridbeat/spots.h>

#include "base_run.h"

typedef struct score_values {
    double *off;      /* a value less the mean, scaled; 0 where unknown */
    bool *is_known;
    size_t n, n_known;
    double m2, m4;    /* means of squares and fourth powers */
} score_values;

/* The chance of a normal number as far from 0 as z, either way. */
static inline double score_two_sided(double z)
{
    return erfc(fabs(z) * 0.70710678118654752440);
}

/* Free with score_values_clear(). */
gb_status score_values_take(gb_context *ctx, const double *values, size_t n,
                            score_values *out);
void score_values_clear(gb_context *ctx, score_values *values);

gb_status score_spots(base_run *run, const score_values *values,
                      const gb_neighbours *near,
                      const gb_spots_options *options, gb_spot *out);
gb_status score_moran(base_run *run, const score_values *values,
                      const gb_neighbours *near, bool is_binary,
                      gb_moran *out);
gb_status score_false_discovery(gb_context *ctx, const double *p, size_t n,
                                double *p_fdr);

#endif
