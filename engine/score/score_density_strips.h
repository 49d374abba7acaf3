/*
 * score_density_strips.h - points in the order in which the sweeps want them.
 *
 * The plane is cut into upright strips of a whole number of units (raster
 * cells, nodes).  Within a strip the points stand by y, then x, then weight:
 * so the points of a row's band are one range of each strip, and sums over
 * them are taken in an order that the points alone decide, not the caller's
 * order nor the number of threads.
 *
 *      strip 0   strip 1   strip 2
 *     |    .    |  . ..   |         |   ^ v
 *     | .       |    .    |  .   .  |   |
 *     +----+----+----+----+----+----+   +--> p, from the strip's middle
 *
 * Places are kept relative to the middle of their strip, in units, so that
 * moments of x stay small beside the radius.
 */
#ifndef SCORE_DENSITY_STRIPS_H
#define SCORE_DENSITY_STRIPS_H

#include <gridbeat/geo.h>

#include "base_run.h"

typedef struct score_strips {
    size_t n, n_strips;
    double x0_m, y0_m, unit_m; /* place of the unit (0, 0) */
    double width;   /* of a strip, in units: whole and even */
    double first;   /* the unit at which strip 0 begins */
    size_t *starts; /* n_strips + 1 */
    double *p;      /* units east of the strip's middle */
    double *v;      /* units north of y0_m */
    double *w;      /* the weight */
    double *r;      /* the radius in units; NULL: all have the same */
} score_strips;

/* What is to be laid out; points outside the box of units are left out. */
typedef struct score_strips_plan {
    const gb_point *points;
    const double *weights; /* NULL: 1 each */
    const double *radii_m; /* NULL: all have the same */
    size_t n_points;
    double weight_scale; /* a power of two that weights are multiplied by */
    double least_radius_m, below_radius_m; /* with radii: those in between */
    double x0_m, y0_m, unit_m;
    double width;
    double min_u, max_u, min_v, max_v;
} score_strips_plan;

gb_status score_strips_build(base_run *run, const score_strips_plan *plan,
                             score_strips *out);
void score_strips_clear(base_mem *mem, score_strips *strips);

/* The unit in the middle of a strip. */
static inline double score_strips_middle(const score_strips *s, size_t strip)
{
    return s->first + s->width * (double)strip + s->width / 2;
}

/* The points of a strip with v in [low, high]. */
void score_strips_band(const score_strips *s, size_t strip, double low,
                       double high, size_t *from, size_t *to);

#endif
