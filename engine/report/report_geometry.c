/*
 * report_geometry.c - see report_geometry.h.
 */
#include "report_geometry.h"

#include <math.h>

#include "geo_shape.h"

static int64_t millionths(double degrees)
{
    return llround(degrees * 1e6);
}

void report_add_points(base_text *text, const report_pen *pen,
                       const gb_lonlat *points, size_t n)
{
    int64_t x = pen->origin_x, y = pen->origin_y;

    base_text_add(text, "[");
    for (size_t i = 0; i < n; i++) {
        const int64_t to_x = millionths(points[i].lon_deg);
        const int64_t to_y = millionths(points[i].lat_deg);

        if (i > 0 && to_x == x && to_y == y)
            continue;
        if (i > 0)
            base_text_append(text, ",", 1);
        base_text_int(text, to_x - x);
        base_text_append(text, ",", 1);
        base_text_int(text, to_y - y);
        x = to_x;
        y = to_y;
    }
    base_text_add(text, "]");
}

void report_add_point(base_text *text, const report_pen *pen, gb_lonlat point)
{
    report_add_points(text, pen, &point, 1);
}

void report_add_shape(base_text *text, const report_pen *pen,
                      const gb_shapes *shapes, const gb_lonlat *degrees,
                      size_t s)
{
    const uint32_t first = shapes->shape_first_ring[s];

    base_text_add(text, "[");
    for (uint32_t r = first; r < shapes->shape_first_ring[s + 1]; r++) {
        const uint32_t from = shapes->ring_first_point[r];
        const size_t n = shapes->ring_first_point[r + 1] - from;
        const bool is_outer
            = geo_ring_area_m2(shapes->points + from, n) > 0;

        if (r > first)
            base_text_add(text, is_outer ? "],[" : ",");
        else
            base_text_add(text, "[");
        report_add_points(text, pen, degrees + from, n);
    }
    base_text_add(text, "]]");
}

gb_status report_unproject(gb_context *ctx, gb_crs *crs,
                           const gb_point *points, size_t n, gb_lonlat **out)
{
    gb_context quiet;
    gb_status status;

    *out = base_alloc_array(ctx->mem, n, sizeof **out);
    if (!*out)
        return base_fail_nomem(ctx);
    base_context_fork(&quiet, ctx);
    status = gb_crs_unproject(&quiet, crs, points, n, *out);
    if (status) {
        base_context_adopt(ctx, &quiet);
        base_free(ctx->mem, *out);
        *out = NULL;
    }
    base_context_join(&quiet);
    return status;
}
