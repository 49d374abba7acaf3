/*
 * call_surface.h - a raster of values as files for maps: ESRI ASCII grid,
 * contour lines as GeoJSON, and a picture with its world file and legend.
 *
 * Colours and lines go by the same seven classes of equal width from 0 to the
 * highest value, in the ramp of the map page, which runs from light to dark,
 * so that the colour-blind, and a black and white printer, keep it.
 */
#ifndef CALL_SURFACE_H
#define CALL_SURFACE_H

#include <gridbeat/score.h>

#include "base_context.h"
#include "base_text.h"

enum { CALL_CLASSES = 7 };

typedef struct call_surface {
    const gb_raster *raster;
    const double *values; /* NAN: none */
    gb_crs *crs;          /* of the raster; NULL: a plane of its own */
    double highest;
    double factor;        /* of values as lines and the legend tell them */
    const char *unit;     /* of these: "per_km2" */
} call_surface;

/* Values as they are, rows from the north; -9999: none. */
void call_surface_asc(const call_surface *s, base_text *text);

/* A MultiLineString a level, in degrees where there is a system. */
gb_status call_surface_contours(gb_context *ctx, const call_surface *s,
                                  base_text *text);

/*
 * A pixel a cell, clear where there is nothing, at `path`; beside it, with
 * .pgw in place of .png, the world file, and the legend as .legend.png.
 */
gb_status call_surface_png(gb_context *ctx, const call_surface *s,
                             const char *path);

#endif
