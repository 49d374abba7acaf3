/*
 * geo_crs.h - datums and projections; the one place that knows PROJ.
 *
 * The work behind gridbeat/geo.h, for other modules: no base_enter() here, so
 * these may be called in the middle of a call.  A gb_crs owns a PJ_CONTEXT: it
 * serves one thread at a time, and objects of different threads share nothing.
 */
#ifndef GEO_CRS_H
#define GEO_CRS_H

#include "base_context.h"
#include <gridbeat/geo.h>

gb_status geo_datum_convert(gb_context *ctx, gb_datum from, gb_datum to,
                            gb_lonlat *points, size_t n_points);

/* One point, which must be on the globe. */
gb_lonlat geo_datum_shift(gb_datum from, gb_datum to, gb_lonlat point);

/* Finite, and on the globe. */
bool geo_lonlat_is_sound(gb_lonlat point);

gb_status geo_crs_for_extent(gb_context *ctx, gb_lonlat south_west,
                             gb_lonlat north_east, int32_t *epsg);

gb_status geo_crs_open(gb_context *ctx, int32_t epsg, gb_crs **out);

gb_status geo_crs_project(gb_context *ctx, gb_crs *crs, const gb_lonlat *from,
                          size_t n, gb_point *to);
gb_status geo_crs_unproject(gb_context *ctx, gb_crs *crs,
                            const gb_point *from, size_t n, gb_lonlat *to);

/*
 * Metres on the ellipsoid (WGS 84) between two places, by the mean-latitude
 * formula: within 0.1 % up to 100 km.  For checks and sorting by nearness,
 * where there is no projected system yet.
 */
double geo_lonlat_distance_m(gb_lonlat a, gb_lonlat b);

#endif
