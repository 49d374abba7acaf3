/*
 * geo_geos.h - a GEOS handle for the length of one function, and the ways in
 * and out.  For the files of this module alone: no other is given GEOS's
 * include folder.
 *
 * GEOS allocates by itself and throws when it cannot; its C layer turns that
 * into NULL and words.  The handle keeps the last words for the message.
 */
#ifndef GEO_GEOS_H
#define GEO_GEOS_H

#ifndef GEOS_USE_ONLY_R_API
#define GEOS_USE_ONLY_R_API
#endif
#include <geos_c.h>

#include "geo_shape.h"

typedef struct geo_geos {
    gb_context *ctx;
    GEOSContextHandle_t handle;
    geo_points scratch;
    bool is_short; /* our own memory ran out, not GEOS's */
    char words[200];
} geo_geos;

gb_status geo_geos_begin(geo_geos *geos, gb_context *ctx);
void geo_geos_end(geo_geos *geos); /* a zeroed struct is taken */

/* GB_ERR_NOMEM, or GB_ERR_LIBRARY with GEOS's words. */
gb_status geo_geos_failed(geo_geos *geos);

/* New objects, NULL on failure; the caller destroys them by
 * GEOSGeom_destroy_r.  Lines of less than two places are left out. */
GEOSGeometry *geo_geos_shape(geo_geos *geos, const gb_shapes *shapes,
                             size_t s);
GEOSGeometry *geo_geos_shapes(geo_geos *geos, const gb_shapes *shapes);
GEOSGeometry *geo_geos_lines(geo_geos *geos, const gb_lines *lines);
GEOSGeometry *geo_geos_points(geo_geos *geos, const gb_point *points,
                              size_t n);

/* Append the rings of all polygons in it to the shape begun in `out`.  False
 * on failure. */
bool geo_geos_read_rings(geo_geos *geos, const GEOSGeometry *geometry,
                         geo_shapes *out);

#endif
