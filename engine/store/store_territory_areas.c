/*
 * store_territory_areas.c - no overlap of cells and no gap in their region.
 */
#include "store_territory_job.h"

#include "base_check.h"
#include "geo_codec.h"
#include "geo_index.h"
#include "geo_overlay.h"

static const double slack_m2 = 0.01;

/* The cell whose shape is shape s. */
static const char *ref_of_shape(const territory_check *k, uint32_t s)
{
    for (size_t c = 0; c < k->cells.n; c++) {
        if (k->cells.items[c].shape == s)
            return k->cells.items[c].ref;
    }
    return "";
}

typedef struct overlap_user {
    territory_check *k;
    gb_shapes view;
    uint32_t shape;
    gb_status status;
} overlap_user;

static bool look_at_pair(void *user, uint32_t other)
{
    overlap_user *u = user;
    territory_check *k = u->k;
    geo_shapes common;
    gb_shapes view;
    double area;

    if (other <= u->shape)
        return true;
    geo_shapes_init(&common, k->ws->mem);
    u->status = geo_overlay(k->ctx, GEO_INTERSECTION, &u->view, u->shape,
                            &u->view, other, &common);
    view = geo_shapes_view(&common);
    area = !u->status && view.n_shapes > 0 ? geo_shape_area_m2(&view, 0) : 0.0;
    if (!u->status && area > slack_m2) {
        const char *a = ref_of_shape(k, u->shape);
        const char *b = ref_of_shape(k, other);
        const gb_point at = geo_shape_centroid(&view, 0);
        char number[32];

        territory_say(k, GB_N("cells %s and %s overlap by %s m2"), a, b,
                      base_real_text(number, area, 2));
        u->status = territory_add(k, STORE_FINDING_OVERLAP, a, b, &at, area);
    }
    geo_shapes_clear(&common);
    return !u->status;
}

/* Which pairs overlap; asked only when the sum tells that some do. */
static gb_status locate_overlaps(territory_check *k)
{
    overlap_user u = { .k = k, .view = geo_shapes_view(&k->shapes) };
    BASE_ARRAY(gb_box) boxes = BASE_ARRAY_INIT;
    geo_index *index = NULL;
    gb_status status = GB_OK;

    for (size_t s = 0; s < u.view.n_shapes && !status; s++) {
        if (!base_array_push(k->ws->mem, &boxes, geo_shape_box(&u.view, s)))
            status = base_fail_nomem(k->ctx);
    }
    if (!status)
        status = geo_index_build(k->ctx, boxes.items, boxes.n, &index);
    for (size_t s = 0; s < u.view.n_shapes && !status; s++) {
        u.shape = (uint32_t)s;
        geo_index_in_box(index, boxes.items[s], look_at_pair, &u);
        status = u.status ? u.status : base_poll(k->ws->run);
    }
    geo_index_free(index);
    base_array_clear(k->ws->mem, &boxes);
    return status;
}

/* Each part of `a` without `b` as a finding of its own. */
static gb_status tell_difference(territory_check *k, store_finding_kind kind,
                                 const gb_shapes *a, const gb_shapes *b,
                                 const char *english)
{
    geo_shapes rest;
    gb_shapes view;
    gb_status status;

    geo_shapes_init(&rest, k->ws->mem);
    status = geo_overlay(k->ctx, GEO_DIFFERENCE, a, 0, b, 0, &rest);
    view = geo_shapes_view(&rest);
    for (size_t r = 0; r < view.n_rings && !status; r++) {
        const uint32_t from = view.ring_first_point[r];
        const uint32_t n = view.ring_first_point[r + 1] - from;
        const uint32_t first_ring[2] = { 0, 1 }, first_point[2] = { 0, n };
        const gb_shapes part = { 1, 1, n, first_ring, first_point,
                                 view.points + from };
        const double area = geo_ring_area_m2(view.points + from, n);
        gb_point at;
        char number[32];

        if (area <= slack_m2) /* holes are below 0 */
            continue;
        at = geo_shape_centroid(&part, 0);
        territory_say(k, english, base_real_text(number, area, 2));
        status = territory_add(k, kind, "", "", &at, area);
    }
    geo_shapes_clear(&rest);
    return status;
}

static gb_status check_region(territory_check *k, const gb_shapes *all)
{
    store_statement *st = NULL;
    geo_geometry region;
    bool has_row, is_there = false;
    gb_status status = store_prepare(
        k->ws, "SELECT region FROM cell_set WHERE id = ?1", &st);

    if (status)
        return status;
    store_bind_int(st, 1, k->set);
    status = store_step(k->ws, st, &has_row);
    if (!status && has_row && !store_column_is_null(st, 0)) {
        size_t n = 0;
        const void *blob = store_column_blob(st, 0, &n);

        status = geo_read_blob(k->ctx, blob, n, &region);
        is_there = !status;
    }
    store_finalize(st);
    if (is_there) {
        const gb_shapes view = geo_shapes_view(&region.parts);

        status = tell_difference(k, STORE_FINDING_GAP, &view, all,
                                 GB_N("%s m2 of the region are in no cell"));
        if (!status)
            status = tell_difference(
                k, STORE_FINDING_OVERLAP, all, &view,
                GB_N("%s m2 of cells lie outside of the region"));
        geo_geometry_clear(&region);
    }
    return status;
}

gb_status territory_check_areas(territory_check *k)
{
    const gb_shapes view = geo_shapes_view(&k->shapes);
    geo_shapes joined;
    gb_shapes all;
    double sum = 0.0;
    gb_status status;

    if (view.n_shapes == 0)
        return GB_OK;
    for (size_t s = 0; s < view.n_shapes; s++)
        sum += geo_shape_area_m2(&view, s);
    geo_shapes_init(&joined, k->ws->mem);
    status = geo_union(k->ctx, &view, &joined);
    all = geo_shapes_view(&joined);
    if (!status) {
        k->out->area_m2 = sum;
        k->out->union_m2 = geo_shape_area_m2(&all, 0);
        /* Below a millionth of a square metre a cell it is rounding. */
        if (sum - k->out->union_m2 > 1e-6 * (double)view.n_shapes + 1e-3)
            status = locate_overlaps(k);
    }
    if (!status)
        status = check_region(k, &all);
    geo_shapes_clear(&joined);
    return status;
}
