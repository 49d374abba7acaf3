#include "geo_codec.h"
#include "geo_faces.h"
#include "geo_index.h"
#include "geo_overlay.h"

#include "faulty_loop.h"
#include "test.h"

#include <jansson.h>

static const gb_point POINTS[] = {
    { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 }, /* a square */
    { -1, 5 }, { 11, 5 }, { 5, -1 }, { 5, 11 }
};
static const uint32_t FIRST[] = { 0, 5, 7, 9 };
static const gb_lines LINES = { 3, 9, FIRST, POINTS };
static const uint32_t ONE[] = { 0, 1 }, FOUR[] = { 0, 4 };
static const gb_shapes SQUARE = { 1, 1, 4, ONE, FOUR, POINTS };

static gb_status call_crs(gb_context *ctx)
{
    gb_crs *crs;
    const gb_status status = gb_crs_open(ctx, 4544, &crs);

    ck_assert((crs == NULL) == (status != GB_OK));
    gb_crs_free(crs);
    return status;
}

static gb_status call_index(gb_context *ctx)
{
    geo_index *a = NULL, *b = NULL;
    gb_status status = geo_index_build_points(ctx, POINTS, 9, &a);

    if (!status)
        status = geo_index_build_segments(ctx, &LINES, &b);
    geo_index_free(a);
    geo_index_free(b);
    return status;
}

static gb_status call_overlays(gb_context *ctx)
{
    const gb_point tie[] = { { 0, 0 }, { 10, 10 }, { 10, 0 }, { 0, 10 } };
    const gb_shapes bow = { 1, 1, 4, ONE, FOUR, tie };
    geo_shapes out;
    gb_status status;

    geo_shapes_init(&out, ctx->mem);
    status = geo_overlay(ctx, GEO_UNION, &SQUARE, 0, &SQUARE, 0, &out);
    if (!status)
        status = geo_union(ctx, &SQUARE, &out);
    if (!status)
        status = geo_clip(ctx, &SQUARE, &SQUARE, 0, &out);
    if (!status)
        status = geo_make_valid(ctx, &bow, &out);
    if (!status)
        status = geo_lines_buffer(ctx, &LINES, 1.0, &out);
    if (!status)
        status = geo_hull(ctx, POINTS, 9, &out);
    geo_shapes_clear(&out);
    return status;
}

static gb_status call_faces(gb_context *ctx)
{
    static const uint32_t label[] = { 0, 1, 1, 0 };
    geo_shapes faces, out;
    geo_edges edges = { 0 };
    geo_adjacency adjacency = { 0 };
    gb_shapes view;
    gb_point p;
    gb_status status;

    geo_shapes_init(&faces, ctx->mem);
    geo_shapes_init(&out, ctx->mem);
    status = geo_faces_of_lines(ctx, &LINES, 0.01, &faces);
    view = geo_shapes_view(&faces);
    if (!status)
        status = geo_edges_build(ctx, &view, &edges);
    if (!status)
        status = geo_adjacency_build(ctx, &edges, label, 2, &adjacency);
    if (!status)
        status = geo_dissolve(ctx, &edges, label, 2, &out);
    if (!status)
        status = geo_shape_point_inside(ctx, &view, 0, &p);
    geo_adjacency_clear(&adjacency);
    geo_edges_clear(&edges);
    geo_shapes_clear(&out);
    geo_shapes_clear(&faces);
    return status;
}

static gb_status call_codec(gb_context *ctx)
{
    json_t *json = json_pack("{s:s,s:[[[i,i],[i,i],[i,i],[i,i]]]}", "type",
                             "Polygon", "coordinates", 0, 0, 1, 0, 1, 1, 0, 0);
    geo_bytes bytes = BASE_ARRAY_INIT;
    geo_geometry a = { 0 }, b = { 0 };
    gb_status status = geo_read_geojson(ctx, json, &a);

    if (!status && !geo_write_blob(ctx->mem, &a, &bytes))
        status = base_fail_nomem(ctx);
    if (!status)
        status = geo_read_blob(ctx, bytes.items, bytes.n, &b);
    base_array_clear(ctx->mem, &bytes);
    geo_geometry_clear(&a);
    geo_geometry_clear(&b);
    json_decref(json);
    return status;
}

static gb_status call_unproject(gb_context *ctx)
{
    const gb_point corners[] = { { 5e5, 3e6 }, { 5e5 + 9, 3e6 },
                                 { 5e5, 3e6 + 9 } };
    const uint32_t three[] = { 0, 3 };
    const gb_shapes shape = { 1, 1, 3, ONE, three, corners };
    geo_geometry back = { .kind = GEO_POLYGONS };
    gb_crs *crs;
    gb_status status = geo_crs_open(ctx, 4544, &crs);

    geo_shapes_init(&back.parts, ctx->mem);
    if (!status)
        status = geo_shapes_unproject(ctx, crs, &shape, &back.parts);
    if (!status)
        status = geo_geometry_project(ctx, crs, &back);
    if (!status)
        assert_near(back.parts.points.items[1].x_m, 5e5 + 9, 1e-4);
    geo_geometry_clear(&back);
    gb_crs_free(crs);
    return status;
}

static const faulty_call CALLS[] = { call_crs,   call_index, call_overlays,
                                     call_faces, call_codec, call_unproject };

START_TEST(lack_of_memory_is_survived)
{
    faulty_loop(CALLS[_i / 2], (faulty_way)(_i % 2), 1);
}
END_TEST

START_TEST(a_broken_ring_is_geos_failure_in_its_own_words)
{
    const gb_point tie[] = { { 0, 0 }, { 10, 10 }, { 10, 0 }, { 0, 10 } };
    const gb_shapes bow = { 1, 1, 4, ONE, FOUR, tie };
    gb_context *ctx = test_context();
    geo_shapes out;

    geo_shapes_init(&out, ctx->mem);
    assert_status(ctx, GB_ERR_LIBRARY,
                  geo_overlay(ctx, GEO_INTERSECTION, &bow, 0, &SQUARE, 0,
                              &out));
    ck_assert_int_eq(strncmp(gb_last_error(ctx), "GEOS: ", 6), 0);
    ck_assert_uint_eq(geo_shapes_count(&out), 0);
    geo_shapes_clear(&out);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("geo");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, lack_of_memory_is_survived, 0,
                        2 * (int)(sizeof CALLS / sizeof *CALLS));
    tcase_add_test(tcase, a_broken_ring_is_geos_failure_in_its_own_words);
    suite_add_tcase(suite, tcase);
    return suite;
}
