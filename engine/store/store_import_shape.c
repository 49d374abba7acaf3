#include "store_import_shape.h"

#include "geo_overlay.h"

#include <string.h>

void import_shape_clear(import_shape *shape, base_mem *mem)
{
    base_array_clear(mem, &shape->blob);
}

static gb_status to_wgs84(gb_context *ctx, gb_datum datum,
                          geo_geometry *geometry)
{
    geo_points *points = &geometry->parts.points;
    gb_status status = GB_OK;

    for (size_t p = 0; p < points->n && !status; p++) {
        gb_lonlat at = { points->items[p].x_m, points->items[p].y_m };

        status = gb_datum_convert(ctx, datum, GB_DATUM_WGS84, &at, 1);
        points->items[p] = (gb_point){ at.lon_deg, at.lat_deg };
    }
    return status;
}

static bool is_in_box(const geo_geometry *geometry, const import_box *box)
{
    const geo_points *points = &geometry->parts.points;

    for (size_t p = 0; p < points->n; p++)
        if (points->items[p].x_m < box->min_lon
            || points->items[p].x_m > box->max_lon
            || points->items[p].y_m < box->min_lat
            || points->items[p].y_m > box->max_lat)
            return false;
    return true;
}

/* The steps, each with its reason in `why` when the shape is at fault. */
static gb_status read_shape(gb_context *ctx, const void *json, gb_datum datum,
                            const import_box *box, gb_crs *crs,
                            geo_geometry *geometry, char why[128])
{
    bool is_valid = false;
    gb_shapes view;
    gb_status status = geo_read_geojson(ctx, json, geometry);

    if (status)
        return status;
    if (geometry->kind != GEO_POLYGONS)
        return base_fail(ctx, GB_ERR_GEOMETRY, "not a polygon");
    if (!is_in_box(geometry, box))
        return base_fail(ctx, GB_ERR_GEOMETRY,
                         "a point where no branch is anywhere near");
    status = to_wgs84(ctx, datum, geometry);
    if (!status && crs)
        status = geo_geometry_project(ctx, crs, geometry);
    if (status)
        return status;
    view = geo_shapes_view(&geometry->parts);
    status = geo_is_valid(ctx, &view, 0, &is_valid, why);
    if (!status && !is_valid)
        status = base_fail(ctx, GB_ERR_GEOMETRY, "%s", why);
    return status;
}

import_code import_shape_read(gb_context *ctx, const void *json,
                              gb_datum datum, const import_box *box,
                              gb_crs *crs, import_shape *shape,
                              import_fault *fault, gb_status *status)
{
    geo_geometry geometry = { 0 };
    char why[128] = "";
    gb_context child;

    *status = GB_OK;
    shape->blob.n = 0;
    fault->column = "geometry";
    if (!json)
        return import_fault_set(fault, IMPORT_EMPTY, "", "", "");
    /* What is wrong with a row is no error of the call. */
    base_context_fork(&child, ctx);
    *status = read_shape(&child, json, datum, box, crs, &geometry, why);
    if (!*status) {
        const gb_shapes view = geo_shapes_view(&geometry.parts);

        shape->area_m2 = crs ? geo_shape_area_m2(&view, 0) : 0;
        geometry.is_multi = true;
        geometry.srid = crs ? gb_crs_epsg(crs) : 4326;
        if (!geo_write_blob(ctx->mem, &geometry, &shape->blob))
            *status = base_fail_nomem(&child);
    }
    if (*status == GB_ERR_PARSE || *status == GB_ERR_GEOMETRY
        || *status == GB_ERR_CRS || *status == GB_ERR_ARGUMENT
        || *status == GB_ERR_LIBRARY) {
        import_fault_set(fault, IMPORT_GEOMETRY, "", child.error, "");
        *status = GB_OK;
    } else if (*status) {
        *status = base_context_adopt(ctx, &child);
    }
    base_context_join(&child);
    geo_geometry_clear(&geometry);
    return fault->code;
}
