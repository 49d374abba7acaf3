/*
 * geo_codec.h - shapes from and to bytes: WKB, SpatiaLite's BLOB, GeoJSON.
 *
 * Readers trust nothing: each count is held against the bytes that are left,
 * each coordinate must be finite, each ring closed, and no byte may remain.  A
 * BLOB that passed here is safe for libspatialite, which is not so for a
 * foreign one (it may crash the process).  Only flat geometries in two
 * dimensions are taken: points, lines, polygons and the multis of these.
 *
 * Coordinates are taken as they are written: metres, or degrees (longitude in
 * x_m) when the SRID says so; geo_geometry_project() makes the one of the
 * other.
 */
#ifndef GEO_CODEC_H
#define GEO_CODEC_H

#include "geo_crs.h"
#include "geo_shape.h"

struct json_t; /* jansson's */

typedef BASE_ARRAY(uint8_t) geo_bytes;

typedef enum geo_kind {
    GEO_POINTS = 1,  /* parts: one "ring" of one point each */
    GEO_LINES = 2,   /* parts: one "ring" a line, not closed */
    GEO_POLYGONS = 3 /* parts: rings of one shape */
} geo_kind;

typedef struct geo_geometry {
    geo_kind kind;
    bool is_multi;    /* written as MULTI..., even of one part */
    int32_t srid;     /* of a BLOB; 0 from WKB and GeoJSON */
    geo_shapes parts; /* one shape */
} geo_geometry;

void geo_geometry_clear(geo_geometry *geometry); /* zeroed is taken */

/*
 * GB_ERR_PARSE with the byte where it went wrong, or GB_ERR_GEOMETRY for a
 * ring that is not closed or too short.  `out` needs no initialising; clear
 * it after GB_OK.
 */
gb_status geo_read_wkb(gb_context *ctx, const uint8_t *bytes, size_t n,
                       geo_geometry *out);
/* The BLOB's box must be that of its points. */
gb_status geo_read_blob(gb_context *ctx, const uint8_t *bytes, size_t n,
                        geo_geometry *out);
/* A geometry object, as RFC 7946 has it; a Feature's is its "geometry". */
gb_status geo_read_geojson(gb_context *ctx, const struct json_t *json,
                           geo_geometry *out);
/* A BLOB that must be one point, without any allocation. */
gb_status geo_read_blob_point(gb_context *ctx, const uint8_t *bytes, size_t n,
                              int32_t *srid, gb_point *out);

/* Little endian.  Append to `out`; false means no memory. */
bool geo_write_wkb(base_mem *mem, const geo_geometry *geometry,
                   geo_bytes *out);
bool geo_write_blob(base_mem *mem, const geo_geometry *geometry,
                    geo_bytes *out);
/* Shape s as a POLYGON, or a MULTIPOLYGON where asked or where it must. */
bool geo_write_blob_shape(base_mem *mem, const gb_shapes *shapes, size_t s,
                          bool as_multi, int32_t srid, geo_bytes *out);
bool geo_write_wkb_shape(base_mem *mem, const gb_shapes *shapes, size_t s,
                         bool as_multi, geo_bytes *out);
/* A LINESTRING of n points. */
bool geo_write_blob_line(base_mem *mem, const gb_point *points, size_t n,
                         int32_t srid, geo_bytes *out);

enum { GEO_BLOB_POINT_SIZE = 60 };
/* A POINT, byte for byte what libspatialite writes. */
void geo_write_blob_point(gb_point point, int32_t srid,
                          uint8_t out[GEO_BLOB_POINT_SIZE]);

/* Degrees (longitude in x_m) to metres of `crs`, in place.  Points off the
 * zone are GB_ERR_CRS; the geometry is then of no use. */
gb_status geo_geometry_project(gb_context *ctx, gb_crs *crs,
                               geo_geometry *geometry);
/* Metres to degrees (longitude in x_m), appended to `out`. */
gb_status geo_shapes_unproject(gb_context *ctx, gb_crs *crs,
                               const gb_shapes *shapes, geo_shapes *out);

#endif
