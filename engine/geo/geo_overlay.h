/*
 * geo_overlay.h - union, intersection, difference and repair of shapes, by
 * GEOS.
 *
 * Arrays go in, arrays come out: no GEOS object outlives the function that
 * made it, each call has a GEOS handle of its own, and GEOS's words on a
 * failure stand in the message of GB_ERR_LIBRARY.  Any thread, one context
 * each.  Results hold areas only: points and lines in which shapes merely
 * touch are dropped.
 */
#ifndef GEO_OVERLAY_H
#define GEO_OVERLAY_H

#include "base_run.h"
#include "geo_shape.h"

typedef enum geo_overlay_op {
    GEO_INTERSECTION,
    GEO_DIFFERENCE, /* a without b */
    GEO_UNION
} geo_overlay_op;

/* Shape i of a with shape j of b, as one shape of `out`, which may have no
 * rings.  Broken inputs are GB_ERR_LIBRARY: mend them first. */
gb_status geo_overlay(gb_context *ctx, geo_overlay_op op, const gb_shapes *a,
                      size_t i, const gb_shapes *b, size_t j,
                      geo_shapes *out);

/* The area of the same. */
gb_status geo_overlay_area_m2(gb_context *ctx, geo_overlay_op op,
                              const gb_shapes *a, size_t i,
                              const gb_shapes *b, size_t j, double *area_m2);

/*
 * Each shape of `shapes` clipped by shape c of `clip`: shape s of what is
 * appended is what is left of shape s, which may have no rings.
 */
gb_status geo_clip(gb_context *ctx, const gb_shapes *shapes,
                   const gb_shapes *clip, size_t c, geo_shapes *out);

/* All of them as one shape of `out`. */
gb_status geo_union(gb_context *ctx, const gb_shapes *shapes, geo_shapes *out);

/* Is shape s a valid one, to GEOS? `why` (NULL: not asked) gets its words. */
gb_status geo_is_valid(gb_context *ctx, const gb_shapes *shapes, size_t s,
                       bool *is_valid, char why[128]);

/*
 * Each shape made valid (bow ties split, overlaps within it joined, rings
 * turned the right way), one for one; one that was valid stays as it was, to
 * the bit.  A shape that had no area comes out without rings.
 * Method: GEOSMakeValidWithParams, "structure".
 */
gb_status geo_make_valid(gb_context *ctx, const gb_shapes *shapes,
                         geo_shapes *out);

/*
 * Everything within `radius_m` of the lines, as one shape of `out`: round
 * ends, 8 segments a quarter.  Shapes can be buffered as their rings and
 * joined with themselves.
 */
gb_status geo_lines_buffer(gb_context *ctx, const gb_lines *lines,
                           double radius_m, geo_shapes *out);

/* How geo_lines_widen() goes about it. */
typedef struct geo_widening {
    double width_m; /* to each side of a line */
    double slack_m; /* by so much lines, and then the area's rim, may be off */
    double hole_m2; /* holes smaller than this are filled */
} geo_widening;

/*
 * The same for thousands of lines, near ones beside each other: coarser, with
 * small holes filled and the rim smoothed, and shape i of `inner` (NULL: none)
 * is part of it, whatever the smoothing does.
 */
gb_status geo_lines_widen(base_run *run, const gb_lines *lines,
                          const geo_widening *how, const gb_shapes *inner,
                          size_t i, geo_shapes *out);

/* The convex hull of points (3 or more, not all on a line) as one shape. */
gb_status geo_hull(gb_context *ctx, const gb_point *points, size_t n,
                   geo_shapes *out);

/*
 * Points (1 or more) in an outline that follows them: their concave hull,
 * which gives way to gaps above `ratio` (0 to 1) of the span of its edges'
 * lengths, widened by margin_m (above 0), so that points on a line have one.
 */
gb_status geo_outline(gb_context *ctx, const gb_point *points, size_t n,
                      double ratio, double margin_m, geo_shapes *out);

#endif
