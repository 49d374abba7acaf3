/*
 * gridbeat/geo.h - places on the globe and on the plane.
 *
 * Degrees appear only as gb_lonlat, longitude first, WGS 84 unless a datum is
 * named.  All else is metres in a projected system: gb_point.
 */
#ifndef GRIDBEAT_GEO_H
#define GRIDBEAT_GEO_H

#include <gridbeat/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A place on the globe. */
typedef struct gb_lonlat {
    double lon_deg; /* -180 to 180 */
    double lat_deg; /* -90 to 90 */
} gb_lonlat;

/** A place on the plane of a gb_crs; x to the east, y to the north. */
typedef struct gb_point {
    double x_m, y_m;
} gb_point;

/** A box on the plane, borders included; min <= max. */
typedef struct gb_box {
    double min_x_m, min_y_m, max_x_m, max_y_m;
} gb_box;

/**
 * What a longitude and latitude refer to.  GCJ-02 is the shifted datum that
 * maps in China must use (Amap), BD-09 Baidu's further shift of it.  CGCS2000
 * and WGS 84 agree within centimetres and are treated as the same.
 */
typedef enum gb_datum {
    GB_DATUM_WGS84 = 0,
    GB_DATUM_GCJ02 = 1,
    GB_DATUM_BD09 = 2,
    GB_DATUM_CGCS2000 = 3
} gb_datum;

/** "wgs84", "gcj02", "bd09", "cgcs2000", in any case; false when unknown. */
GB_API bool gb_datum_parse(const char *name, gb_datum *out);

/** The name that gb_datum_parse() takes.  Any thread. */
GB_API const char *gb_datum_name(gb_datum datum);

/**
 * Shift points from one datum to another, in place.
 *
 * Outside China (a box round it, as all published implementations have) the
 * shifted datums are WGS 84 itself.  The way back from GCJ-02 iterates until
 * the forward shift agrees within 1e-9 degrees, well under a millimetre.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for a datum unknown here or a coordinate
 *         that is not finite or off the globe: the message names its index,
 *         and no point has been changed.
 *
 * Threads: one thread a context.  Cost: O(n).  Since: 0.1.
 */
GB_API gb_status gb_datum_convert(gb_context *ctx, gb_datum from, gb_datum to,
                                  gb_lonlat *points, size_t n_points);

/** A projected coordinate system in metres.  One thread an object. */
typedef struct gb_crs gb_crs;

/**
 * Choose a projected system for an extent: the CGCS2000 3-degree zone by
 * central meridian (EPSG 4534 to 4554) where its centre lies in China, else
 * the UTM zone.
 *
 * @return GB_OK; GB_ERR_ARGUMENT for an empty or impossible extent;
 *         GB_ERR_CRS for one beyond 84 degrees north or 80 south.
 *
 * Threads: one thread a context.  Since: 0.1.
 */
GB_API gb_status gb_crs_for_extent(gb_context *ctx, gb_lonlat south_west,
                                   gb_lonlat north_east, int32_t *epsg);

/**
 * Open a projected system by its EPSG number, from the PROJ database of the
 * machine and never from the network.
 *
 * @return GB_OK; GB_ERR_CRS for a number that is unknown, not projected, or
 *         not in metres; GB_ERR_LIBRARY; GB_ERR_NOMEM.
 *
 * Ownership: free with gb_crs_free().  Threads: one thread an object.
 * Since: 0.1.
 */
GB_API gb_status gb_crs_open(gb_context *ctx, int32_t epsg, gb_crs **out);

GB_API void gb_crs_free(gb_crs *crs);
GB_API int32_t gb_crs_epsg(const gb_crs *crs);

/**
 * Degrees to metres, in a batch.  `to` may not overlap `from`.
 *
 * @return GB_OK; GB_ERR_CRS naming the first point that has no image, or that
 *         lies more than 9 degrees from the zone's meridian, where PROJ would
 *         answer with numbers of no use.
 * Cost: O(n), some 7 million points a second.
 */
GB_API gb_status gb_crs_project(gb_context *ctx, gb_crs *crs,
                                const gb_lonlat *from, size_t n,
                                gb_point *to);

/** Metres to degrees; the inverse of gb_crs_project() within 0.1 mm. */
GB_API gb_status gb_crs_unproject(gb_context *ctx, gb_crs *crs,
                                  const gb_point *from, size_t n,
                                  gb_lonlat *to);

/**
 * Shapes on the plane, as flat arrays.  Shape s has the rings
 * [shape_first_ring[s], shape_first_ring[s + 1]); ring r has the points
 * [ring_first_point[r], ring_first_point[r + 1]), closed implicitly: the
 * first point is not repeated.  Outer rings run counter-clockwise, holes
 * clockwise and after the outer ring that they lie in; a shape may have
 * several outer rings.
 */
typedef struct gb_shapes {
    size_t n_shapes, n_rings, n_points;
    const uint32_t *shape_first_ring; /* n_shapes + 1 */
    const uint32_t *ring_first_point; /* n_rings + 1 */
    const gb_point *points;
} gb_shapes;

/** Lines on the plane: line l has points [first_point[l], first_point[l+1]) */
typedef struct gb_lines {
    size_t n_lines, n_points;
    const uint32_t *first_point; /* n_lines + 1 */
    const gb_point *points;
} gb_lines;

#ifdef __cplusplus
}
#endif
#endif
