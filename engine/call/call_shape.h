/*
 * call_shape.h - shapes in degrees as GeoJSON.
 */
#ifndef CALL_SHAPE_H
#define CALL_SHAPE_H

#include <gridbeat/geo.h>

#include "base_text.h"

/* Of a ring, in its own units squared; above 0 where it turns left. */
double call_ring_area(const gb_point *points, uint32_t n);

/* A MultiPolygon of six decimals: an outer ring begins a polygon, holes
 * follow theirs (gb_shapes). */
void call_shape_geojson(const gb_shapes *areas, size_t shape, base_text *out);

#endif
