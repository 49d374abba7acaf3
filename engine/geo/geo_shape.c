/*
 * geo_shape.c - owned shapes and lines, and what is measured on them.
 *
 * Areas and centroids are taken relative to a point of the ring: zone
 * coordinates have seven digits before the point, and their products would
 * lose the square centimetres.
 */
#include "geo_shape.h"

#include "base_text.h"

#include <stdlib.h>

static const uint32_t MAX_COUNT = UINT32_MAX - 1;

void geo_shapes_init(geo_shapes *shapes, base_mem *mem)
{
    *shapes = (geo_shapes){ .mem = mem };
}

void geo_shapes_clear(geo_shapes *shapes)
{
    if (!shapes->mem)
        return;
    base_array_clear(shapes->mem, &shapes->shape_first_ring);
    base_array_clear(shapes->mem, &shapes->ring_first_point);
    base_array_clear(shapes->mem, &shapes->points);
}

/* The arrays of offsets begin with a 0. */
static bool begin_offsets(base_mem *mem, geo_ids *offsets)
{
    return offsets->n > 0 || base_array_push(mem, offsets, 0u);
}

bool geo_shapes_add_point(geo_shapes *shapes, gb_point point)
{
    return shapes->points.n < MAX_COUNT
           && base_array_push(shapes->mem, &shapes->points, point);
}

bool geo_shapes_end_ring(geo_shapes *shapes)
{
    return begin_offsets(shapes->mem, &shapes->ring_first_point)
           && base_array_push(shapes->mem, &shapes->ring_first_point,
                              (uint32_t)shapes->points.n);
}

bool geo_shapes_end_shape(geo_shapes *shapes)
{
    return begin_offsets(shapes->mem, &shapes->ring_first_point)
           && begin_offsets(shapes->mem, &shapes->shape_first_ring)
           && base_array_push(shapes->mem, &shapes->shape_first_ring,
                              (uint32_t)(shapes->ring_first_point.n - 1));
}

bool geo_shapes_add_shape(geo_shapes *shapes, const gb_shapes *from, size_t s)
{
    for (uint32_t r = from->shape_first_ring[s];
         r < from->shape_first_ring[s + 1]; r++) {
        for (uint32_t i = from->ring_first_point[r];
             i < from->ring_first_point[r + 1]; i++)
            if (!geo_shapes_add_point(shapes, from->points[i]))
                return false;
        if (!geo_shapes_end_ring(shapes))
            return false;
    }
    return geo_shapes_end_shape(shapes);
}

size_t geo_shapes_count(const geo_shapes *shapes)
{
    return shapes->shape_first_ring.n > 0 ? shapes->shape_first_ring.n - 1 : 0;
}

void geo_shapes_truncate(geo_shapes *shapes, size_t n)
{
    size_t n_rings = 0, n_points = 0;

    if (n < geo_shapes_count(shapes))
        shapes->shape_first_ring.n = n + 1;
    if (shapes->shape_first_ring.n > 0)
        n_rings = shapes->shape_first_ring.items[shapes->shape_first_ring.n
                                                 - 1];
    if (shapes->ring_first_point.n > 0) {
        n_points = shapes->ring_first_point.items[n_rings];
        shapes->ring_first_point.n = n_rings + 1;
    }
    shapes->points.n = n_points;
}

gb_shapes geo_shapes_view(const geo_shapes *shapes)
{
    static const uint32_t none[1] = { 0 };
    const size_t n = geo_shapes_count(shapes);
    gb_shapes view = { n, 0, shapes->points.n, none, none,
                       shapes->points.items };

    if (n > 0) {
        view.shape_first_ring = shapes->shape_first_ring.items;
        view.ring_first_point = shapes->ring_first_point.items;
        view.n_rings = view.shape_first_ring[n];
        view.n_points = view.ring_first_point[view.n_rings];
    } else {
        view.n_points = 0;
    }
    return view;
}

void geo_lines_init(geo_lines *lines, base_mem *mem)
{
    *lines = (geo_lines){ .mem = mem };
}

void geo_lines_clear(geo_lines *lines)
{
    if (!lines->mem)
        return;
    base_array_clear(lines->mem, &lines->first_point);
    base_array_clear(lines->mem, &lines->points);
}

bool geo_lines_add_point(geo_lines *lines, gb_point point)
{
    return lines->points.n < MAX_COUNT
           && base_array_push(lines->mem, &lines->points, point);
}

bool geo_lines_end_line(geo_lines *lines)
{
    return begin_offsets(lines->mem, &lines->first_point)
           && base_array_push(lines->mem, &lines->first_point,
                              (uint32_t)lines->points.n);
}

size_t geo_lines_count(const geo_lines *lines)
{
    return lines->first_point.n > 0 ? lines->first_point.n - 1 : 0;
}

gb_lines geo_lines_view(const geo_lines *lines)
{
    static const uint32_t none[1] = { 0 };
    const size_t n = geo_lines_count(lines);
    gb_lines view = { n, 0, none, lines->points.items };

    if (n > 0) {
        view.first_point = lines->first_point.items;
        view.n_points = view.first_point[n];
    }
    return view;
}

static bool offsets_rise(const uint32_t *offsets, size_t n, size_t total)
{
    if (offsets[0] != 0 || offsets[n] != total)
        return false;
    for (size_t i = 0; i < n; i++)
        if (offsets[i] > offsets[i + 1])
            return false;
    return true;
}

static gb_status check_points(gb_context *ctx, const gb_point *points,
                              size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(points[i].x_m) <= 1e9 && fabs(points[i].y_m) <= 1e9))
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "%s: point %zu is not within 1e9 m", what, i);
    return GB_OK;
}

static gb_status check_shape(gb_context *ctx, const gb_shapes *shapes,
                             size_t s, const char *what)
{
    const uint32_t first = shapes->shape_first_ring[s];

    for (uint32_t r = first; r < shapes->shape_first_ring[s + 1]; r++) {
        const uint32_t begin = shapes->ring_first_point[r];
        const uint32_t n = shapes->ring_first_point[r + 1] - begin;

        if (n < 3)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "%s: a ring of shape %zu has %u points; 3 are "
                             "the least", what, s, n);
        if (r == first && geo_ring_area_m2(shapes->points + begin, n) < 0.0)
            return base_fail(ctx, GB_ERR_ARGUMENT,
                             "%s: shape %zu does not begin with an outer ring "
                             "(counter-clockwise)", what, s);
    }
    return GB_OK;
}

gb_status geo_shapes_check(gb_context *ctx, const gb_shapes *shapes,
                           const char *what)
{
    gb_status status = GB_OK;

    if (!shapes || shapes->n_shapes == 0)
        return GB_OK;
    if (!shapes->shape_first_ring || !shapes->ring_first_point
        || (!shapes->points && shapes->n_points > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", what);
    if (!offsets_rise(shapes->shape_first_ring, shapes->n_shapes,
                      shapes->n_rings)
        || !offsets_rise(shapes->ring_first_point, shapes->n_rings,
                         shapes->n_points))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%s: the offsets do not rise from 0 to the counts",
                         what);
    status = check_points(ctx, shapes->points, shapes->n_points, what);
    for (size_t s = 0; !status && s < shapes->n_shapes; s++)
        status = check_shape(ctx, shapes, s, what);
    return status;
}

gb_status geo_lines_check(gb_context *ctx, const gb_lines *lines,
                          const char *what)
{
    if (!lines || lines->n_lines == 0)
        return GB_OK;
    if (!lines->first_point || (!lines->points && lines->n_points > 0))
        return base_fail(ctx, GB_ERR_ARGUMENT, "%s is missing", what);
    if (!offsets_rise(lines->first_point, lines->n_lines, lines->n_points))
        return base_fail(ctx, GB_ERR_ARGUMENT,
                         "%s: the offsets do not rise from 0 to the counts",
                         what);
    return check_points(ctx, lines->points, lines->n_points, what);
}

double geo_ring_area_m2(const gb_point *ring, size_t n)
{
    double twice = 0.0;

    for (size_t i = 1; i + 1 < n; i++)
        twice += geo_cross_m2(ring[0], ring[i], ring[i + 1]);
    return twice / 2.0;
}

/* The points of ring r, and how many there are. */
static const gb_point *ring_of(const gb_shapes *shapes, uint32_t r, size_t *n)
{
    *n = shapes->ring_first_point[r + 1] - shapes->ring_first_point[r];
    return shapes->points + shapes->ring_first_point[r];
}

double geo_shape_area_m2(const gb_shapes *shapes, size_t s)
{
    double area = 0.0;

    for (uint32_t r = shapes->shape_first_ring[s];
         r < shapes->shape_first_ring[s + 1]; r++) {
        size_t n;
        const gb_point *ring = ring_of(shapes, r, &n);

        area += geo_ring_area_m2(ring, n);
    }
    return area;
}

double geo_shape_perimeter_m(const gb_shapes *shapes, size_t s)
{
    double length = 0.0;

    for (uint32_t r = shapes->shape_first_ring[s];
         r < shapes->shape_first_ring[s + 1]; r++) {
        size_t n;
        const gb_point *ring = ring_of(shapes, r, &n);

        for (size_t i = 0; i < n; i++)
            length += geo_distance_m(ring[i], ring[(i + 1) % n]);
    }
    return length;
}

static gb_point mean_point(const gb_point *points, size_t n)
{
    gb_point sum = { 0.0, 0.0 };

    for (size_t i = 0; i < n; i++) {
        sum.x_m += points[i].x_m / (double)n;
        sum.y_m += points[i].y_m / (double)n;
    }
    return sum;
}

gb_point geo_shape_centroid(const gb_shapes *shapes, size_t s)
{
    const uint32_t first_ring = shapes->shape_first_ring[s];
    const uint32_t end_ring = shapes->shape_first_ring[s + 1];
    const uint32_t first = shapes->ring_first_point[first_ring];
    const size_t n_all = shapes->ring_first_point[end_ring] - first;
    gb_point origin, centroid;
    double x = 0.0, y = 0.0, area6 = 0.0;

    if (n_all == 0)
        return (gb_point){ 0.0, 0.0 };
    origin = shapes->points[first];
    for (uint32_t r = first_ring; r < end_ring; r++) {
        size_t n;
        const gb_point *ring = ring_of(shapes, r, &n);

        for (size_t i = 0; i < n; i++) {
            const gb_point a = ring[i], b = ring[(i + 1) % n];
            const double cross = geo_cross_m2(origin, a, b);

            x += cross * (a.x_m + b.x_m - 2.0 * origin.x_m);
            y += cross * (a.y_m + b.y_m - 2.0 * origin.y_m);
            area6 += 3.0 * cross;
        }
    }
    if (!(fabs(area6) > 0.0))
        return mean_point(shapes->points + first, n_all);
    centroid.x_m = origin.x_m + x / area6;
    centroid.y_m = origin.y_m + y / area6;
    return centroid;
}

gb_box geo_shape_box(const gb_shapes *shapes, size_t s)
{
    const uint32_t end
        = shapes->ring_first_point[shapes->shape_first_ring[s + 1]];
    gb_box box = geo_box_empty();

    for (uint32_t i = shapes->ring_first_point[shapes->shape_first_ring[s]];
         i < end; i++)
        box = geo_box_join(box, geo_box_of_point(shapes->points[i]));
    return box;
}

gb_box geo_shapes_box(const gb_shapes *shapes)
{
    gb_box box = geo_box_empty();

    for (size_t i = 0; i < shapes->n_points; i++)
        box = geo_box_join(box, geo_box_of_point(shapes->points[i]));
    return box;
}

/*
 * Does the ray from p to the east cross the edge?  The ends are taken in one
 * order for both directions of travel, so that two faces which share the edge
 * get the same answer to the bit.
 */
static bool ray_crosses(gb_point p, gb_point a, gb_point b)
{
    if ((a.y_m > p.y_m) == (b.y_m > p.y_m))
        return false;
    return a.y_m < b.y_m ? geo_cross_m2(a, b, p) > 0.0
                         : geo_cross_m2(b, a, p) > 0.0;
}

bool geo_shape_contains(const gb_shapes *shapes, size_t s, gb_point p)
{
    bool is_inside = false;

    for (uint32_t r = shapes->shape_first_ring[s];
         r < shapes->shape_first_ring[s + 1]; r++) {
        size_t n;
        const gb_point *ring = ring_of(shapes, r, &n);

        for (size_t i = 0; i < n; i++)
            if (ray_crosses(p, ring[i], ring[i + 1 < n ? i + 1 : 0]))
                is_inside = !is_inside;
    }
    return is_inside;
}

/* The box of the largest ring: of parts that lie apart, the main one. */
static gb_box main_box(const gb_shapes *shapes, size_t s)
{
    gb_box box = geo_box_empty();
    double largest = 0.0;

    for (uint32_t r = shapes->shape_first_ring[s];
         r < shapes->shape_first_ring[s + 1]; r++) {
        size_t n;
        const gb_point *ring = ring_of(shapes, r, &n);
        const double area = geo_ring_area_m2(ring, n);

        if (!(area > largest))
            continue;
        largest = area;
        box = geo_box_empty();
        for (size_t i = 0; i < n; i++)
            box = geo_box_join(box, geo_box_of_point(ring[i]));
    }
    return box;
}

/* A height near the middle at which no vertex lies: half way between the
 * vertices next to the middle, above and below. */
static double free_height_m(const gb_shapes *shapes, size_t s, gb_box box)
{
    const double middle = (box.min_y_m + box.max_y_m) / 2.0;
    const uint32_t end
        = shapes->ring_first_point[shapes->shape_first_ring[s + 1]];
    double below = box.min_y_m, above = box.max_y_m;

    for (uint32_t i = shapes->ring_first_point[shapes->shape_first_ring[s]];
         i < end; i++) {
        const double y = shapes->points[i].y_m;

        if (y <= middle)
            below = fmax(below, y);
        else
            above = fmin(above, y);
    }
    return (below + above) / 2.0;
}

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

typedef BASE_ARRAY(double) reals;

/* Where the level line crosses the borders. */
static bool crossings(base_mem *mem, const gb_shapes *shapes, size_t s,
                      double y, reals *out)
{
    for (uint32_t r = shapes->shape_first_ring[s];
         r < shapes->shape_first_ring[s + 1]; r++) {
        size_t n;
        const gb_point *ring = ring_of(shapes, r, &n);

        for (size_t i = 0; i < n; i++) {
            const gb_point a = ring[i], b = ring[(i + 1) % n];
            const double ratio = (y - a.y_m) / (b.y_m - a.y_m);

            if ((a.y_m > y) != (b.y_m > y)
                && !base_array_push(mem, out,
                                    a.x_m + ratio * (b.x_m - a.x_m)))
                return false;
        }
    }
    return true;
}

gb_status geo_shape_point_inside(gb_context *ctx, const gb_shapes *shapes,
                                 size_t s, gb_point *out)
{
    const gb_box box = main_box(shapes, s);
    const double y = free_height_m(shapes, s, box);
    double widest = 0.0;
    gb_status status;
    reals xs = BASE_ARRAY_INIT;

    if (geo_box_is_empty(box) || !crossings(ctx->mem, shapes, s, y, &xs)) {
        status = geo_box_is_empty(box)
                     ? base_fail(ctx, GB_ERR_GEOMETRY,
                                 "shape %zu has no area", s)
                     : base_fail_nomem(ctx);
        goto done;
    }
    if (xs.n > 0)
        qsort(xs.items, xs.n, sizeof *xs.items, compare_reals);
    for (size_t i = 0; i + 1 < xs.n; i += 2)
        if (xs.items[i + 1] - xs.items[i] > widest) {
            widest = xs.items[i + 1] - xs.items[i];
            out->x_m = (xs.items[i] + xs.items[i + 1]) / 2.0;
            out->y_m = y;
        }
    status = widest > 0.0 ? GB_OK
                          : base_fail(ctx, GB_ERR_GEOMETRY,
                                      "shape %zu has no area", s);
done:
    base_array_clear(ctx->mem, &xs);
    return status;
}
