#include "geo_shape.h"
#include "report_export.h"
#include "report_geometry.h"
#include "report_reason.h"
#include "report_sketch.h"
#include "test.h"

static base_mem *mem;
static base_text text;

static void setup(void)
{
    mem = base_mem_new(NULL);
    base_text_init(&text, mem);
}

static void teardown(void)
{
    base_text_clear(&text);
    base_mem_unref(mem);
}

START_TEST(a_reason_is_a_sentence_with_its_figures)
{
    const store_plan_target window
        = { .state = STORE_IMPOSSIBLE, .reason = "window",
            .reason_json = "{\"mend_s\":240}" };
    const store_plan_target crowded
        = { .state = STORE_CROWDED_OUT, .reason = "no_time",
            .reason_json = "{\"extra_s\":900,\"prize\":17,\"displaces\":\"c9\","
                           "\"displaced_prize\":31}" };
    const store_plan_target channel
        = { .state = STORE_OTHER_CHANNEL, .reason = "sms_main" };

    report_reason(&text, BASE_LANG_EN, &window);
    ck_assert_str_eq(text.chars, "the time window closes 240 s too early");
    base_text_reset(&text);
    report_reason(&text, BASE_LANG_EN, &crowded);
    ck_assert_ptr_nonnull(strstr(text.chars, "900 s more"));
    ck_assert_ptr_nonnull(strstr(text.chars, "c9, which is worth 31"));
    ck_assert_ptr_nonnull(strstr(text.chars, "against 17"));
    base_text_reset(&text);
    report_reason(&text, BASE_LANG_EN, &channel);
    ck_assert_ptr_nonnull(strstr(text.chars, "sms_main"));
}
END_TEST

START_TEST(a_reason_without_its_figures_still_reads)
{
    const store_plan_target broken
        = { .state = STORE_IMPOSSIBLE, .reason = "shift",
            .reason_json = "{\"mend_s\":" };

    report_reason(&text, BASE_LANG_EN, &broken);
    ck_assert_str_eq(text.chars, "the shift ends - s too early");
}
END_TEST

START_TEST(points_are_differences_that_add_up_again)
{
    const report_pen pen = { 9500000, 47100000 };
    const gb_lonlat line[]
        = { { 9.5, 47.1 }, { 9.500001, 47.1 }, { 9.500001, 47.1 },
            { 9.4, 47.099999 } };

    report_add_points(&text, &pen, line, 4);
    ck_assert_str_eq(text.chars, "[0,0,1,0,-100001,-1]");
}
END_TEST

START_TEST(rings_are_grouped_by_polygon)
{
    const report_pen pen = { 0, 0 };
    const uint32_t first_ring[] = { 0, 3 };
    const uint32_t first_point[] = { 0, 4, 8, 12 };
    /* a square, a hole that runs the other way, a second square */
    const gb_point points[]
        = { { 0, 0 },   { 9, 0 },  { 9, 9 },   { 0, 9 },
            { 2, 2 },   { 2, 4 },  { 4, 4 },   { 4, 2 },
            { 20, 20 }, { 29, 20 }, { 29, 29 }, { 20, 29 } };
    const gb_shapes shapes = { 1, 3, 12, first_ring, first_point, points };
    gb_lonlat degrees[12];

    for (size_t i = 0; i < 12; i++)
        degrees[i] = (gb_lonlat){ points[i].x_m * 1e-6, points[i].y_m * 1e-6 };
    report_add_shape(&text, &pen, &shapes, degrees, 0);
    ck_assert_str_eq(text.chars,
                     "[[[0,0,9,0,0,9,-9,0],[2,2,0,2,2,0,0,-2]],"
                     "[[20,20,9,0,0,9,-9,0]]]");
}
END_TEST

START_TEST(an_export_has_a_header_and_a_row_a_stop)
{
    store_stop stops[]
        = { { .ref = "c1", .place_ref = "p,1", .stop_no = 1,
              .at = { 9.5, 47.1 }, .travel_s = 60, .travel_m = 100,
              .arrive_s = 32400, .start_s = 32400, .end_s = 33300,
              .prize = 40, .is_must = true } };
    store_route routes[] = { { .manager_ref = "m1", .branch_ref = "b1",
                               .day = 0, .mode = STORE_MODE_FOOT,
                               .n_stops = 1 } };
    const store_plan plan = { .routes = routes, .stops = stops,
                              .n_routes = 1, .n_stops = 1 };

    report_export_csv(&text, &plan);
    ck_assert_str_eq(
        text.chars,
        "branch,manager,date,mode,stop,place,customer,lon,lat,"
        "travel_s,travel_m,arrive_s,start_s,end_s,prize,must\n"
        "b1,m1,1970-01-01,foot,1,\"p,1\",c1,9.5000000,47.1000000,"
        "60,100,32400,32400,33300,40,1\n");
    base_text_reset(&text);
    report_export_geojson(&text, &plan);
    ck_assert_ptr_nonnull(strstr(text.chars, "\"geometry\":null"));
    ck_assert_ptr_nonnull(strstr(text.chars, "[9.5000000,47.1000000]"));
}
END_TEST

START_TEST(a_reference_is_no_formula_of_a_spreadsheet)
{
    store_stop stops[] = { { .ref = "=HYPERLINK(\"http://x\")", .stop_no = 1,
                             .place_ref = "+1" } };
    store_route routes[] = { { .manager_ref = "@m", .branch_ref = "-b",
                               .n_stops = 1 } };
    const store_plan plan = { .routes = routes, .stops = stops,
                              .n_routes = 1, .n_stops = 1 };

    report_export_csv(&text, &plan);
    ck_assert_ptr_nonnull(strstr(text.chars, "\n'-b,'@m,"));
    ck_assert_ptr_nonnull(
        strstr(text.chars, ",'+1,\"'=HYPERLINK(\"\"http://x\"\")\","));
}
END_TEST

START_TEST(a_sketch_keeps_all_in_its_frame_and_is_not_distorted)
{
    const gb_lonlat sw = { 9.5, 47.0 }, ne = { 9.6, 47.02 };
    const report_sketch s = report_sketch_fit(1000, 400, 20, sw, ne);
    const gb_lonlat east = { 9.51, 47.0 }, north = { 9.5, 47.01 };
    const double x = report_sketch_x(&s, sw), y = report_sketch_y(&s, sw);

    assert_near(x, 20, 1e-6); /* the width is what limits */
    assert_near(report_sketch_x(&s, ne), 980, 1e-6);
    ck_assert(report_sketch_y(&s, ne) > 20 && y < 380);
    assert_near((y - report_sketch_y(&s, ne)) / 2, y - 200, 1e-6);
    /* a hundredth of a degree to the east is cos(47.01) of one to the north */
    assert_near((report_sketch_x(&s, east) - x)
                    / (y - report_sketch_y(&s, north)),
                0.681871, 1e-5);
    report_sketch_add_points(&text, &s, &sw, 1);
    report_sketch_add_at(&text, &s, "cx", "cy", ne);
    ck_assert_ptr_nonnull(strstr(text.chars, " cx=\"980.0\" cy=\""));
}
END_TEST

START_TEST(a_point_and_nothing_else_is_a_sketch)
{
    const gb_lonlat at = { 9.5, 47.0 };
    const report_sketch s = report_sketch_fit(1000, 400, 20, at, at);

    assert_near(report_sketch_x(&s, at), 500, 1e-6);
    assert_near(report_sketch_y(&s, at), 200, 1e-6);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("report_text");
    TCase *tcase = tcase_create("all");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_reason_is_a_sentence_with_its_figures);
    tcase_add_test(tcase, a_reason_without_its_figures_still_reads);
    tcase_add_test(tcase, points_are_differences_that_add_up_again);
    tcase_add_test(tcase, rings_are_grouped_by_polygon);
    tcase_add_test(tcase, an_export_has_a_header_and_a_row_a_stop);
    tcase_add_test(tcase, a_reference_is_no_formula_of_a_spreadsheet);
    tcase_add_test(tcase, a_sketch_keeps_all_in_its_frame_and_is_not_distorted);
    tcase_add_test(tcase, a_point_and_nothing_else_is_a_sketch);
    suite_add_tcase(suite, tcase);
    return suite;
}
