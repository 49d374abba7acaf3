/*
 * store_load_shapes.c - see store_load_shapes.h.
 */
#include "store_load_shapes.h"

#include "geo_codec.h"
#include "store_db.h"

static gb_status add_outline(gb_workspace *ws, store_statement *st,
                             gb_crs *crs, geo_shapes *out)
{
    gb_context *ctx = ws->run->ctx;
    geo_geometry geometry = { 0 };
    gb_shapes view;
    size_t n = 0;
    const void *blob = store_column_blob(st, 1, &n);
    gb_status status = geo_read_blob(ctx, blob, n, &geometry);

    if (!status && geometry.kind != GEO_POLYGONS)
        status = base_fail(ctx, GB_ERR_INTEGRITY, "no polygon");
    if (!status)
        status = geo_geometry_project(ctx, crs, &geometry);
    if (!status) {
        view = geo_shapes_view(&geometry.parts);
        if (!geo_shapes_add_shape(out, &view, 0))
            status = base_fail_nomem(ctx);
    }
    geo_geometry_clear(&geometry);
    if (status && status != GB_ERR_NOMEM) {
        base_fail_prefix(ctx, ": ");
        base_fail_prefix(ctx, store_column_text(st, 0));
        base_fail_prefix(ctx, "outline of place ");
    }
    return status;
}

gb_status store_load_outlines(gb_workspace *workspace, gb_crs *crs,
                              geo_shapes *out)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        workspace,
        "SELECT p.ref, o.geom FROM place_outline o "
        "JOIN place p ON p.id = o.place_id ORDER BY p.ref",
        &st);

    while (store_next(workspace, st, &status))
        status = add_outline(workspace, st, crs, out);
    store_finalize(st);
    return status;
}
