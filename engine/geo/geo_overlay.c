/*
 * geo_overlay.c - overlays by GEOS, each a short life of its objects.
 */
#include "geo_overlay.h"

#include "geo_geos.h"

#include <stdio.h>

/* Append what is in `made` as one shape; NULL is GEOS's failure. */
static gb_status hand_over(geo_geos *geos, const GEOSGeometry *made,
                           geo_shapes *out)
{
    const size_t before = geo_shapes_count(out);
    gb_status status = GB_OK;

    if (!made || !geo_geos_read_rings(geos, made, out)) {
        status = geo_geos_failed(geos);
    } else if (!geo_shapes_end_shape(out)) {
        status = base_fail_nomem(geos->ctx);
    }
    if (status)
        geo_shapes_truncate(out, before);
    return status;
}

static GEOSGeometry *operate(geo_geos *geos, geo_overlay_op op,
                             const GEOSGeometry *a, const GEOSGeometry *b)
{
    switch (op) {
    case GEO_INTERSECTION:
        return GEOSIntersection_r(geos->handle, a, b);
    case GEO_DIFFERENCE:
        return GEOSDifference_r(geos->handle, a, b);
    default:
        return GEOSUnion_r(geos->handle, a, b);
    }
}

gb_status geo_overlay(gb_context *ctx, geo_overlay_op op, const gb_shapes *a,
                      size_t i, const gb_shapes *b, size_t j,
                      geo_shapes *out)
{
    geo_geos geos = { 0 };
    GEOSGeometry *ga = NULL, *gb = NULL, *made = NULL;
    gb_status status = geo_geos_begin(&geos, ctx);

    if (status)
        return status;
    ga = geo_geos_shape(&geos, a, i);
    gb = ga ? geo_geos_shape(&geos, b, j) : NULL;
    made = gb ? operate(&geos, op, ga, gb) : NULL;
    status = hand_over(&geos, made, out);
    GEOSGeom_destroy_r(geos.handle, made);
    GEOSGeom_destroy_r(geos.handle, gb);
    GEOSGeom_destroy_r(geos.handle, ga);
    geo_geos_end(&geos);
    return status;
}

gb_status geo_overlay_area_m2(gb_context *ctx, geo_overlay_op op,
                              const gb_shapes *a, size_t i,
                              const gb_shapes *b, size_t j, double *area_m2)
{
    gb_status status;
    geo_shapes made;

    *area_m2 = 0.0;
    geo_shapes_init(&made, ctx->mem);
    status = geo_overlay(ctx, op, a, i, b, j, &made);
    if (!status) {
        const gb_shapes view = geo_shapes_view(&made);

        *area_m2 = geo_shape_area_m2(&view, 0);
    }
    geo_shapes_clear(&made);
    return status;
}

gb_status geo_clip(gb_context *ctx, const gb_shapes *shapes,
                   const gb_shapes *clip, size_t c, geo_shapes *out)
{
    const size_t before = geo_shapes_count(out);
    const gb_box box = geo_shape_box(clip, c);
    gb_status status = GB_OK;

    for (size_t s = 0; !status && s < shapes->n_shapes; s++) {
        if (geo_box_meets(geo_shape_box(shapes, s), box))
            status = geo_overlay(ctx, GEO_INTERSECTION, shapes, s, clip, c,
                                 out);
        else if (!geo_shapes_end_shape(out))
            status = base_fail_nomem(ctx);
        if (!status && base_is_cancelled(ctx))
            status = base_fail(ctx, GB_ERR_CANCELLED, "cancelled");
    }
    if (status)
        geo_shapes_truncate(out, before);
    return status;
}

gb_status geo_union(gb_context *ctx, const gb_shapes *shapes, geo_shapes *out)
{
    geo_geos geos = { 0 };
    GEOSGeometry *all = NULL, *made = NULL;
    gb_status status = geo_geos_begin(&geos, ctx);

    if (status)
        return status;
    all = geo_geos_shapes(&geos, shapes);
    made = all ? GEOSUnaryUnion_r(geos.handle, all) : NULL;
    status = hand_over(&geos, made, out);
    GEOSGeom_destroy_r(geos.handle, made);
    GEOSGeom_destroy_r(geos.handle, all);
    geo_geos_end(&geos);
    return status;
}

gb_status geo_is_valid(gb_context *ctx, const gb_shapes *shapes, size_t s,
                       bool *is_valid, char why[128])
{
    geo_geos geos = { 0 };
    GEOSGeometry *shape = NULL;
    gb_status status = geo_geos_begin(&geos, ctx);
    char *reason = NULL;
    char answer = 2;

    *is_valid = false;
    if (status)
        return status;
    shape = geo_geos_shape(&geos, shapes, s);
    if (shape)
        answer = GEOSisValidDetail_r(geos.handle, shape, 0, &reason, NULL);
    if (answer == 2)
        status = geo_geos_failed(&geos);
    *is_valid = answer == 1;
    if (why)
        snprintf(why, 128, "%s", reason ? reason : "");
    if (reason)
        GEOSFree_r(geos.handle, reason);
    GEOSGeom_destroy_r(geos.handle, shape);
    geo_geos_end(&geos);
    return status;
}

/* Mend one shape and append it. */
static gb_status mend(geo_geos *geos, const GEOSMakeValidParams *how,
                      const gb_shapes *shapes, size_t s, geo_shapes *out)
{
    GEOSGeometry *shape = geo_geos_shape(geos, shapes, s), *made = NULL;
    gb_status status;

    if (shape && GEOSisValid_r(geos->handle, shape) == 1)
        status = geo_shapes_add_shape(out, shapes, s)
                     ? GB_OK
                     : base_fail_nomem(geos->ctx);
    else {
        made = shape ? GEOSMakeValidWithParams_r(geos->handle, shape, how)
                     : NULL;
        status = hand_over(geos, made, out);
    }
    GEOSGeom_destroy_r(geos->handle, made);
    GEOSGeom_destroy_r(geos->handle, shape);
    return status;
}

gb_status geo_make_valid(gb_context *ctx, const gb_shapes *shapes,
                         geo_shapes *out)
{
    const size_t before = geo_shapes_count(out);
    geo_geos geos = { 0 };
    GEOSMakeValidParams *how = NULL;
    gb_status status = geo_geos_begin(&geos, ctx);

    if (status)
        return status;
    how = GEOSMakeValidParams_create_r(geos.handle);
    if (!how
        || !GEOSMakeValidParams_setMethod_r(geos.handle, how,
                                            GEOS_MAKE_VALID_STRUCTURE)
        || !GEOSMakeValidParams_setKeepCollapsed_r(geos.handle, how, 0))
        status = geo_geos_failed(&geos);
    for (size_t s = 0; !status && s < shapes->n_shapes; s++)
        status = mend(&geos, how, shapes, s, out);
    if (status)
        geo_shapes_truncate(out, before);
    if (how)
        GEOSMakeValidParams_destroy_r(geos.handle, how);
    geo_geos_end(&geos);
    return status;
}

gb_status geo_lines_buffer(gb_context *ctx, const gb_lines *lines,
                           double radius_m, geo_shapes *out)
{
    geo_geos geos = { 0 };
    GEOSGeometry *all = NULL, *made = NULL;
    gb_status status = geo_geos_begin(&geos, ctx);

    if (status)
        return status;
    all = geo_geos_lines(&geos, lines);
    made = all ? GEOSBuffer_r(geos.handle, all, radius_m, 8) : NULL;
    status = hand_over(&geos, made, out);
    GEOSGeom_destroy_r(geos.handle, made);
    GEOSGeom_destroy_r(geos.handle, all);
    geo_geos_end(&geos);
    return status;
}

gb_status geo_hull(gb_context *ctx, const gb_point *points, size_t n,
                   geo_shapes *out)
{
    geo_geos geos = { 0 };
    GEOSGeometry *all = NULL, *made = NULL;
    const size_t before = geo_shapes_count(out);
    gb_status status;

    if (n < 3)
        return base_fail(ctx, GB_ERR_GEOMETRY, "%zu points have no hull", n);
    status = geo_geos_begin(&geos, ctx);
    if (status)
        return status;
    all = geo_geos_points(&geos, points, n);
    made = all ? GEOSConvexHull_r(geos.handle, all) : NULL;
    status = hand_over(&geos, made, out);
    if (!status
        && out->shape_first_ring.items[before]
               == out->shape_first_ring.items[before + 1]) {
        geo_shapes_truncate(out, before);
        status = base_fail(ctx, GB_ERR_GEOMETRY, "%zu points have no hull", n);
    }
    GEOSGeom_destroy_r(geos.handle, made);
    GEOSGeom_destroy_r(geos.handle, all);
    geo_geos_end(&geos);
    return status;
}

gb_status geo_outline(gb_context *ctx, const gb_point *points, size_t n,
                      double ratio, double margin_m, geo_shapes *out)
{
    geo_geos geos = { 0 };
    GEOSGeometry *all = NULL, *hull = NULL, *made = NULL;
    gb_status status = geo_geos_begin(&geos, ctx);

    if (status)
        return status;
    all = geo_geos_points(&geos, points, n);
    hull = all ? GEOSConcaveHull_r(geos.handle, all, ratio, 0) : NULL;
    made = hull ? GEOSBuffer_r(geos.handle, hull, margin_m, 4) : NULL;
    status = hand_over(&geos, made, out);
    GEOSGeom_destroy_r(geos.handle, made);
    GEOSGeom_destroy_r(geos.handle, hull);
    GEOSGeom_destroy_r(geos.handle, all);
    geo_geos_end(&geos);
    return status;
}
