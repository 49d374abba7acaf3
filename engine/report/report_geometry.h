/*
 * report_geometry.h - coordinates for pages: whole millionths of a degree,
 * each point as the difference to the one before it, the first to an origin.
 */
#ifndef REPORT_GEOMETRY_H
#define REPORT_GEOMETRY_H

#include <gridbeat/geo.h>

#include "base_context.h"
#include "base_text.h"

typedef struct report_pen {
    int64_t origin_x, origin_y; /* millionths of a degree */
} report_pen;

/* "[dx,dy,dx,dy,...]"; a point equal to the one before is left out. */
void report_add_points(base_text *text, const report_pen *pen,
                       const gb_lonlat *points, size_t n);
void report_add_point(base_text *text, const report_pen *pen,
                      gb_lonlat point);

/*
 * Shape s as "[[ring,ring],...]", a list of rings a polygon: `degrees` are
 * the shapes' points in order.
 */
void report_add_shape(base_text *text, const report_pen *pen,
                      const gb_shapes *shapes, const gb_lonlat *degrees,
                      size_t s);

/* All points of shapes to degrees; base_free() *out. */
gb_status report_unproject(gb_context *ctx, gb_crs *crs,
                           const gb_point *points, size_t n, gb_lonlat **out);

#endif
