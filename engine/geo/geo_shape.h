/*
 * geo_shape.h - shapes and lines that own their arrays, and what can be
 * measured on them without any library.
 *
 * A geo_shapes is the owner behind a gb_shapes (gridbeat/geo.h): rings closed
 * implicitly, outer rings counter-clockwise, holes clockwise behind the outer
 * ring that they lie in.  A geo_lines is the owner behind a gb_lines.  Both
 * are filled point by point:
 *
 *   geo_shapes_init(&shapes, mem);
 *   ok = geo_shapes_add_point(&shapes, p) && ... && geo_shapes_end_ring(...)
 *        && geo_shapes_end_shape(&shapes);
 *   view = geo_shapes_view(&shapes);      borrowed
 *   geo_shapes_clear(&shapes);
 *
 * Functions that give shapes take an initialised owner and append to it; what
 * they appended is gone again after a failure.
 *
 * GEOS works behind geo_overlay.h and geo_faces.h, bytes behind geo_codec.h.
 */
#ifndef GEO_SHAPE_H
#define GEO_SHAPE_H

#include "base_array.h"
#include "base_context.h"
#include "geo_point.h"

typedef BASE_ARRAY(gb_point) geo_points;
typedef BASE_ARRAY(uint32_t) geo_ids;

typedef struct geo_shapes {
    base_mem *mem;              /* borrowed */
    geo_ids shape_first_ring;   /* n_shapes + 1 once anything was added */
    geo_ids ring_first_point;
    geo_points points;
} geo_shapes;

typedef struct geo_lines {
    base_mem *mem; /* borrowed */
    geo_ids first_point;
    geo_points points;
} geo_lines;

void geo_shapes_init(geo_shapes *shapes, base_mem *mem);
void geo_shapes_clear(geo_shapes *shapes); /* a zeroed struct is taken */
/* False means no memory, or more than 2^32 - 2 of anything. */
bool geo_shapes_add_point(geo_shapes *shapes, gb_point point);
bool geo_shapes_end_ring(geo_shapes *shapes);
bool geo_shapes_end_shape(geo_shapes *shapes);
/* Shape s of `from`, as one more shape. */
bool geo_shapes_add_shape(geo_shapes *shapes, const gb_shapes *from, size_t s);
size_t geo_shapes_count(const geo_shapes *shapes);
/* Forget all shapes from the n-th on, and any rings begun. */
void geo_shapes_truncate(geo_shapes *shapes, size_t n);
/* Borrowed, valid until the next change. */
gb_shapes geo_shapes_view(const geo_shapes *shapes);

void geo_lines_init(geo_lines *lines, base_mem *mem);
void geo_lines_clear(geo_lines *lines);
bool geo_lines_add_point(geo_lines *lines, gb_point point);
bool geo_lines_end_line(geo_lines *lines);
size_t geo_lines_count(const geo_lines *lines);
gb_lines geo_lines_view(const geo_lines *lines);

/*
 * Are the offsets rising from 0 to the counts, all coordinates finite and
 * within 1e9 m, each ring of 3 points or more, each shape begun by an outer
 * ring?  GB_ERR_ARGUMENT that names `what` and the shape.  This is the door's
 * check of a caller's gb_shapes and gb_lines; NULL counts as none.
 */
gb_status geo_shapes_check(gb_context *ctx, const gb_shapes *shapes,
                           const char *what);
gb_status geo_lines_check(gb_context *ctx, const gb_lines *lines,
                          const char *what);

/* Signed: above 0 for counter-clockwise.  `n` points, closed implicitly. */
double geo_ring_area_m2(const gb_point *ring, size_t n);

double geo_shape_area_m2(const gb_shapes *shapes, size_t s);
double geo_shape_perimeter_m(const gb_shapes *shapes, size_t s); /* with holes */
/* Of the area; where that is nothing, the mean of the points. */
gb_point geo_shape_centroid(const gb_shapes *shapes, size_t s);
gb_box geo_shape_box(const gb_shapes *shapes, size_t s);
gb_box geo_shapes_box(const gb_shapes *shapes);

/*
 * Is the point inside?  By crossings of a ray to the east, half open: in a
 * set of shapes that share their borders vertex by vertex, every point of
 * their union is in exactly one of them, borders included.  So a point on a
 * border belongs to one side, which side is not promised, and a point on the
 * outer rim may be out.  Cost: O(points of the shape).
 */
bool geo_shape_contains(const gb_shapes *shapes, size_t s, gb_point p);

/*
 * A point well inside: the middle of the widest stretch of a level line near
 * half the height of its largest part.  GB_ERR_GEOMETRY for a shape without
 * area.
 */
gb_status geo_shape_point_inside(gb_context *ctx, const gb_shapes *shapes,
                                 size_t s, gb_point *out);

#endif
