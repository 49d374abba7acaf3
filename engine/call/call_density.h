/*
 * call_density.h - what the parts of `density` share: what is read
 * (call_density_take.c) and what is given (call_density_give.c).
 */
#ifndef CALL_DENSITY_H
#define CALL_DENSITY_H

#include <gridbeat/score.h>

#include "call_weighted.h"
#include "geo_shape.h"

typedef struct density {
    call *c;
    call_weighted read, all; /* all: of which `read` is a share */
    gb_point *points, *all_points;
    gb_crs *crs;     /* NULL: planar */
    bool is_degrees; /* places are told so */
    geo_shapes window;
    gb_density_options options;
    double *radii_m; /* NULL: one for all */
    gb_raster raster;
    /* Instead of a raster, places: */
    bool is_at_places;
    call_weighted asked;
    gb_point *places;
    size_t n_values;
    double *values; /* NAN: none */
    double highest, mass;
} density;

/* Points, window, places, options and raster. */
gb_status call_density_take(density *d);
/* The answer, and the file that is asked for. */
gb_status call_density_give(density *d, json_t **result);

#endif
