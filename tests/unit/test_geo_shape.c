#include "geo_codec.h"
#include "geo_faces.h"
#include "geo_overlay.h"

#include "test.h"

#include <jansson.h>

static gb_context *ctx;
static geo_shapes shapes;

static void setup(void)
{
    ctx = test_context();
    geo_shapes_init(&shapes, ctx->mem);
}

static void teardown(void)
{
    geo_shapes_clear(&shapes);
    gb_context_free(ctx);
}

/* A ring from x, y pairs. */
static void add_ring(const double *xy, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_assert(geo_shapes_add_point(
            &shapes, (gb_point){ xy[2 * i], xy[2 * i + 1] }));
    ck_assert(geo_shapes_end_ring(&shapes));
}

static void add_square(double x, double y, double side)
{
    const double xy[] = { x,        y,        x + side, y,
                          x + side, y + side, x,        y + side };

    add_ring(xy, 4);
}

static void add_hole(double x, double y, double side)
{
    const double xy[] = { x,        y,        x,        y + side,
                          x + side, y + side, x + side, y };

    add_ring(xy, 4);
}

START_TEST(a_shape_with_a_hole_is_measured)
{
    gb_shapes view;
    gb_point p;

    add_square(500000, 3000000, 10);
    add_hole(500004, 3000004, 2);
    ck_assert(geo_shapes_end_shape(&shapes));
    view = geo_shapes_view(&shapes);
    assert_near(geo_shape_area_m2(&view, 0), 96.0, 1e-9);
    assert_near(geo_shape_perimeter_m(&view, 0), 48.0, 1e-9);
    assert_near(geo_shape_centroid(&view, 0).x_m, 500005.0, 1e-9);
    assert_near(geo_shape_centroid(&view, 0).y_m, 3000005.0, 1e-9);
    ck_assert(geo_shape_contains(&view, 0, (gb_point){ 500001, 3000005 }));
    ck_assert(!geo_shape_contains(&view, 0, (gb_point){ 500005, 3000005 }));
    ck_assert(!geo_shape_contains(&view, 0, (gb_point){ 500011, 3000005 }));
    assert_ok(ctx, geo_shape_point_inside(ctx, &view, 0, &p));
    ck_assert(geo_shape_contains(&view, 0, p));
    assert_ok(ctx, geo_shapes_check(ctx, &view, "shapes"));
}
END_TEST

START_TEST(a_border_point_is_in_exactly_one_of_two_neighbours)
{
    gb_shapes view;

    add_square(0, 0, 10);
    ck_assert(geo_shapes_end_shape(&shapes));
    add_square(10, 0, 10);
    ck_assert(geo_shapes_end_shape(&shapes));
    view = geo_shapes_view(&shapes);
    for (int i = 1; i < 10; i++) {
        const gb_point p = { 10.0, i };

        ck_assert_int_eq(geo_shape_contains(&view, 0, p)
                             + geo_shape_contains(&view, 1, p),
                         1);
    }
}
END_TEST

START_TEST(a_shape_in_parts_has_a_point_in_the_main_one)
{
    gb_shapes view;
    gb_point p;

    add_square(0, 0, 1);
    add_square(0, 100, 5);
    ck_assert(geo_shapes_end_shape(&shapes));
    view = geo_shapes_view(&shapes);
    assert_ok(ctx, geo_shape_point_inside(ctx, &view, 0, &p));
    ck_assert(geo_shape_contains(&view, 0, p));
    ck_assert(p.y_m > 100.0);
}
END_TEST

START_TEST(a_shape_without_area_has_no_point_inside)
{
    const double flat[] = { 0, 0, 5, 5, 10, 10 };
    gb_shapes view;
    gb_point p;

    add_ring(flat, 3);
    ck_assert(geo_shapes_end_shape(&shapes));
    ck_assert(geo_shapes_end_shape(&shapes)); /* one of no rings */
    view = geo_shapes_view(&shapes);
    assert_status(ctx, GB_ERR_GEOMETRY,
                  geo_shape_point_inside(ctx, &view, 0, &p));
    assert_status(ctx, GB_ERR_GEOMETRY,
                  geo_shape_point_inside(ctx, &view, 1, &p));
    assert_near(geo_shape_centroid(&view, 0).x_m, 5.0, 1e-9);
    assert_near(geo_shape_area_m2(&view, 1), 0.0, 0);
}
END_TEST

START_TEST(a_bow_tie_is_mended_and_a_good_shape_left_alone)
{
    const double tie[] = { 0, 0, 10, 10, 10, 0, 0, 10 };
    bool is_valid;
    char why[128];
    gb_shapes view, mended;
    geo_shapes out;

    geo_shapes_init(&out, ctx->mem);
    add_ring(tie, 4);
    ck_assert(geo_shapes_end_shape(&shapes));
    add_square(0, 0, 3);
    ck_assert(geo_shapes_end_shape(&shapes));
    view = geo_shapes_view(&shapes);
    assert_ok(ctx, geo_is_valid(ctx, &view, 0, &is_valid, why));
    ck_assert(!is_valid);
    ck_assert_str_ne(why, "");
    assert_ok(ctx, geo_make_valid(ctx, &view, &out));
    mended = geo_shapes_view(&out);
    ck_assert_uint_eq(mended.n_shapes, 2);
    assert_near(geo_shape_area_m2(&mended, 0), 50.0, 1e-9);
    assert_ok(ctx, geo_is_valid(ctx, &mended, 0, &is_valid, NULL));
    ck_assert(is_valid);
    ck_assert_uint_eq(mended.n_points - mended.ring_first_point
                          [mended.shape_first_ring[1]], 4);
    geo_shapes_clear(&out);
}
END_TEST

START_TEST(overlays_add_up)
{
    double both, only_a, either;
    gb_shapes view;
    geo_shapes out;

    geo_shapes_init(&out, ctx->mem);
    add_square(0, 0, 10);
    ck_assert(geo_shapes_end_shape(&shapes));
    add_square(6, 6, 10);
    ck_assert(geo_shapes_end_shape(&shapes));
    add_square(100, 100, 1);
    ck_assert(geo_shapes_end_shape(&shapes));
    view = geo_shapes_view(&shapes);
    assert_ok(ctx, geo_overlay_area_m2(ctx, GEO_INTERSECTION, &view, 0, &view,
                                       1, &both));
    assert_ok(ctx, geo_overlay_area_m2(ctx, GEO_DIFFERENCE, &view, 0, &view, 1,
                                       &only_a));
    assert_ok(ctx, geo_overlay_area_m2(ctx, GEO_UNION, &view, 0, &view, 1,
                                       &either));
    assert_near(both, 16.0, 1e-9);
    assert_near(only_a, 84.0, 1e-9);
    assert_near(either, 184.0, 1e-9);
    assert_ok(ctx, geo_clip(ctx, &view, &view, 0, &out));
    view = geo_shapes_view(&out);
    ck_assert_uint_eq(view.n_shapes, 3);
    assert_near(geo_shape_area_m2(&view, 0), 100.0, 1e-9);
    assert_near(geo_shape_area_m2(&view, 1), 16.0, 1e-9);
    assert_near(geo_shape_area_m2(&view, 2), 0.0, 0);
    geo_shapes_clear(&out);
}
END_TEST

START_TEST(hull_and_buffer_are_shapes)
{
    const gb_point star[] = { { 0, 0 }, { 4, 0 }, { 2, 2 }, { 4, 4 },
                              { 0, 4 }, { 2, 1 } };
    const gb_point level[] = { { 0, 0 }, { 1, 0 }, { 2, 0 } };
    const uint32_t first[] = { 0, 3 };
    const gb_lines lines = { 1, 3, first, level };
    gb_shapes view;

    assert_ok(ctx, geo_hull(ctx, star, 6, &shapes));
    assert_status(ctx, GB_ERR_GEOMETRY, geo_hull(ctx, level, 3, &shapes));
    assert_ok(ctx, geo_lines_buffer(ctx, &lines, 1.0, &shapes));
    view = geo_shapes_view(&shapes);
    ck_assert_uint_eq(view.n_shapes, 2);
    assert_near(geo_shape_area_m2(&view, 0), 16.0, 1e-9);
    assert_near(geo_shape_area_m2(&view, 1), 4.0 + 3.14, 0.05);
}
END_TEST

/* A cross in a square, with a dangle, makes four faces. */
START_TEST(lines_enclose_faces_that_share_their_borders)
{
    static const gb_point points[] = {
        { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 }, { 0, 0 }, /* square */
        { -1, 5 }, { 11, 5 }, { 5, -1 }, { 5, 11 }, /* cross, overshooting */
        { 2, 2 }, { 3, 3 }                                  /* alone */
    };
    static const uint32_t first[] = { 0, 5, 7, 9, 11 };
    const gb_lines lines = { 4, 11, first, points };
    const uint32_t labels[] = { 0, 1, 0, 0 };
    geo_adjacency adjacency = { 0 };
    geo_edges edges = { 0 };
    geo_shapes united;
    gb_shapes view;
    double area = 0.0;

    geo_shapes_init(&united, ctx->mem);
    assert_ok(ctx, geo_faces_of_lines(ctx, &lines, 0.01, &shapes));
    view = geo_shapes_view(&shapes);
    ck_assert_uint_eq(view.n_shapes, 4);
    for (size_t f = 0; f < 4; f++)
        area += geo_shape_area_m2(&view, f);
    assert_near(area, 100.0, 1e-9);
    assert_ok(ctx, geo_edges_build(ctx, &view, &edges));
    ck_assert_uint_eq(edges.n_vertices, 9);
    ck_assert_uint_eq(edges.n_edges, 12);
    assert_ok(ctx, geo_adjacency_build(ctx, &edges, NULL, 4, &adjacency));
    ck_assert_uint_eq(adjacency.n, 8);
    for (size_t f = 0; f < 4; f++) {
        ck_assert_uint_eq(adjacency.first[f + 1] - adjacency.first[f], 2);
        assert_near(adjacency.rim_m[f], 10.0, 1e-9);
    }
    assert_near(adjacency.shared_m[0], 5.0, 1e-9);
    assert_ok(ctx, geo_dissolve(ctx, &edges, labels, 2, &united));
    view = geo_shapes_view(&united);
    ck_assert_uint_eq(view.n_shapes, 2);
    assert_near(geo_shape_area_m2(&view, 0), 75.0, 1e-9);
    assert_near(geo_shape_area_m2(&view, 1), 25.0, 1e-9);
    geo_adjacency_clear(&adjacency);
    geo_edges_clear(&edges);
    geo_shapes_clear(&united);
}
END_TEST

START_TEST(faces_that_overlap_are_named)
{
    geo_edges edges;
    gb_shapes view;

    add_square(0, 0, 10);
    ck_assert(geo_shapes_end_shape(&shapes));
    add_square(0, 0, 10);
    ck_assert(geo_shapes_end_shape(&shapes));
    view = geo_shapes_view(&shapes);
    assert_status(ctx, GB_ERR_GEOMETRY, geo_edges_build(ctx, &view, &edges));
    ck_assert_ptr_nonnull(strstr(gb_last_error(ctx), "faces 0 and 1"));
}
END_TEST

/*
 * Squares of a 3 x 3 board; label 0 is all but the middle and one corner:
 * its hole touches nothing; then with the middle's corner neighbours, where
 * the union touches itself in a vertex.
 */
static gb_shapes board(geo_edges *edges)
{
    gb_shapes view;

    for (int i = 0; i < 9; i++) {
        add_square(i % 3, i / 3, 1);
        ck_assert(geo_shapes_end_shape(&shapes));
    }
    view = geo_shapes_view(&shapes);
    assert_ok(ctx, geo_edges_build(ctx, &view, edges));
    return view;
}

START_TEST(unions_keep_their_holes_and_every_ring_is_simple)
{
    static const struct {
        uint32_t label[9];
        unsigned n_rings[2];
        double area[2];
    } rows[] = {
        { { 0, 0, 0, 0, 1, 0, 0, 0, 0 }, { 2, 1 }, { 8, 1 } },
        /* corners that touch: outer rings of their own */
        { { 0, 1, 0, 1, 0, 1, 0, 1, 0 }, { 5, 4 }, { 5, 4 } },
        /* a hole that touches the outer ring in a vertex */
        { { 1, 0, 0, 0, 1, 0, 0, 0, 0 }, { 2, 2 }, { 7, 2 } },
    };
    geo_edges edges;
    board(&edges);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        geo_shapes out;
        gb_shapes view;

        geo_shapes_init(&out, ctx->mem);
        assert_ok(ctx, geo_dissolve(ctx, &edges, rows[i].label, 2, &out));
        view = geo_shapes_view(&out);
        for (size_t l = 0; l < 2; l++) {
            bool is_valid;
            char why[128];

            ck_assert_uint_eq(view.shape_first_ring[l + 1]
                                  - view.shape_first_ring[l],
                              rows[i].n_rings[l]);
            assert_near(geo_shape_area_m2(&view, l), rows[i].area[l], 1e-12);
            assert_ok(ctx, geo_is_valid(ctx, &view, l, &is_valid, why));
            ck_assert_msg(is_valid, "row %zu label %zu: %s", i, l, why);
        }
        geo_shapes_clear(&out);
    }
    geo_edges_clear(&edges);
}
END_TEST

static geo_geometry read_json(const char *text)
{
    json_t *json = json_loads(text, 0, NULL);
    geo_geometry out;

    ck_assert_ptr_nonnull(json);
    assert_ok(ctx, geo_read_geojson(ctx, json, &out));
    json_decref(json);
    return out;
}

static const char *const GEOMETRIES[] = {
    "{\"type\":\"Point\",\"coordinates\":[1.5,2]}",
    "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,2,9],[3,4]]}",
    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[0,9],[9,9],[9,0],[0,0]],"
    "[[1,1],[2,1],[2,2],[1,1]]]}",
    "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}",
    "{\"type\":\"MultiLineString\",\"coordinates\":[[[0,0],[1,1]],[[2,2],[3,3],"
    "[4,5]]]}",
    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[9,0],[9,9],[0,0]]],"
    "[[[20,0],[29,0],[29,9],[20,0]],[[27,2],[28,2],[28,3],[27,2]]]]}",
    "{\"type\":\"MultiPolygon\",\"coordinates\":[]}",
};

START_TEST(what_is_written_is_read_again)
{
    geo_geometry first = read_json(GEOMETRIES[_i]), again;
    geo_bytes bytes = BASE_ARRAY_INIT, more = BASE_ARRAY_INIT;

    first.srid = 4544;
    ck_assert(geo_write_blob(ctx->mem, &first, &bytes));
    assert_ok(ctx, geo_read_blob(ctx, bytes.items, bytes.n, &again));
    ck_assert_int_eq(again.srid, 4544);
    ck_assert_int_eq(again.kind, first.kind);
    ck_assert(geo_write_blob(ctx->mem, &again, &more));
    ck_assert_uint_eq(bytes.n, more.n);
    ck_assert_mem_eq(bytes.items, more.items, bytes.n);
    /* no prefix of it is a geometry */
    geo_geometry_clear(&again);
    for (size_t n = 0; n < bytes.n; n++)
        ck_assert_int_ne(geo_read_blob(ctx, bytes.items, n, &again), GB_OK);
    bytes.n = more.n = 0;
    ck_assert(geo_write_wkb(ctx->mem, &first, &bytes));
    assert_ok(ctx, geo_read_wkb(ctx, bytes.items, bytes.n, &again));
    ck_assert(geo_write_wkb(ctx->mem, &again, &more));
    ck_assert_uint_eq(bytes.n, more.n);
    ck_assert_mem_eq(bytes.items, more.items, bytes.n);
    geo_geometry_clear(&again);
    for (size_t n = 0; n < bytes.n; n++)
        ck_assert_int_ne(geo_read_wkb(ctx, bytes.items, n, &again), GB_OK);
    base_array_clear(ctx->mem, &bytes);
    base_array_clear(ctx->mem, &more);
    geo_geometry_clear(&first);
}
END_TEST

START_TEST(geojson_that_is_none_is_refused)
{
    static const char *const texts[] = {
        "[]",
        "{}",
        "{\"type\":\"Point\"}",
        "{\"type\":\"Point\",\"coordinates\":[1]}",
        "{\"type\":\"Point\",\"coordinates\":[\"1\",2]}",
        "{\"type\":\"Feature\",\"coordinates\":[1,2]}",
        "{\"type\":\"LineString\",\"coordinates\":[[1,2]]}",
        "{\"type\":\"LineString\",\"coordinates\":[1,2]}",
        "{\"type\":\"Polygon\",\"coordinates\":[]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[0,0]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[5]}",
    };
    json_t *json = json_loads(texts[_i], 0, NULL);
    geo_geometry out;
    const gb_status status = geo_read_geojson(ctx, json, &out);

    ck_assert(status == GB_ERR_PARSE || status == GB_ERR_GEOMETRY);
    ck_assert_str_ne(gb_last_error(ctx), "");
    ck_assert_ptr_null(out.parts.points.items);
    json_decref(json);
}
END_TEST

/* The two that TRAPS.md saw crash libspatialite, and their kin. */
START_TEST(hostile_blobs_are_refused)
{
    static const uint8_t tiny[] = { 0x00, 0x81, 0x01, 0x00, 0xa8, 0x00, 0x02,
                                    0x40, 0x3c, 0xb4, 0x00, 0x64, 0x04, 0x00,
                                    0x64, 0x06, 0x01, 0x3f, 0x6f, 0x62, 0x01,
                                    0xfe };
    uint8_t point[GEO_BLOB_POINT_SIZE], copy[GEO_BLOB_POINT_SIZE];
    geo_geometry out;
    gb_point p;
    int32_t srid;

    geo_write_blob_point((gb_point){ 1.5, 2.5 }, 4326, point);
    assert_ok(ctx, geo_read_blob_point(ctx, point, sizeof point, &srid, &p));
    ck_assert_int_eq(srid, 4326);
    assert_near(p.x_m, 1.5, 0);
    assert_status(ctx, GB_ERR_PARSE,
                  geo_read_blob(ctx, tiny, sizeof tiny, &out));
    /* a line of 2^31 - 1 points in 60 bytes */
    memcpy(copy, point, sizeof copy);
    copy[39] = 2;
    memcpy(copy + 43, "\xff\xff\xff\x7f", 4);
    assert_status(ctx, GB_ERR_PARSE,
                  geo_read_blob(ctx, copy, sizeof copy, &out));
    /* a box that lies, a coordinate that is none, marks that are missing */
    memcpy(copy, point, sizeof copy);
    copy[13] ^= 0x40;
    assert_status(ctx, GB_ERR_PARSE,
                  geo_read_blob(ctx, copy, sizeof copy, &out));
    memcpy(copy, point, sizeof copy);
    memset(copy + 43, 0xff, 8);
    assert_status(ctx, GB_ERR_PARSE,
                  geo_read_blob_point(ctx, copy, sizeof copy, &srid, &p));
    for (size_t i = 0; i < 4; i++) {
        static const size_t marks[] = { 0, 1, 38, 59 };

        memcpy(copy, point, sizeof copy);
        copy[marks[i]] ^= 0x22;
        assert_status(ctx, GB_ERR_PARSE,
                      geo_read_blob(ctx, copy, sizeof copy, &out));
    }
}
END_TEST

START_TEST(big_endian_wkb_is_read)
{
    static const uint8_t wkb[] = { 0, 0, 0, 0, 1, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0,
                                   0x40, 0x04, 0, 0, 0, 0, 0, 0 };
    static const uint8_t collection[] = { 1, 7, 0, 0, 0, 0, 0, 0, 0 };
    geo_geometry out;

    assert_ok(ctx, geo_read_wkb(ctx, wkb, sizeof wkb, &out));
    assert_near(out.parts.points.items[0].x_m, 1.5, 0);
    assert_near(out.parts.points.items[0].y_m, 2.5, 0);
    geo_geometry_clear(&out);
    assert_status(ctx, GB_ERR_PARSE,
                  geo_read_wkb(ctx, collection, sizeof collection, &out));
}
END_TEST

START_TEST(a_callers_arrays_are_checked)
{
    const gb_point points[] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { (double)NAN, 0 } };
    const gb_point clockwise[] = { { 0, 0 }, { 1, 1 }, { 1, 0 } };
    const uint32_t one_ring[] = { 0, 1 }, three[] = { 0, 3 };
    const uint32_t falling[] = { 0, 4, 3 }, two[] = { 0, 2 };
    gb_shapes good = { 1, 1, 3, one_ring, three, points }, bad;
    gb_lines lines = { 1, 4, falling, points };

    assert_ok(ctx, geo_shapes_check(ctx, &good, "region"));
    assert_ok(ctx, geo_shapes_check(ctx, NULL, "region"));
    bad = good;
    bad.points = clockwise;
    assert_status(ctx, GB_ERR_ARGUMENT, geo_shapes_check(ctx, &bad, "region"));
    bad = good;
    bad.ring_first_point = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT, geo_shapes_check(ctx, &bad, "region"));
    bad = good;
    bad.n_points = 2;
    bad.ring_first_point = two;
    assert_status(ctx, GB_ERR_ARGUMENT, geo_shapes_check(ctx, &bad, "region"));
    bad = good;
    bad.points = points + 1;
    assert_status(ctx, GB_ERR_ARGUMENT, geo_shapes_check(ctx, &bad, "region"));
    assert_status(ctx, GB_ERR_ARGUMENT, geo_lines_check(ctx, &lines, "lines"));
    lines.first_point = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT, geo_lines_check(ctx, &lines, "lines"));
    assert_ok(ctx, geo_lines_check(ctx, NULL, "lines"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("geo_shape");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_shape_with_a_hole_is_measured);
    tcase_add_test(tcase, a_border_point_is_in_exactly_one_of_two_neighbours);
    tcase_add_test(tcase, a_shape_in_parts_has_a_point_in_the_main_one);
    tcase_add_test(tcase, a_shape_without_area_has_no_point_inside);
    tcase_add_test(tcase, a_bow_tie_is_mended_and_a_good_shape_left_alone);
    tcase_add_test(tcase, overlays_add_up);
    tcase_add_test(tcase, hull_and_buffer_are_shapes);
    tcase_add_test(tcase, lines_enclose_faces_that_share_their_borders);
    tcase_add_test(tcase, faces_that_overlap_are_named);
    tcase_add_test(tcase, unions_keep_their_holes_and_every_ring_is_simple);
    tcase_add_loop_test(tcase, what_is_written_is_read_again, 0,
                        (int)(sizeof GEOMETRIES / sizeof *GEOMETRIES));
    tcase_add_loop_test(tcase, geojson_that_is_none_is_refused, 0, 12);
    tcase_add_test(tcase, hostile_blobs_are_refused);
    tcase_add_test(tcase, big_endian_wkb_is_read);
    tcase_add_test(tcase, a_callers_arrays_are_checked);
    suite_add_tcase(suite, tcase);
    return suite;
}
