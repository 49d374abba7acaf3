#include <gridbeat/cells.h>
#include <gridbeat/grid.h>

#include "geo_shape.h"

#include "test.h"

static gb_context *ctx;
static geo_shapes region, atomic;
static geo_lines lines;
static uint8_t classes[64];
static gb_point points[512];
static double weights[512];
static gb_cells_input input;
static gb_cells_options options;
static gb_shapes region_view, atomic_view;
static gb_lines line_view;
static gb_cells *cells;
static gb_cells_view view;

static void setup(void)
{
    const gb_cells_input none = GB_CELLS_INPUT_INIT;
    const gb_cells_options all = GB_CELLS_OPTIONS_INIT;

    ctx = test_context();
    geo_shapes_init(&region, ctx->mem);
    geo_shapes_init(&atomic, ctx->mem);
    geo_lines_init(&lines, ctx->mem);
    input = none;
    options = all;
    cells = NULL;
}

static void teardown(void)
{
    gb_cells_free(cells);
    geo_shapes_clear(&region);
    geo_shapes_clear(&atomic);
    geo_lines_clear(&lines);
    gb_context_free(ctx);
}

static void add_box(geo_shapes *shapes, double x, double y, double w, double h)
{
    const gb_point corners[] = { { x, y }, { x + w, y }, { x + w, y + h },
                                 { x, y + h } };

    for (int i = 0; i < 4; i++)
        ck_assert(geo_shapes_add_point(shapes, corners[i]));
    ck_assert(geo_shapes_end_ring(shapes) && geo_shapes_end_shape(shapes));
}

static void add_line(gb_line_class line_class, double x, double y, double x2,
                     double y2)
{
    classes[geo_lines_count(&lines)] = (uint8_t)line_class;
    ck_assert(geo_lines_add_point(&lines, (gb_point){ x, y }));
    ck_assert(geo_lines_add_point(&lines, (gb_point){ x2, y2 }));
    ck_assert(geo_lines_end_line(&lines));
}

static void add_point(double x, double y, double weight)
{
    points[input.n_points] = (gb_point){ x, y };
    weights[input.n_points++] = weight;
}

static void fill_input(void)
{
    region_view = geo_shapes_view(&region);
    atomic_view = geo_shapes_view(&atomic);
    line_view = geo_lines_view(&lines);
    input.region = &region_view;
    input.atomic = &atomic_view;
    input.lines = &line_view;
    input.line_classes = classes;
    input.points = points;
    input.weights = weights;
}

static void see(void)
{
    const gb_cells_view empty = GB_CELLS_VIEW_INIT;
    gb_cells_finding found;
    size_t n;

    view = empty;
    assert_ok(ctx, gb_cells_get(ctx, cells, &view));
    assert_ok(ctx, gb_cells_check(ctx, &view, &found, 1, &n));
    ck_assert_msg(n == 0, "%zu findings, the first of kind %d", n, found.kind);
}

static void build(void)
{
    fill_input();
    gb_cells_free(cells);
    assert_ok(ctx, gb_cells_build(ctx, &input, &options, &cells));
    see();
}

static uint32_t cell_at(double x, double y)
{
    for (uint32_t c = 0; c < view.n_cells; c++)
        if (geo_shape_contains(view.shapes, c, (gb_point){ x, y }))
            return c;
    return GB_CELL_NONE;
}

/* The place of b in the row of a. */
static uint32_t row(uint32_t a, uint32_t b)
{
    for (uint32_t k = view.first_neighbour[a];
         k < view.first_neighbour[a + 1]; k++)
        if (view.neighbours[k] == b)
            return k;
    return UINT32_MAX;
}

static size_t count_findings(gb_cells_finding_kind kind,
                             gb_cells_finding *last)
{
    size_t n, found = 0;
    const gb_cells_finding *all = gb_cells_findings(cells, &n);

    for (size_t i = 0; i < n; i++)
        if (all[i].kind == (int32_t)kind) {
            found++;
            if (last)
                *last = all[i];
        }
    return found;
}

START_TEST(main_lines_make_blocks_and_small_ones_do_not)
{
    uint32_t west, east;

    add_box(&region, 0, 0, 1000, 1000);
    add_line(GB_LINE_RIVER, 500, -50, 500, 1050);
    add_line(GB_LINE_SECONDARY, -50, 400, 1050, 400);
    add_line(GB_LINE_LOCAL, -50, 700, 1050, 700);
    add_line(GB_LINE_ARTERIAL, 600, 600, 800, 800); /* leads nowhere */
    build();
    ck_assert_uint_eq(view.n_cells, 4);
    west = cell_at(100, 100);
    east = cell_at(900, 100);
    assert_near(view.areas_m2[west], 200000.0, 1.0);
    assert_near(view.shared_border_m[row(west, east)], 400.0, 0.1);
    ck_assert_uint_eq(view.border_classes[row(west, east)], GB_LINE_RIVER);
    ck_assert_uint_eq(view.barriers[row(west, east)], GB_BARRIER_SOFT);
    ck_assert_uint_eq(view.barriers[row(west, cell_at(100, 900))],
                      GB_BARRIER_NONE);
    ck_assert_uint_eq(row(west, cell_at(900, 900)), UINT32_MAX);
    ck_assert_uint_eq(view.kinds[west], GB_CELL_BLOCK);
}
END_TEST

START_TEST(dual_carriageways_are_closed_up)
{
    add_box(&region, 0, 0, 1000, 1000);
    add_line(GB_LINE_ARTERIAL, -50, 500, 1050, 500);
    add_line(GB_LINE_ARTERIAL, -50, 518, 1050, 518);
    add_line(GB_LINE_ARTERIAL, 300, -50, 300, 1050);
    add_line(GB_LINE_ARTERIAL, 320, -50, 320, 1050);
    build();
    ck_assert_uint_eq(view.n_cells, 4);
    for (size_t c = 0; c < 4; c++)
        ck_assert(view.perimeters_m[c] < 2600.0);
}
END_TEST

START_TEST(a_compound_is_never_cut)
{
    uint32_t compound;

    add_box(&region, 0, 0, 1000, 1000);
    add_line(GB_LINE_ARTERIAL, 500, -50, 500, 1050);
    add_box(&atomic, 400, 400, 200, 200);
    build();
    ck_assert_uint_eq(view.n_cells, 3);
    compound = cell_at(450, 500);
    ck_assert_uint_eq(cell_at(550, 500), compound);
    ck_assert_uint_eq(view.kinds[compound], GB_CELL_COMPOUND);
    ck_assert_uint_eq(view.sources[compound], 0);
    assert_near(view.areas_m2[compound], 40000.0, 1.0);
    ck_assert_uint_eq(view.kinds[cell_at(100, 100)], GB_CELL_REST);
    /* a second one over it: they become one */
    add_box(&atomic, 550, 550, 200, 200);
    build();
    ck_assert_uint_eq(cell_at(700, 700), cell_at(450, 450));
    assert_near(view.areas_m2[cell_at(700, 700)], 77500.0, 1.0);
    /* one as large as a quarter is none */
    options.max_atomic_m2 = 39999.0;
    build();
    ck_assert_uint_eq(view.n_cells, 2);
    ck_assert_uint_eq(count_findings(GB_CELLS_LARGE_ATOMIC, NULL), 2);
}
END_TEST

START_TEST(a_heavy_block_is_parted_along_its_streets_first)
{
    add_box(&region, 0, 0, 1000, 1000);
    add_line(GB_LINE_LOCAL, -50, 300, 1050, 300);
    add_line(GB_LINE_LOCAL, 600, -50, 600, 1050);
    add_point(100, 100, 5);
    add_point(900, 100, 5);
    add_point(100, 900, 5);
    add_point(900, 900, 5);
    options.max_weight = 10;
    build();
    ck_assert_uint_eq(view.n_cells, 2);
    for (size_t c = 0; c < 2; c++) {
        assert_near(view.weights[c], 10.0, 0);
        ck_assert_uint_eq(view.kinds[c], GB_CELL_SPLIT);
    }
    options.max_weight = 100;
    build();
    ck_assert_uint_eq(view.n_cells, 1);
}
END_TEST

START_TEST(without_streets_it_is_parted_between_its_points)
{
    add_box(&region, 0, 0, 1000, 600);
    for (int i = 0; i < 100; i++)
        add_point(37 + 93 * (i % 10), 31 + 57 * (i / 10), 1);
    options.max_weight = 13;
    add_line(GB_LINE_SECONDARY, -500, -500, -400, -500); /* no hexagons */
    build();
    ck_assert_uint_ge(view.n_cells, 8);
    ck_assert_uint_le(view.n_cells, 12);
    for (size_t c = 0; c < view.n_cells; c++) {
        const gb_box box = geo_shape_box(view.shapes, c);

        ck_assert(view.weights[c] <= 13.0);
        /* compact: no piece is longer than three times its width */
        ck_assert((box.max_x_m - box.min_x_m)
                  < 3.0 * (box.max_y_m - box.min_y_m));
    }
    ck_assert_uint_eq(count_findings(GB_CELLS_HEAVY, NULL), 0);
}
END_TEST

/* Cuts that end on other cuts must reach them after rounding, whatever the
 * direction of the block. */
START_TEST(pieces_of_a_turned_block_are_parted_all_the_way)
{
    const double angle = 0.1 + 0.13 * _i, c = cos(angle), s = sin(angle);
    const double corners[] = { 0, 0, 1501, 0, 1501, 1103, 0, 1103 };

    for (int i = 0; i < 4; i++) {
        const double x = corners[2 * i], y = corners[2 * i + 1];

        ck_assert(geo_shapes_add_point(
            &region, (gb_point){ 4e5 + x * c - y * s, 3e6 + x * s + y * c }));
    }
    ck_assert(geo_shapes_end_ring(&region) && geo_shapes_end_shape(&region));
    for (int i = 0; i < 400; i++) {
        const double x = 31.7 + 73.1 * (i % 20) + 3.3 * (i % 7);
        const double y = 23.3 + 54.7 * (i / 20) + 2.9 * (i % 11);

        add_point(4e5 + x * c - y * s, 3e6 + x * s + y * c, 1);
    }
    options.max_weight = 11;
    add_line(GB_LINE_SECONDARY, -500, -500, -400, -500); /* no hexagons */
    build();
    ck_assert_uint_eq(count_findings(GB_CELLS_HEAVY, NULL), 0);
    ck_assert_uint_ge(view.n_cells, 37);
    ck_assert_uint_le(view.n_cells, 60);
}
END_TEST

START_TEST(what_cannot_be_parted_is_named)
{
    gb_cells_finding heavy;

    add_box(&region, 0, 0, 1000, 600);
    for (int i = 0; i < 20; i++)
        add_point(300, 300, 1);
    add_point(800, 300, 1);
    add_point(-20, 300, 1);
    options.max_weight = 5;
    add_line(GB_LINE_SECONDARY, -500, -500, -400, -500); /* no hexagons */
    build();
    ck_assert_uint_eq(view.n_cells, 2);
    ck_assert_uint_eq(count_findings(GB_CELLS_HEAVY, &heavy), 1);
    ck_assert_uint_eq(heavy.a, cell_at(300, 300));
    assert_near(heavy.value, 20.0, 0);
    ck_assert_uint_eq(count_findings(GB_CELLS_OUTSIDE, &heavy), 1);
    ck_assert_uint_eq(heavy.a, 21);
    ck_assert_uint_eq(view.cell_of_point[21], GB_CELL_NONE);
}
END_TEST

/* Three blocks in a row, the light one in the middle: a river on its longer
 * border. */
START_TEST(light_cells_are_joined_without_crossing_a_river)
{
    add_box(&region, 0, 0, 900, 300);
    add_line(GB_LINE_RIVER, 300, -50, 300, 350);
    add_line(GB_LINE_SECONDARY, 600, -50, 600, 350);
    add_point(100, 100, 10);
    add_point(450, 100, 1);
    add_point(800, 100, 10);
    options.min_weight = 5;
    build();
    ck_assert_uint_eq(view.n_cells, 2);
    ck_assert_uint_eq(cell_at(450, 100), cell_at(800, 100));
    /* unless that would be too heavy */
    weights[2] = 20;
    options.max_weight = 20;
    build();
    ck_assert_uint_eq(view.n_cells, 2);
    ck_assert_uint_eq(cell_at(450, 100), cell_at(100, 100));
    /* or too large on both sides */
    options.max_area_m2 = 170000;
    build();
    ck_assert_uint_eq(view.n_cells, 3);
}
END_TEST

START_TEST(without_a_region_all_points_are_inside)
{
    add_line(GB_LINE_ARTERIAL, -5000, 10, 5000, 10);
    add_point(0, 0, 1);
    build();
    ck_assert_uint_eq(view.n_cells, 2);
    assert_near(view.areas_m2[0] + view.areas_m2[1], 1e6, 1.0);
    add_point(700, 100, 1);
    add_point(-200, 900, 1);
    build();
    for (size_t p = 0; p < 3; p++)
        ck_assert_uint_ne(view.cell_of_point[p], GB_CELL_NONE);
    input.n_points = 0; /* then the line ends within the margin */
    build();
    ck_assert_uint_eq(view.n_cells, 1);
    assert_near(view.areas_m2[0], 11e6, 1.0);
}
END_TEST

START_TEST(given_polygons_are_mended_and_each_repair_is_told)
{
    const gb_point tie[] = { { 2000, 0 }, { 3000, 1000 }, { 3000, 0 },
                             { 2000, 1000 } };
    geo_shapes given;
    gb_shapes given_view;
    gb_cells_finding found;

    geo_shapes_init(&given, ctx->mem);
    add_box(&given, 0, 0, 1000, 1000);
    add_box(&given, 990, 0, 810, 1000); /* 10 m over the first */
    add_box(&given, 1820, 0, 180, 1000); /* 20 m off the second */
    for (int i = 0; i < 4; i++)
        ck_assert(geo_shapes_add_point(&given, tie[i]));
    ck_assert(geo_shapes_end_ring(&given) && geo_shapes_end_shape(&given));
    add_box(&given, 100, 100, 50, 50);   /* in the first: smaller, has it */
    add_box(&given, 100, 100, 50, 50);   /* the same again: refused */
    add_box(&region, 0, 0, 3000, 1000);
    fill_input();
    given_view = geo_shapes_view(&given);
    assert_ok(ctx, gb_cells_from_shapes(ctx, &given_view, &input, NULL,
                                        &cells));
    see();
    ck_assert_uint_eq(view.sources[0], 0);
    assert_near(view.areas_m2[0], 990.0 * 1000.0 - 2500.0, 1.0);
    ck_assert_uint_eq(view.kinds[0], GB_CELL_GIVEN);
    ck_assert_uint_eq(cell_at(1805, 500), cell_at(1500, 500));
    ck_assert_uint_eq(view.sources[cell_at(120, 120)], 4);
    ck_assert_uint_eq(count_findings(GB_CELLS_VANISHED, NULL), 0);
    ck_assert_uint_eq(count_findings(GB_CELLS_DUPLICATE, &found), 1);
    ck_assert_uint_eq(found.a, 4);
    ck_assert_uint_eq(found.b, 5);
    /* 0 with 1 and with 4 */
    ck_assert_uint_eq(count_findings(GB_CELLS_OVERLAP, &found), 2);
    ck_assert_uint_eq(count_findings(GB_CELLS_INVALID, &found), 1);
    ck_assert_uint_eq(found.a, 3);
    /* the strip, and what the bow tie leaves above and below */
    ck_assert_uint_eq(count_findings(GB_CELLS_GAP, NULL), 3);
    ck_assert_uint_eq(view.kinds[cell_at(2500, 900)], GB_CELL_REST);
    ck_assert_uint_eq(count_findings(GB_CELLS_PARTS, &found), 1);
    ck_assert_uint_eq(found.a, 3);
    geo_shapes_clear(&given);
}
END_TEST

START_TEST(hexagons_are_the_blocks_where_there_is_nothing_else)
{
    size_t round_ones = 0;

    add_box(&region, 0, 0, 4000, 4000);
    for (int i = 0; i < 400; i++) {
        points[i] = (gb_point){ 100 + 200 * (i % 20), 100 + 200 * (i / 20) };
        weights[i] = 1;
    }
    fill_input();
    input.points = points;
    input.weights = weights;
    input.n_points = 400;
    options.max_weight = 20;
    options.min_weight = 5;
    assert_ok(ctx, gb_cells_build(ctx, &input, &options, &cells));
    see();
    ck_assert_uint_ge(view.n_cells, 25);
    ck_assert_uint_eq(count_findings(GB_CELLS_HEAVY, NULL), 0);
    for (size_t c = 0; c < view.n_cells; c++) {
        ck_assert_uint_eq(view.kinds[c], GB_CELL_BLOCK);
        round_ones += 12.566 * view.areas_m2[c]
                          / (view.perimeters_m[c] * view.perimeters_m[c])
                      > 0.85;
    }
    ck_assert_uint_ge(round_ones, view.n_cells / 3);
    gb_cells_free(cells);
    cells = NULL;
    add_line(GB_LINE_SECONDARY, 2000, -10, 2000, 4010);
    fill_input();
    input.points = points;
    input.weights = weights;
    input.n_points = 400;
    assert_ok(ctx, gb_cells_build(ctx, &input, &options, &cells));
    see();
    for (size_t c = 0; c < view.n_cells; c++)
        ck_assert_uint_eq(view.kinds[c], GB_CELL_SPLIT);
}
END_TEST

START_TEST(a_hair_of_a_polygon_beyond_another_goes_to_its_neighbour)
{
    const gb_point second[] = { { 900, -0.4 }, { 950, -0.4 }, { 951, 0.4 },
                                { 2000, 0 }, { 2000, 1100 }, { 900, 1100 } };
    geo_shapes given;
    gb_shapes given_view;
    gb_cells_finding found;

    geo_shapes_init(&given, ctx->mem);
    add_box(&given, 0, 0, 1000, 1100);
    for (int i = 0; i < 6; i++)
        ck_assert(geo_shapes_add_point(&given, second[i]));
    ck_assert(geo_shapes_end_ring(&given) && geo_shapes_end_shape(&given));
    given_view = geo_shapes_view(&given);
    assert_ok(ctx, gb_cells_from_shapes(ctx, &given_view, NULL, NULL,
                                        &cells));
    see();
    ck_assert_uint_eq(view.n_cells, 2);
    ck_assert_uint_eq(count_findings(GB_CELLS_PARTS, NULL), 0);
    ck_assert_uint_eq(count_findings(GB_CELLS_GAP, &found), 1);
    ck_assert_uint_eq(found.a, 1);
    ck_assert_uint_eq(found.owner, 0);
    assert_near(found.value, 20.1, 0.3);
    geo_shapes_clear(&given);
}
END_TEST

/* What the check must see, each by breaking sound cells in one way. */
START_TEST(the_check_finds_what_is_broken)
{
    static const gb_cells_finding_kind kinds[] = {
        GB_CELLS_BAD_AREA,   GB_CELLS_BAD_BORDER,    GB_CELLS_BAD_CROSSING,
        GB_CELLS_BAD_CENTRE, GB_CELLS_BAD_ADJACENCY, GB_CELLS_BAD_ADJACENCY,
        GB_CELLS_BAD_RING
    };
    gb_cells_finding found[64];
    gb_point copy[64], centres[8];
    double borders[32];
    uint32_t neighbours[32];
    gb_shapes broken;
    size_t n;
    bool is_found = false;

    add_box(&region, 0, 0, 1000, 1000);
    add_line(GB_LINE_RIVER, 500, -50, 500, 1050);
    add_line(GB_LINE_SECONDARY, -50, 400, 1050, 400);
    build();
    broken = *view.shapes;
    ck_assert_uint_le(broken.n_points, 64);
    ck_assert_uint_le(view.first_neighbour[4], 32);
    memcpy(copy, broken.points, broken.n_points * sizeof *copy);
    memcpy(centres, view.centres, 4 * sizeof *centres);
    memcpy(borders, view.shared_border_m,
           view.first_neighbour[4] * sizeof *borders);
    memcpy(neighbours, view.neighbours,
           view.first_neighbour[4] * sizeof *neighbours);
    broken.points = copy;
    view.shapes = &broken;
    view.centres = centres;
    view.shared_border_m = borders;
    view.neighbours = neighbours;
    switch (_i) {
    case 0:
    case 1:
        copy[0].x_m += 5.0;
        view.areas_m2 = NULL;
        break;
    case 2:
        for (size_t i = 0; i < broken.n_points; i++)
            if (copy[i].x_m < 600.0 && copy[i].x_m > 400.0 && i < 6)
                copy[i].x_m += 7.0;
        break;
    case 3:
        centres[2] = (gb_point){ 9e5, 9e5 };
        break;
    case 4:
        borders[1] += 1.0;
        break;
    case 5:
        neighbours[0] = 3;
        break;
    default:
        copy[2] = copy[1] = copy[0];
        copy[3] = copy[0];
    }
    assert_ok(ctx, gb_cells_check(ctx, &view, found, 64, &n));
    for (size_t i = 0; i < n && i < 64; i++)
        is_found = is_found || found[i].kind == (int32_t)kinds[_i];
    ck_assert(is_found);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("grid_cells");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, main_lines_make_blocks_and_small_ones_do_not);
    tcase_add_test(tcase, dual_carriageways_are_closed_up);
    tcase_add_test(tcase, a_compound_is_never_cut);
    tcase_add_test(tcase, a_heavy_block_is_parted_along_its_streets_first);
    tcase_add_test(tcase, without_streets_it_is_parted_between_its_points);
    tcase_add_loop_test(tcase, pieces_of_a_turned_block_are_parted_all_the_way,
                        0, 12);
    tcase_add_test(tcase, what_cannot_be_parted_is_named);
    tcase_add_test(tcase, light_cells_are_joined_without_crossing_a_river);
    tcase_add_test(tcase, without_a_region_all_points_are_inside);
    tcase_add_test(tcase,
                   hexagons_are_the_blocks_where_there_is_nothing_else);
    tcase_add_test(tcase, given_polygons_are_mended_and_each_repair_is_told);
    tcase_add_test(tcase,
                   a_hair_of_a_polygon_beyond_another_goes_to_its_neighbour);
    tcase_add_loop_test(tcase, the_check_finds_what_is_broken, 0, 7);
    suite_add_tcase(suite, tcase);
    return suite;
}
