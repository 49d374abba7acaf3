/*
 * call_shape.c - see call_shape.h.
 */
#include "call_shape.h"

double call_ring_area(const gb_point *points, uint32_t n)
{
    double twice = 0;

    for (uint32_t i = 0; i < n; i++) {
        const gb_point a = points[i], b = points[i + 1 < n ? i + 1 : 0];

        twice += (a.x_m - points[0].x_m) * (b.y_m - points[0].y_m)
                 - (b.x_m - points[0].x_m) * (a.y_m - points[0].y_m);
    }
    return twice / 2;
}

static void put_position(const gb_point *point, base_text *out)
{
    base_text_add(out, "[");
    base_text_real(out, point->x_m, 6);
    base_text_add(out, ",");
    base_text_real(out, point->y_m, 6);
    base_text_add(out, "]");
}

static void put_ring(const gb_shapes *areas, uint32_t ring, base_text *out)
{
    const uint32_t first = areas->ring_first_point[ring];
    const uint32_t end = areas->ring_first_point[ring + 1];

    base_text_add(out, "[");
    for (uint32_t p = first; p < end; p++) {
        put_position(&areas->points[p], out);
        base_text_add(out, ",");
    }
    put_position(&areas->points[first], out); /* closed, as RFC 7946 has it */
    base_text_add(out, "]");
}

void call_shape_geojson(const gb_shapes *areas, size_t shape, base_text *out)
{
    const uint32_t first = areas->shape_first_ring[shape];

    base_text_add(out, "{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (uint32_t r = first; r < areas->shape_first_ring[shape + 1]; r++) {
        const uint32_t p = areas->ring_first_point[r];
        const uint32_t n = areas->ring_first_point[r + 1] - p;
        const bool is_outer = call_ring_area(areas->points + p, n) > 0;

        if (r > first)
            base_text_add(out, is_outer ? "],\n" : ",\n");
        if (is_outer)
            base_text_add(out, "[");
        put_ring(areas, r, out);
    }
    base_text_add(out, areas->shape_first_ring[shape + 1] > first ? "]]}"
                                                                  : "]}");
}
