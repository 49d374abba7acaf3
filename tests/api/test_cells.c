#include <gridbeat/gridbeat.h>

#include "test.h"

static const gb_point SQUARE[] = { { 0, 0 }, { 1000, 0 }, { 1000, 1000 },
                                   { 0, 1000 } };
static const uint32_t ONE[] = { 0, 1 }, FOUR[] = { 0, 4 };
static const gb_shapes REGION = { 1, 1, 4, ONE, FOUR, SQUARE };
static const gb_point CROSS[] = { { 500, -9 }, { 500, 1009 } };
static const uint32_t TWO[] = { 0, 2 };
static const gb_lines LINES = { 1, 2, TWO, CROSS };
static const uint8_t ARTERIAL[] = { GB_LINE_ARTERIAL };

static gb_context *ctx;
static gb_cells *cells;
static gb_cells_input input;

static void setup(void)
{
    const gb_cells_input none = GB_CELLS_INPUT_INIT;

    ctx = test_context();
    cells = NULL;
    input = none;
    input.region = &REGION;
    input.lines = &LINES;
    input.line_classes = ARTERIAL;
}

static void teardown(void)
{
    gb_cells_free(cells);
    gb_context_free(ctx);
}

START_TEST(defaults_are_those_of_the_comments)
{
    gb_cells_options options = GB_CELLS_OPTIONS_INIT, out;

    assert_ok(ctx, gb_cells_options_resolved(ctx, NULL, &out));
    assert_near(out.max_weight, 0.0, 0);
    assert_near(out.min_weight, 0.0, 0);
    assert_near(out.min_area_m2, 2500.0, 0);
    assert_near(out.min_width_m, 30.0, 0);
    assert_near(out.max_area_m2, 1000000.0, 0);
    assert_near(out.max_atomic_m2, 400000.0, 0);
    assert_near(out.margin_m, 500.0, 0);
    assert_near(out.grid_m, 0.01, 0);
    options.min_width_m = 7.0;
    assert_ok(ctx, gb_cells_options_resolved(ctx, &options, &out));
    assert_near(out.min_width_m, 7.0, 0);
    options.grid_m = -1.0;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_options_resolved(ctx, &options, &out));
    options.size = 3;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_cells_options_resolved(ctx, &options, &out));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_options_resolved(ctx, NULL, NULL));
    ck_assert_int_eq(gb_cells_options_resolved(NULL, NULL, &out),
                     GB_ERR_ARGUMENT);
}
END_TEST

START_TEST(cells_outlive_their_context_and_input)
{
    gb_context *other = test_context();
    gb_cells_view view = GB_CELLS_VIEW_INIT;
    size_t n;

    assert_ok(other, gb_cells_build(other, &input, NULL, &cells));
    gb_context_free(other);
    assert_ok(ctx, gb_cells_get(ctx, cells, &view));
    ck_assert_uint_eq(view.n_cells, 2);
    ck_assert_uint_eq(view.barriers[0], GB_BARRIER_SOFT);
    assert_ok(ctx, gb_cells_check(ctx, &view, NULL, 0, &n));
    ck_assert_uint_eq(n, 0);
    gb_cells_findings(cells, &n);
    ck_assert_uint_eq(n, 0);
    ck_assert_ptr_null(gb_cells_findings(NULL, &n));
    view.size = 5;
    assert_status(ctx, GB_ERR_OPTIONS, gb_cells_get(ctx, cells, &view));
    assert_status(ctx, GB_ERR_ARGUMENT, gb_cells_get(ctx, NULL, &view));
    ck_assert_int_eq(gb_cells_get(NULL, cells, &view), GB_ERR_ARGUMENT);
}
END_TEST

START_TEST(a_wrong_call_is_refused)
{
    const uint8_t unknown[] = { GB_LINE_CLASS_COUNT };
    const gb_point off = { (double)NAN, 0 };
    const double less = -1.0;
    gb_cells_input good = input;

    cells = (gb_cells *)8;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_build(ctx, NULL, NULL, &cells));
    ck_assert_ptr_null(cells);
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_build(ctx, &input, NULL, NULL));
    ck_assert_int_eq(gb_cells_build(NULL, &input, NULL, &cells),
                     GB_ERR_ARGUMENT);
    input.line_classes = unknown;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_build(ctx, &input, NULL, &cells));
    input.line_classes = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_build(ctx, &input, NULL, &cells));
    input = good;
    input.n_points = 1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_build(ctx, &input, NULL, &cells));
    input.points = &off;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_build(ctx, &input, NULL, &cells));
    input.points = SQUARE;
    input.weights = &less;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_build(ctx, &input, NULL, &cells));
    input = good;
    input.region = NULL;
    input.lines = NULL;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_build(ctx, &input, NULL, &cells));
    input.size = 1;
    assert_status(ctx, GB_ERR_OPTIONS,
                  gb_cells_build(ctx, &input, NULL, &cells));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_from_shapes(ctx, NULL, NULL, NULL, &cells));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_from_shapes(ctx, &REGION, NULL, NULL, NULL));
    ck_assert_int_eq(gb_cells_from_shapes(NULL, &REGION, NULL, NULL, &cells),
                     GB_ERR_ARGUMENT);
}
END_TEST

START_TEST(a_region_without_area_is_refused)
{
    const gb_point flat[] = { { 0, 0 }, { 9, 9 }, { 18, 18 }, { 5, 5 } };
    const gb_shapes nothing = { 1, 1, 4, ONE, FOUR, flat };

    input.region = &nothing;
    assert_status(ctx, GB_ERR_GEOMETRY,
                  gb_cells_build(ctx, &input, NULL, &cells));
    ck_assert_ptr_null(cells);
}
END_TEST

START_TEST(given_polygons_need_no_region)
{
    gb_cells_view view = GB_CELLS_VIEW_INIT;

    assert_ok(ctx, gb_cells_from_shapes(ctx, &REGION, NULL, NULL, &cells));
    assert_ok(ctx, gb_cells_get(ctx, cells, &view));
    ck_assert_uint_eq(view.n_cells, 1);
    assert_near(view.areas_m2[0], 1e6, 1e-6);
}
END_TEST

START_TEST(what_cannot_be_checked_is_refused)
{
    gb_cells_view view = GB_CELLS_VIEW_INIT;
    const uint32_t falling[] = { 0, 2, 1 };
    size_t n;

    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_check(ctx, &view, NULL, 0, &n));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_check(ctx, NULL, NULL, 0, &n));
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_check(ctx, &view, NULL, 4, &n));
    ck_assert_int_eq(gb_cells_check(NULL, &view, NULL, 0, &n),
                     GB_ERR_ARGUMENT);
    assert_ok(ctx, gb_cells_build(ctx, &input, NULL, &cells));
    assert_ok(ctx, gb_cells_get(ctx, cells, &view));
    view.first_neighbour = falling;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_check(ctx, &view, NULL, 0, &n));
    view.n_cells = 1;
    assert_status(ctx, GB_ERR_ARGUMENT,
                  gb_cells_check(ctx, &view, NULL, 0, &n));
}
END_TEST

/* The lines of a map as input; free() the points. */
static gb_point *take_map(const char *map, const gb_lonlat *south_west,
                          const gb_lonlat *north_east, gb_roads **roads,
                          gb_lines *lines)
{
    char index[4096];
    gb_roads_line_set set;
    gb_point *projected;
    gb_crs *crs;
    int32_t epsg;

    snprintf(index, sizeof index, "%s/map.roads", test_folder());
    assert_ok(ctx, gb_roads_build(ctx, map, index, NULL, NULL));
    assert_ok(ctx, gb_roads_open(ctx, index, roads));
    assert_ok(ctx, gb_roads_lines(ctx, *roads, &set));
    assert_ok(ctx, gb_crs_for_extent(ctx, *south_west, *north_east, &epsg));
    assert_ok(ctx, gb_crs_open(ctx, epsg, &crs));
    projected = malloc(set.n_points * sizeof *projected);
    assert_ok(ctx, gb_crs_project(ctx, crs, set.points, set.n_points,
                                  projected));
    gb_crs_free(crs);
    *lines = (gb_lines){ set.n_lines, set.n_points, set.first_point,
                         projected };
    input.line_classes = set.classes;
    return projected;
}

/* Work stands at every 20th vertex of the streets. */
static void part_map(const char *map, gb_lonlat south_west,
                     gb_lonlat north_east)
{
    gb_cells_options options = GB_CELLS_OPTIONS_INIT;
    gb_cells_view view = GB_CELLS_VIEW_INIT;
    gb_cells_finding finding;
    gb_point points[2000];
    gb_roads *roads;
    gb_lines lines;
    gb_point *projected = take_map(map, &south_west, &north_east, &roads,
                                   &lines);
    size_t n;

    for (size_t i = 0; i < lines.n_points && input.n_points < 2000; i += 20)
        points[input.n_points++] = lines.points[i];
    input.points = points;
    input.lines = &lines;
    input.region = NULL;
    options.max_weight = 10.0;
    options.min_weight = 2.0;
    assert_ok(ctx, gb_cells_build(ctx, &input, &options, &cells));
    assert_ok(ctx, gb_cells_get(ctx, cells, &view));
    assert_ok(ctx, gb_cells_check(ctx, &view, &finding, 1, &n));
    ck_assert_uint_eq(n, 0);
    /* all points stand on borders, many between carriageways: what is
     * closed up there may make its neighbour a little too heavy */
    for (size_t c = 0; c < view.n_cells; c++)
        ck_assert(view.areas_m2[c] >= 2500.0 && view.weights[c] <= 12.0);
    gb_cells_findings(cells, &n);
    ck_assert_uint_le(n, 3);
    ck_assert_uint_ge(view.n_cells, input.n_points / 10);
    for (size_t p = 0; p < input.n_points; p++)
        ck_assert_uint_ne(view.cell_of_point[p], GB_CELL_NONE);
    free(projected);
    gb_roads_close(roads);
}

START_TEST(a_real_town_is_parted)
{
    part_map(test_data_path("liechtenstein-2013-08-03.osm.pbf"),
             (gb_lonlat){ 9.47, 47.04 }, (gb_lonlat){ 9.64, 47.28 });
}
END_TEST

START_TEST(a_real_city_is_parted)
{
    const char *map = test_shared_path("data/roads/chengdu_center.osm.pbf");

    if (map)
        part_map(map, (gb_lonlat){ 104.03, 30.63 },
                 (gb_lonlat){ 104.13, 30.71 });
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cells");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, defaults_are_those_of_the_comments);
    tcase_add_test(tcase, cells_outlive_their_context_and_input);
    tcase_add_test(tcase, a_wrong_call_is_refused);
    tcase_add_test(tcase, a_region_without_area_is_refused);
    tcase_add_test(tcase, given_polygons_need_no_region);
    tcase_add_test(tcase, what_cannot_be_checked_is_refused);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_real_town_is_parted);
    tcase_add_test(tcase, a_real_city_is_parted);
    suite_add_tcase(suite, tcase);
    return suite;
}
