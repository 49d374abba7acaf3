/*
 * report_sketch.h - small maps on paper: degrees into a box of an SVG, north
 * up, the longitude scaled by the cosine of the latitude.
 */
#ifndef REPORT_SKETCH_H
#define REPORT_SKETCH_H

#include <gridbeat/geo.h>

#include "base_text.h"

typedef struct report_sketch {
    double x0, y0, scale, cosine;
} report_sketch;

/* So that all from south-west to north-east lies `edge` inside w by h. */
report_sketch report_sketch_fit(double w, double h, double edge,
                                gb_lonlat sw, gb_lonlat ne);
double report_sketch_x(const report_sketch *s, gb_lonlat p);
double report_sketch_y(const report_sketch *s, gb_lonlat p);
/* ` x="1.0" y="2.0"`, by the names given. */
void report_sketch_add_at(base_text *text, const report_sketch *s,
                          const char *x, const char *y, gb_lonlat p);
/* "x,y x,y ..." of a path. */
void report_sketch_add_points(base_text *text, const report_sketch *s,
                              const gb_lonlat *points, size_t n);

#endif
