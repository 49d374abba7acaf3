#include <gridbeat/cells.h>

#include "geo_point.h"

#include "faulty_loop.h"
#include "test.h"

static const gb_point SQUARE[] = { { 0, 0 }, { 1000, 0 }, { 1000, 1000 },
                                   { 0, 1000 } };
static const gb_point COMPOUND[] = { { 400, 100 }, { 600, 100 }, { 600, 300 },
                                     { 400, 300 } };
static const uint32_t ONE[] = { 0, 1 }, FOUR[] = { 0, 4 };
static const gb_shapes REGION = { 1, 1, 4, ONE, FOUR, SQUARE };
static const gb_shapes ATOMIC = { 1, 1, 4, ONE, FOUR, COMPOUND };
static const gb_point LINE_POINTS[] = { { 500, -9 }, { 500, 1009 },
                                        { 515, -9 }, { 515, 1009 },
                                        { -9, 600 }, { 1009, 600 } };
static const uint32_t FIRST[] = { 0, 2, 4, 6 };
static const gb_lines LINES = { 3, 6, FIRST, LINE_POINTS };
static const uint8_t CLASSES[] = { GB_LINE_ARTERIAL, GB_LINE_ARTERIAL,
                                   GB_LINE_LOCAL };
static const gb_point POINTS[] = { { 100, 100 }, { 200, 700 }, { 300, 800 },
                                   { 100, 900 }, { 800, 800 }, { 850, 300 } };

static gb_cells_input make_input(void)
{
    gb_cells_input input = GB_CELLS_INPUT_INIT;

    input.region = &REGION;
    input.atomic = &ATOMIC;
    input.lines = &LINES;
    input.line_classes = CLASSES;
    input.points = POINTS;
    input.n_points = 6;
    return input;
}

static int which; /* of the calls */

static gb_status call(gb_context *ctx)
{
    const gb_cells_input input = make_input();
    gb_cells_options options = GB_CELLS_OPTIONS_INIT;
    gb_cells_view view = GB_CELLS_VIEW_INIT;
    gb_cells *cells = NULL;
    gb_status status;
    size_t n;

    options.max_weight = 2.0;
    options.min_weight = 1.5;
    status = which == 0
                 ? gb_cells_build(ctx, &input, &options, &cells)
                 : gb_cells_from_shapes(ctx, &ATOMIC, &input, NULL, &cells);
    ck_assert((cells == NULL) == (status != GB_OK));
    if (!status)
        status = gb_cells_get(ctx, cells, &view);
    if (!status)
        status = gb_cells_check(ctx, &view, NULL, 0, &n);
    if (!status)
        ck_assert_uint_eq(n, 0);
    gb_cells_free(cells);
    return status;
}

START_TEST(lack_of_memory_is_survived)
{
    which = _i / 2;
    faulty_loop(call, (faulty_way)(_i % 2), 10);
}
END_TEST

START_TEST(a_cancelled_build_hands_over_nothing)
{
    gb_context *ctx = test_context();

    gb_context_cancel(ctx);
    which = _i;
    assert_status(ctx, GB_ERR_CANCELLED, call(ctx));
    gb_context_resume(ctx);
    assert_ok(ctx, call(ctx));
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cells");
    TCase *tcase = tcase_create("all");

    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, lack_of_memory_is_survived, 0, 4);
    tcase_add_loop_test(tcase, a_cancelled_build_hands_over_nothing, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
